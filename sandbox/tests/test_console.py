"""How commands end, and what they say."""

import errno
import signal

import pytest

from sandbox.setup import console


@pytest.fixture
def end(monkeypatch, capsys):
    """Return a function that ends a command with an exception and gives its status and its error output."""
    monkeypatch.setattr(console.signal, "signal", lambda *_arguments: None)
    monkeypatch.setattr(console.sys, "argv", ["command"])

    def run(error=None):
        def main(_arguments):
            if error:
                raise error
            return 0

        with pytest.raises(SystemExit) as ended:
            console.command(main)
        return ended.value.code, capsys.readouterr().err

    return run


def test_success_says_nothing(end):
    assert end() == (0, "")


def test_error_comes_with_advice_and_without_traceback(end):
    status, text = end(console.SandboxError("the port is in use.", "Choose another."))
    assert status == 1
    assert text == "\nerror: the port is in use.\n       Choose another.\n"


def test_full_disk_is_named(end):
    status, text = end(OSError(errno.ENOSPC, "No space left on device", "a file"))
    assert status == 1
    assert "the disk is full (a file)" in text
    assert "Traceback" not in text


def test_unknown_failure_shows_where(end):
    status, text = end(ValueError("unforeseen"))
    assert status == 1
    assert "Traceback" in text


def test_interruption_ends_as_the_signal_would(end):
    status, text = end(console.Interrupted(signal.SIGTERM))
    assert status == 128 + signal.SIGTERM
    assert "Stopped" in text


def test_step_tells_progress_and_failure(capsys):
    with pytest.raises(ValueError, match="broken"), console.step("Fetching") as current:
        current.show("1 of 2")
        raise ValueError("broken")
    assert "✗ Fetching" in capsys.readouterr().out


@pytest.mark.parametrize(("text", "full"), [
    ("tar: a: Cannot write: No space left on device", True),
    ("E: You don't have enough free space in /var/cache/apt/archives/.", True),
    ("E: Unable to locate package", False),
])
def test_full_disk_is_recognised_in_the_output_of_tools(text, full):
    assert console.is_full_disk(text) is full
