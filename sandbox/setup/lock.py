"""Locks between instances. The kernel drops them with the process, so none is ever left behind."""

import fcntl
import os
import time
from contextlib import contextmanager

from . import paths
from .console import SandboxError, step


def _holder(handle):
    handle.seek(0)
    return handle.read().strip() or "another process"


@contextmanager
def exclusive(name, what, wait=False):
    """Hold the lock `name`; where another process has it, wait, or say who it is.

    :param str name: file name of the lock
    :param str what: what this process is about to do, shown to the one that comes second
    :param bool wait: wait for the other one instead of giving up
    """
    with open(paths.ensure(paths.STATE) / f"{name}.lock", "a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not wait:
                raise SandboxError(
                    f"already running here: {_holder(handle)}.",
                    "Stop that one first, or use another copy of the repository.",
                ) from None
            with step(f"Waiting for {_holder(handle)}") as current:
                while True:
                    try:
                        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        break
                    except BlockingIOError:
                        current.show("it is setting up")
                        time.sleep(0.5)
        handle.truncate(0)
        handle.write(f"{what} (process {os.getpid()})")
        handle.flush()
        try:
            yield
        finally:
            handle.truncate(0)


class Shared:
    """Counts the users of a shared thing: the last one to let go is told so."""

    def __init__(self, name):
        self._path = paths.ensure(paths.STATE) / f"{name}.users"
        self._handle = None

    def join(self):
        self._handle = self._path.open("a+", encoding="utf-8")
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def leave(self):
        """Return whether nobody else uses it; until `close`, nobody can join."""
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self):
        self._handle.close()
