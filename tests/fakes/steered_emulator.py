"""The emulator as a soak's faults steer it: remembers what was done to it."""

from collections.abc import Mapping, Sequence
from typing import Any


class SteeredEmulator:
    """`benchmarks.soak.faults.Emulator` in memory; ``deeds`` has what was done, in order."""

    def __init__(self) -> None:
        self.deeds: list[str] = []

    def set_faults(self, rules: Sequence[Mapping[str, Any]]) -> None:
        self.deeds.append(f"{len(rules)} rules")

    def injected(self) -> Sequence[int]:
        return [5, 0]

    def kill(self) -> None:
        self.deeds.append("kill")

    def start(self) -> None:
        self.deeds.append("start")
