"""What strikes while a profile's traffic is under way; each fault counts its strikes, or can read the count."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import psutil

from benchmarks.soak.proxy import QueueProxy, SendFaults

CUT = "failed processing SQS batch"
"""What the local AWS logs of a batch whose function died or failed whole."""


class Fault(Protocol):
    """One fault, steered by whoever waits for the traffic."""

    def begin(self) -> None:
        """Begin to strike."""

    def tick(self, elapsed: float) -> None:
        """Do what is due ``elapsed`` seconds after the beginning; called a few times a second."""

    def is_over(self) -> bool:
        """Return whether no strike is to come that the end of the traffic would spare."""

    def end(self) -> None:
        """Strike no more, and leave all in order."""

    def struck(self) -> Mapping[str, int]:
        """Return how often it struck, by what; read after the end."""


class Emulator(Protocol):
    """The emulator as faults steer it: see `service.Service`."""

    def set_faults(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Replace the faults in force."""

    def struck(self) -> Sequence[int]:
        """Return how often each rule in force has struck."""

    def kill(self) -> None:
        """End it as a crash does."""

    def start(self) -> None:
        """Start it again, with the same data."""


class ServiceFault:
    """Rules of the emulator's, in force until the traffic is through or for some seconds only.

    Args:
        service: The emulator.
        rules: By the name under which their strikes are told.
        seconds: How long they are in force; None for as long as there is traffic.
    """

    def __init__(self, service: Emulator, rules: Mapping[str, Mapping[str, Any]], seconds: float | None = None) -> None:
        self._service = service
        self._rules = rules
        self._seconds = seconds
        self._struck: dict[str, int] | None = None

    def begin(self) -> None:
        """Put the rules in force."""
        self._service.set_faults(list(self._rules.values()))

    def tick(self, elapsed: float) -> None:
        """Lift them when their time is up."""
        if self._seconds is not None and elapsed >= self._seconds:
            self.end()

    def is_over(self) -> bool:
        """Return whether they are lifted, where they are to be lifted by themselves."""
        return self._seconds is None or self._struck is not None

    def end(self) -> None:
        """Lift them, once."""
        if self._struck is None:
            self._struck = dict(zip(self._rules, self._service.struck(), strict=True))
            self._service.set_faults([])

    def struck(self) -> Mapping[str, int]:
        """Return the emulator's own counts."""
        return self._struck or {}


class QueueFault:
    """Faults of sends to the queues, which the proxy commits.

    Args:
        proxy: The proxy.
        faults: What it commits.
        seconds: How long they are in force; None for as long as there is traffic.
    """

    def __init__(self, proxy: QueueProxy, faults: SendFaults, seconds: float | None = None) -> None:
        self._proxy = proxy
        self._faults = faults
        self._seconds = seconds
        self._lifted = False
        self._before: Counter[str] = Counter()

    def begin(self) -> None:
        """Put them in force."""
        self._before = Counter(self._proxy.struck)
        self._proxy.faults = self._faults

    def tick(self, elapsed: float) -> None:
        """Lift them when their time is up."""
        if self._seconds is not None and elapsed >= self._seconds:
            self.end()

    def is_over(self) -> bool:
        """Return whether they are lifted, where they are to be lifted by themselves: they strike sends alone."""
        return self._seconds is None or self._lifted

    def end(self) -> None:
        """Lift them."""
        self._lifted = True
        self._proxy.faults = SendFaults()

    def struck(self) -> Mapping[str, int]:
        """Return the proxy's counts."""
        named = {name: share for name, share in self._faults.named().items() if share}
        return {name: self._proxy.struck[name] - self._before[name] for name in named}


class Kills:
    """Functions' processes killed in mid-batch, all of a function's at once.

    Args:
        aws: The process id of the local AWS, whose children they are.
        functions: Names of functions; each has its turn.
        log: Of the local AWS, which tells which batches were cut off.
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
        """Look how many batches were cut off before."""
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
        """Look how many batches were cut off."""
        self._cut = self._cut_off() - self._cut_before

    def struck(self) -> Mapping[str, int]:
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
        """Start it where it is still down."""
        if self._up_at is not None:
            self._up_at = None
            self._service.start()

    def struck(self) -> Mapping[str, int]:
        """Return how often it was killed."""
        down = {"seconds down": round(self._deaths * self._seconds)} if self._seconds else {}
        return {"emulator killed": self._deaths, **down}


class SilentNames:
    """A name server that is silent for some functions: see `silent_names.sitecustomize`.

    The functions' processes are ended first, since connections that are open need no name.

    Args:
        aws: The process id of the local AWS, whose children they are.
        folder: Which the functions' environment names.
        ports: For each function, the ports of the services whose names are not told.
        seconds: How long, from when each of the functions has asked: its process has to start first.
        patience: Seconds after which the others are not waited for any more.
    """

    def __init__(
        self, aws: int, folder: Path, ports: Mapping[str, Sequence[int]], *, seconds: float, patience: float = 60.0
    ) -> None:
        self._aws = aws
        self._folder = folder
        self._ports = ports
        self._seconds = seconds
        self._patience = patience
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
        if self._all_asked is None and all(self._strikes(function) for function in self._ports):
            self._all_asked = elapsed
        ends = self._patience if self._all_asked is None else self._all_asked + self._seconds
        if elapsed >= ends:
            self.end()

    def is_over(self) -> bool:
        """Return whether names are told again."""
        return self._over

    def end(self) -> None:
        """Tell names again."""
        self._over = True
        for function in self._ports:
            (self._folder / function).unlink(missing_ok=True)

    def struck(self) -> Mapping[str, int]:
        """Return how many look-ups hung."""
        return {"look-ups hanging": sum(self._strikes(function) for function in self._ports)}

    def _strikes(self, function: str) -> int:
        noted = self._noted(function)
        return noted.stat().st_size if noted.exists() else 0

    def _noted(self, function: str) -> Path:
        return self._folder / f"{function}.struck"
