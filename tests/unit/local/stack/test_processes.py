"""Servers as process groups."""

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from local.stack import processes
from local.stack.errors import ServerError
from local.stack.processes import Program, ServerProcess

# waits for a line that never comes, as a server waits for requests
WAITS = "import os; r, w = os.pipe(); print('up', flush=True); os.read(r, 1)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {WAITS}"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {WAITS!r}]).wait()"


class Starter:
    """Starts Python programs as servers."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.started: list[ServerProcess] = []

    def __call__(self, program: str, grace: float = 10.0) -> ServerProcess:
        """Start one and return when it has printed a line, or has ended."""
        server = processes.start(
            "the server",
            Program([sys.executable, "-c", program], os.environ, self._directory),
            log=self._directory / f"{len(self.started)}.log",
            grace=grace,
        )
        self.started.append(server)
        return server


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Start servers, and end them whatever the test does."""
    starter = Starter(tmp_path)
    yield starter
    for server in starter.started:
        server.stop()


def is_up(server: ServerProcess) -> bool:
    """Tell whether the program has printed its line."""
    return "up" in server.log.read_text(encoding="utf-8")


def test_a_stopped_server_is_gone(start: Starter) -> None:
    """Nothing that was started may outlive its stack."""
    server = start(WAITS)
    processes.wait_until_ready(server, lambda: is_up(server), 10)
    assert server.is_alive()
    server.stop()
    assert not psutil.pid_exists(server.pid)


def test_the_children_of_a_server_end_with_it(start: Starter) -> None:
    """The local AWS runs each function in a process of its own."""
    server = start(PARENT)
    processes.wait_until_ready(server, lambda: is_up(server), 10)
    children = psutil.Process(server.pid).children()
    server.stop()
    assert children
    assert not any(child.is_running() and child.status() != psutil.STATUS_ZOMBIE for child in children)


def test_a_server_that_will_not_listen_is_killed(start: Starter) -> None:
    """A hung server must not hang `make down`."""
    server = start(STUBBORN, grace=0.1)
    processes.wait_until_ready(server, lambda: is_up(server), 10)
    server.stop()
    assert not server.is_alive()


def test_stopping_twice_does_nothing(start: Starter) -> None:
    """Two ends may meet: Ctrl-C and the end of a block."""
    server = start(WAITS)
    server.stop()
    server.stop()
    assert not server.is_alive()


def test_a_stranger_with_the_same_process_id_is_left_alone(start: Starter) -> None:
    """Process ids are used again: a state file from before a reboot may name anybody's."""
    stranger = start(WAITS)
    ours = replace(stranger, created=stranger.created - 3600)
    assert not ours.is_alive()
    ours.stop()
    assert stranger.is_alive()


def test_a_server_that_ends_while_starting_is_reported_with_its_log(start: Starter) -> None:
    """The reason is in the log, which nobody has opened yet."""
    server = start("raise SystemExit('no such port')")
    with pytest.raises(ServerError, match=r"ended while starting(.|\n)*no such port"):
        processes.wait_until_ready(server, lambda: False, 10)


def test_a_server_that_is_never_ready_is_reported(start: Starter) -> None:
    """A start that hangs must end with a sentence."""
    server = start(WAITS)
    with pytest.raises(ServerError, match="was not ready within 0 s"):
        processes.wait_until_ready(server, lambda: False, 0)


def test_a_server_does_not_hear_the_terminal(start: Starter) -> None:
    """Ctrl-C goes to the terminal's process group; who started the server decides its end, in order."""
    server = start(WAITS)
    assert os.getpgid(server.pid) == server.pid != os.getpgrp()
