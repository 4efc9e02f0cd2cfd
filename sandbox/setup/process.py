"""Running other programs: their output to a log, their progress to the step, no child left behind."""

import os
import shutil
import signal
import subprocess
import time
from collections import deque

from . import paths
from .console import SandboxError, is_full_disk

TAIL_LINES = 15
STOP_SECONDS = 20


def output_of(*arguments, **options):
    """Return what a program prints, or None where it is missing or fails."""
    try:
        done = subprocess.run(
            [str(part) for part in arguments], capture_output=True, text=True, stdin=subprocess.DEVNULL, **options,
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def start(arguments, **options):
    """Start a program in a session of its own: Ctrl-C at the terminal reaches us alone, and we stop it in order."""
    # Should this process be killed outright, the kernel passes the signal on.
    guard = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    return subprocess.Popen(
        [*guard, *map(str, arguments)], stdin=subprocess.DEVNULL, start_new_session=True, **options,
    )


def stop(process, seconds=STOP_SECONDS):
    """Stop a program and everything that it started."""
    for signum, patience in ((signal.SIGTERM, seconds), (signal.SIGKILL, seconds)):
        try:
            os.killpg(process.pid, signum)
        except ProcessLookupError:
            break
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        # The leader is gone; members of its group that ignored the signal get the next one.
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline and _is_alive(process.pid):
            time.sleep(0.05)
    process.wait()


def _is_alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def log_path(name):
    return paths.ensure(paths.LOGS) / f"{name}.log"


def run(arguments, log, on_line=None, check=True, failure="", advice="", **options):
    """Run a program with its output in the log file `log`.

    :param on_line: called with each line of output, to show progress
    :param bool check: raise a SandboxError with the last lines when the program fails
    :param str failure: what could not be done, for that error
    :return: the exit status
    """
    target = log_path(log)
    tail = deque(maxlen=TAIL_LINES)
    try:
        process = start(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    except OSError as error:
        raise SandboxError(f"{failure or 'cannot start a program'}: {error}", advice) from error
    try:
        with open(target, "wb") as handle, process.stdout:
            for raw in process.stdout:
                handle.write(raw)
                handle.flush()
                line = raw.decode(errors="replace").rstrip()
                tail.append(line)
                if on_line:
                    on_line(line)
        status = process.wait()
    finally:
        stop(process)
    if check and status:
        raise failed(failure or f"{arguments[0]} failed", tail, target, advice)
    return status


def failed(what, lines, target, advice=""):
    """Return the error for a program that failed, with the end of what it said."""
    text = "\n".join(f"       {line}" for line in lines)
    if is_full_disk(text):
        advice = "The disk is full: free some gigabytes and start again."
    return SandboxError(f"{what}:\n{text}\n       The whole log: {target}", advice)
