"""What ./sandbox/run refuses."""

import socket
import sys

import pytest

from sandbox.setup import environment, process, run, server
from sandbox.setup.console import SandboxError


def test_port_in_use_is_named_with_a_way_out():
    with socket.socket() as taken:
        taken.bind((server.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(SandboxError, match=f"port {port} cannot be used") as caught:
            server.check_port(port)
    assert f"--port {port + 1}" in caught.value.advice
    server.check_port(port)


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "70000"], ["--lang", "xx_XX"], ["--unknown"]])
def test_wrong_options_are_refused(arguments):
    with pytest.raises(SystemExit):
        run.parse(arguments)


def test_full_disk_is_refused_before_anything_is_done(cache, monkeypatch):
    monkeypatch.setattr(environment, "free_space", lambda _folder: 1_000_000)
    with pytest.raises(SandboxError, match=r"1\.0 MB are free .* this needs"):
        environment.check_space()


def test_odoo_that_ends_while_starting_shows_its_last_words(cache, monkeypatch, sandbox_env):
    monkeypatch.setattr(
        environment.Environment, "odoo_command", lambda *_arguments: [sys.executable, "-c", "print('a wrong option')"],
    )
    said = pytest.raises(SandboxError, match=r"Odoo ended while starting:\n +a wrong option")
    with said, server.OdooServer(sandbox_env, "a_database", 1):
        pass


def test_server_is_stopped_when_it_cannot_be_reached(cache, monkeypatch, sandbox_env):
    started = []
    start = process.start
    monkeypatch.setattr(server, "START_SECONDS", 1)
    monkeypatch.setattr(environment.Environment, "odoo_command", lambda *_arguments: ["sleep", "60"])
    monkeypatch.setattr(process, "start", lambda *args, **kwargs: started.append(start(*args, **kwargs)) or started[-1])
    said = pytest.raises(SandboxError, match="did not answer within 1 seconds")
    with said, server.OdooServer(sandbox_env, "a_database", 9):
        pass
    assert started[0].poll() is not None
