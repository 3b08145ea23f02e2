"""Faults while a profile's traffic is under way; each counts how often it was injected, or can read the count."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from benchmarks.soak.proxy import QueueProxy, SendFaults


class Fault(Protocol):
    """One fault, steered while the traffic is under way."""

    def begin(self) -> None:
        """Begin."""

    def tick(self, elapsed: float) -> None:
        """Do what is due ``elapsed`` seconds after the beginning; called a few times a second."""

    def is_over(self) -> bool:
        """Return whether nothing is to come that the end of the traffic would prevent."""

    def end(self) -> None:
        """End, and leave all in order."""

    def injected(self) -> Mapping[str, int]:
        """Return how often it was injected, by what; read after the end."""


class Emulator(Protocol):
    """The emulator as faults steer it: see `service.Service`."""

    def set_faults(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Replace the faults in force."""

    def injected(self) -> Sequence[int]:
        """Return how often each rule in force was applied."""

    def kill(self) -> None:
        """End it as a crash does."""

    def start(self) -> None:
        """Start it again, with the same data."""


class ServiceFault:
    """Rules of the emulator's, in force until the traffic is through or for some seconds only.

    Args:
        service: The emulator.
        rules: By the name under which they are counted.
        seconds: How long they are in force; None for as long as there is traffic.
    """

    def __init__(self, service: Emulator, rules: Mapping[str, Mapping[str, Any]], seconds: float | None = None) -> None:
        self._service = service
        self._rules = rules
        self._seconds = seconds
        self._counts: dict[str, int] | None = None

    def begin(self) -> None:
        """Put the rules in force."""
        self._service.set_faults(list(self._rules.values()))

    def tick(self, elapsed: float) -> None:
        """Lift them when their time is up."""
        if self._seconds is not None and elapsed >= self._seconds:
            self.end()

    def is_over(self) -> bool:
        """Return whether they are lifted, if they are to be lifted by themselves."""
        return self._seconds is None or self._counts is not None

    def end(self) -> None:
        """Lift them, once."""
        if self._counts is None:
            self._counts = dict(zip(self._rules, self._service.injected(), strict=True))
            self._service.set_faults([])

    def injected(self) -> Mapping[str, int]:
        """Return the emulator's own counts."""
        return self._counts or {}


class QueueFault:
    """Faults of sends to the queues, which the proxy injects.

    Args:
        proxy: The proxy.
        faults: What it injects.
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
        self._before = Counter(self._proxy.injected)
        self._proxy.faults = self._faults

    def tick(self, elapsed: float) -> None:
        """Lift them when their time is up."""
        if self._seconds is not None and elapsed >= self._seconds:
            self.end()

    def is_over(self) -> bool:
        """Return whether they are lifted, if they are to be lifted by themselves: they affect sends alone."""
        return self._seconds is None or self._lifted

    def end(self) -> None:
        """Lift them."""
        self._lifted = True
        self._proxy.faults = SendFaults()

    def injected(self) -> Mapping[str, int]:
        """Return the proxy's counts."""
        named = {name: share for name, share in self._faults.named().items() if share}
        return {name: self._proxy.injected[name] - self._before[name] for name in named}
