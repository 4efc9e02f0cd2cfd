"""Programs that are run, fail, or have to be stopped."""

import sys
import time
from pathlib import Path

import pytest

from sandbox.setup import process
from sandbox.setup.console import SandboxError

# A program whose child ignores the polite signal.
_STUBBORN = """\
import signal, subprocess, sys, time
code = '''import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(os.getpid(), flush=True)
time.sleep(60)'''
subprocess.Popen([sys.executable, "-c", code])
time.sleep(60)
"""


def _is_running(pid):
    """Tell whether a process runs; one that nobody has collected yet does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


def test_failure_shows_the_end_of_the_output(cache):
    with pytest.raises(SandboxError, match=r"it broke:\n +the last words\n +The whole log: .*probe\.log"):
        process.run(["sh", "-c", "echo the last words; exit 3"], log="probe", failure="it broke")


def test_full_disk_is_advised_on(cache):
    with pytest.raises(SandboxError) as caught:
        process.run(["sh", "-c", "echo 'No space left on device'; exit 1"], log="probe", advice="Other advice.")
    assert "disk is full" in caught.value.advice


def test_missing_program_is_named(cache):
    with pytest.raises(SandboxError, match="a-program-that-nobody-has"):
        process.run(["a-program-that-nobody-has"], log="probe")


def test_stopping_leaves_no_grandchild_behind():
    started = process.start([sys.executable, "-c", _STUBBORN], stdout=-1)
    grandchild = int(started.stdout.readline())
    began = time.monotonic()
    process.stop(started, seconds=5)
    started.stdout.close()
    assert not _is_running(grandchild)
    assert time.monotonic() - began < 10


def test_interruption_stops_the_program(cache):
    class Stop(BaseException):
        pass

    def interrupt(_line):
        raise Stop

    with pytest.raises(Stop):
        process.run(["sh", "-c", "echo begun; sleep 60"], log="probe", on_line=interrupt)
