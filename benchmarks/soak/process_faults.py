"""Faults of processes: functions and the emulator killed, and a name server that is silent for functions."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from benchmarks.soak.faults import Emulator

CUT = "failed processing SQS batch"
"""What the local AWS logs of a batch whose function died or failed whole."""


class Kills:
    """Functions' processes killed in mid-batch, all of a function's at once.

    Args:
        aws: The process id of the local AWS, whose children they are.
        functions: Names of functions; each has its turn.
        log: Of the local AWS, which shows which batches were cut off.
        every: Seconds between two turns.
        turns: How many there are.
    """

    def __init__(self, aws: int, functions: Sequence[str], log: Path, *, every: float, turns: int) -> None:
        self._aws = aws
        self._functions = functions
        self._log = log
        self._every = every
        self._turns = turns
        self._turn = 0
        self._killed = 0
        self._cut_before = 0
        self._cut = 0

    def begin(self) -> None:
        """Count the batches that were cut off before."""
        self._cut_before = self._cut_off()

    def tick(self, elapsed: float) -> None:
        """Kill when it is time."""
        if self._turn < self._turns and elapsed >= self._every * (self._turn + 1):
            name = self._functions[self._turn % len(self._functions)]
            self._turn += 1
            for process in workers(self._aws, name):
                process.kill()
                self._killed += 1

    def is_over(self) -> bool:
        """Return whether all turns have been."""
        return self._turn >= self._turns

    def end(self) -> None:
        """Count the batches that were cut off."""
        self._cut = self._cut_off() - self._cut_before

    def injected(self) -> Mapping[str, int]:
        """Return how many processes were killed, and how many of the writer's batches that cut off."""
        return {"functions killed": self._killed, "batches cut off": self._cut}

    def _cut_off(self) -> int:
        return self._log.read_text(encoding="utf-8", errors="replace").count(CUT)


def workers(aws: int, function: str) -> list[psutil.Process]:
    """Return the processes in which the local AWS runs a function."""
    found = []
    for process in psutil.Process(aws).children(recursive=True):
        try:
            if process.environ().get("AWS_LAMBDA_FUNCTION_NAME") == function:
                found.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied):  # it ended meanwhile
            continue
    return found


class Downtime:
    """The emulator killed with SIGKILL, and started again with what it had stored: at once, or after an outage.

    Args:
        service: The emulator.
        every: Seconds between two deaths.
        times: How many there are.
        seconds: How long connections are refused each time.
    """

    def __init__(self, service: Emulator, *, every: float, times: int, seconds: float) -> None:
        self._service = service
        self._every = every
        self._times = times
        self._seconds = seconds
        self._deaths = 0
        self._up_at: float | None = None
        self._next = every

    def begin(self) -> None:
        """Nothing yet."""

    def tick(self, elapsed: float) -> None:
        """Kill it, or start it again."""
        if self._up_at is not None:
            if elapsed >= self._up_at:
                self._up_at = None
                self._service.start()
                self._next = elapsed + self._every
        elif self._deaths < self._times and elapsed >= self._next:
            self._service.kill()
            self._deaths += 1
            self._up_at = elapsed + self._seconds

    def is_over(self) -> bool:
        """Return whether it has died as often as it should, and lives."""
        return self._deaths >= self._times and self._up_at is None

    def end(self) -> None:
        """Start it if it is still down."""
        if self._up_at is not None:
            self._up_at = None
            self._service.start()

    def injected(self) -> Mapping[str, int]:
        """Return how often it was killed."""
        down = {"seconds down": round(self._deaths * self._seconds)} if self._seconds else {}
        return {"emulator killed": self._deaths, **down}


class SilentNames:
    """A name server that is silent for some functions: see `silent_names.sitecustomize`.

    The functions' processes are ended first, since connections that are open need no name.

    Args:
        aws: The process id of the local AWS, whose children they are.
        folder: Which the functions' environment names.
        ports: For each function, the ports of the services whose names are not resolved.
        seconds: How long, from when each of the functions has asked: its process has to start first.
        longest: Seconds after which the others are not waited for any more.
    """

    def __init__(
        self, aws: int, folder: Path, ports: Mapping[str, Sequence[int]], *, seconds: float, longest: float = 60.0
    ) -> None:
        self._aws = aws
        self._folder = folder
        self._ports = ports
        self._seconds = seconds
        self._longest = longest
        self._all_asked: float | None = None
        self._over = False

    def begin(self) -> None:
        """Fall silent."""
        for function, ports in self._ports.items():
            self._noted(function).unlink(missing_ok=True)
            (self._folder / function).write_text(" ".join(map(str, ports)), encoding="utf-8")
            for process in workers(self._aws, function):
                process.kill()

    def tick(self, elapsed: float) -> None:
        """Answer when the time is up."""
        if self._all_asked is None and all(self._hung(function) for function in self._ports):
            self._all_asked = elapsed
        ends = self._longest if self._all_asked is None else self._all_asked + self._seconds
        if elapsed >= ends:
            self.end()

    def is_over(self) -> bool:
        """Return whether names are resolved again."""
        return self._over

    def end(self) -> None:
        """Resolve names again."""
        self._over = True
        for function in self._ports:
            (self._folder / function).unlink(missing_ok=True)

    def injected(self) -> Mapping[str, int]:
        """Return how many look-ups hung."""
        return {"look-ups hanging": sum(self._hung(function) for function in self._ports)}

    def _hung(self, function: str) -> int:
        noted = self._noted(function)
        return noted.stat().st_size if noted.exists() else 0

    def _noted(self, function: str) -> Path:
        return self._folder / f"{function}.hung"
