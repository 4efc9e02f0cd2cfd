"""What a person sees: steps with progress and elapsed time, and errors that say what to do next."""

import errno
import os
import shutil
import signal
import sys
import threading
import time
import traceback
from contextlib import contextmanager

REDRAW_SECONDS = 0.2
# Without a terminal a line is printed only this often, so that a CI log shows life but stays readable.
REPORT_SECONDS = 20
SIGNALLED = 128

FULL_DISK_TEXTS = ("No space left on device", "enough free space", "Disk quota exceeded")


class SandboxError(Exception):
    """A failure that the person at the keyboard can do something about."""

    def __init__(self, message, advice=""):
        super().__init__(message)
        self.advice = advice


class Interrupted(BaseException):
    """The command was asked to stop; `finally` clauses clear up on the way out."""

    def __init__(self, signum):
        super().__init__(signum)
        self.signum = signum


def say(text="", stream=None):
    print(text, file=stream or sys.stdout, flush=True)


def format_seconds(seconds):
    """Return a duration as people say it.

    >>> format_seconds(3.21), format_seconds(75)
    ('3.2 s', '1 min 15 s')
    """
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60} min {int(seconds) % 60} s"


def format_bytes(size):
    """
    >>> format_bytes(1_500_000)
    '1.5 MB'
    """
    return f"{size / 1e6:.1f} MB"


class Step:
    """One thing being done: a line that shows progress while it runs, and the time it took once it is over."""

    def __init__(self, title):
        self.title = title
        self.started = time.monotonic()
        self.detail = ""
        self._drawn = 0.0
        self._tty = sys.stdout.isatty()
        self._lock = threading.Lock()

    @property
    def elapsed(self):
        return time.monotonic() - self.started

    def show(self, detail):
        """Show how far the step is, as often as the output can bear."""
        with self._lock:
            self.detail = detail
            now = time.monotonic()
            if now - self._drawn < (REDRAW_SECONDS if self._tty else REPORT_SECONDS):
                return
            self._drawn = now
            elapsed = format_seconds(self.elapsed)
            line = f"  … {self.title}: {detail} ({elapsed})" if detail else f"  … {self.title} ({elapsed})"
            if self._tty:
                width = shutil.get_terminal_size().columns
                print("\r\033[K" + line[: width - 1], end="", flush=True)
            else:
                say(line)

    def end(self, mark, remark=""):
        clear = "\r\033[K" if self._tty else ""
        elapsed = format_seconds(self.elapsed)
        say(f"{clear}  {mark} {self.title}{f': {remark}' if remark else ''} ({elapsed})")


@contextmanager
def step(title):
    """Run the body as a step; what it sets as `mark` and `remark` is said at the end."""
    current = Step(title)
    current.mark, current.remark = "✓", ""
    # The first line without a terminal comes at once: a step that hangs must have been named.
    current.show("")
    try:
        yield current
    except BaseException:
        current.end("✗")
        raise
    current.end(current.mark, current.remark)


def is_full_disk(text):
    """Tell whether the output of a tool says that the disk is full."""
    return any(mark.lower() in text.lower() for mark in FULL_DISK_TEXTS)


def _stop(signum, _frame):
    # A second Ctrl-C must not cut the clearing up short.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise Interrupted(signum)


def command(main):
    """Run the `main` of a command and turn every way it can end into a message and an exit status."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        status = main(sys.argv[1:])
    except SandboxError as error:
        say(f"\nerror: {error}", sys.stderr)
        if error.advice:
            say(f"       {error.advice}", sys.stderr)
        status = 1
    except Interrupted as interruption:
        say("\nStopped. The next start carries on from here.", sys.stderr)
        status = SIGNALLED + interruption.signum
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        say(f"\nerror: the disk is full ({error.filename or os.getcwd()}).", sys.stderr)
        say("       Free some gigabytes and start again; nothing half-made is kept.", sys.stderr)
        status = 1
    except BrokenPipeError:
        status = 1
    except Exception:  # noqa: BLE001 - nothing is above; what nobody foresaw is shown in full
        traceback.print_exc()
        status = 1
    sys.exit(status)
