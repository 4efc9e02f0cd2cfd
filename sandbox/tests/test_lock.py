"""Two instances in one checkout."""

import subprocess
import sys

import pytest

from sandbox.setup import lock, paths
from sandbox.setup.console import SandboxError

_TAKE = """
import sys
from pathlib import Path
from sandbox.setup import lock, paths
paths.STATE = Path(sys.argv[1])
with lock.exclusive("run", "./sandbox/run"):
    print("taken", flush=True)
    sys.stdin.read()
"""


def test_second_instance_is_told_who_is_first(cache):
    first = subprocess.Popen(
        [sys.executable, "-c", _TAKE, paths.STATE],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=paths.ROOT,
    )
    try:
        assert first.stdout.readline() == "taken\n"
        told = rf"already running here: ./sandbox/run \(process {first.pid}\)"
        with pytest.raises(SandboxError, match=told), lock.exclusive("run", "./sandbox/run"):
            pass
    finally:
        first.kill()
        first.communicate()
    # A killed holder leaves nothing behind.
    with lock.exclusive("run", "./sandbox/run"):
        pass


def test_last_user_is_told(cache):
    first, second = lock.Shared("server"), lock.Shared("server")
    first.join()
    second.join()
    assert not first.leave()
    first.close()
    assert second.leave()
    second.close()
