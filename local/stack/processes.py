"""Servers as process groups: started apart from the terminal, known again later, ended whole."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from local.stack.errors import ServerError

POLL_SECONDS = 0.05
# a killed process needs no time of its own, only the kernel's
KILL_SECONDS = 5.0

# Our own children by id and creation time, so that their exit is collected; a server that another command started is
# not among them.
_children: dict[tuple[int, float], subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A server that leads its own process group.

    Attributes:
        name: for people.
        pid: of the leader, which is the group's id too.
        created: when the leader was started, in seconds since the epoch. An id alone may by now be another process's.
        log: where its output goes.
        grace: seconds that it gets for an orderly end before it is killed.
    """

    name: str
    pid: int
    created: float
    log: Path
    grace: float

    def is_alive(self) -> bool:
        """Whether the very process that was started still runs."""
        return _leader(self) is not None

    def stop(self) -> None:
        """End the whole group: asked first, then killed. Another process with the same id is left alone."""
        if (leader := _leader(self)) is not None:
            _end_group(leader, self.grace)
        if (child := _children.pop((self.pid, self.created), None)) is not None:
            child.wait(KILL_SECONDS)


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: a command with its environment, in a directory."""

    command: Sequence[str | Path]
    environment: Mapping[str, str]
    directory: Path


def start(name: str, program: Program, *, log: Path, grace: float) -> ServerProcess:
    """Start a server as the leader of a new process group, its output in ``log``.

    It neither gets the terminal's Ctrl-C nor holds our standard output: the caller decides its end, and
    `eval "$(make -s up)"` does not wait for it.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            program.command,
            cwd=program.directory,
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    created = psutil.Process(process.pid).create_time()
    _children[process.pid, created] = process
    return ServerProcess(name, process.pid, created, log, grace)


def wait_until_ready(server: ServerProcess, is_ready: Callable[[], bool], seconds: float) -> None:
    """Return when the server is ready.

    Raises:
        ServerError: it ended, or was not ready within ``seconds``.
    """
    deadline = time.monotonic() + seconds
    while not is_ready():
        if not server.is_alive():
            raise ServerError(server.name, "ended while starting", server.log)
        if time.monotonic() > deadline:
            raise ServerError(server.name, f"was not ready within {seconds:.0f} s", server.log)
        time.sleep(POLL_SECONDS)


def _end_group(leader: psutil.Process, grace: float) -> None:
    # looked up before the leader is asked to end: what outlives it must be found again
    members = [leader, *_descendants(leader)]
    _signal_group(leader.pid, signal.SIGTERM)
    if alive := _still_running(members, grace):
        _signal_group(leader.pid, signal.SIGKILL)
        for process in alive:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        _still_running(alive, KILL_SECONDS)


def _leader(server: ServerProcess) -> psutil.Process | None:
    try:
        process = psutil.Process(server.pid)
        # the creation time that psutil derives from clock ticks may differ between two reads by less than this
        same = abs(process.create_time() - server.created) < 1.0
    except psutil.NoSuchProcess:
        return None
    return process if same and _runs(process) else None


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _still_running(members: list[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Wait for processes to end and return those that have not."""
    deadline = time.monotonic() + seconds
    while (alive := [process for process in members if _runs(process)]) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    return alive


def _runs(process: psutil.Process) -> bool:
    """Whether a process runs. A dead one that its parent has not collected does not: init may take its time."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _signal_group(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, number)
