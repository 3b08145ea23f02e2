"""Faults on demand: which requests fail, how, and how often, from a specification in JSON.

    {"seed": 7, "rules": [
        {"kind": "throttle", "share": 0.3, "operations": ["PutProfileObject"]},
        {"kind": "delay", "seconds": [0.05, 0.4]},
        {"kind": "drop_after_write", "share": 0.02, "times": 5},
        {"kind": "drip", "seconds": 2, "share": 0.02},
        {"kind": "server_error", "status": 503, "share": 0.1, "per_item": true}]}

Rules are tried in their order; delays add up, and the first rule that fails a request decides it. Each rule draws
from its own random source, seeded with the specification's seed and the rule's place, once for every request that
reaches it: the same sequence of requests meets the same faults.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Collection
from dataclasses import dataclass

from customer_profiles_emulator.errors import ServiceError
from customer_profiles_emulator.fault_rules import Drop, FaultRule, parse_specification
from customer_profiles_emulator.foreign_answers import ForeignAnswer
from customer_profiles_emulator.manners import Manner


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a request.

    Attributes:
        delay: seconds to wait before anything else.
        error: what to answer instead of doing the work.
        drop: when to drop the connection.
        foreign: what to answer in the service's place, without doing the work.
        manner: how to send the answer; None for at once, once and whole.
    """

    delay: float = 0.0
    error: ServiceError | None = None
    drop: Drop | None = None
    foreign: ForeignAnswer | None = None
    manner: Manner | None = None


class Faults:
    """The rules in force, with their random sources. Safe to use from many threads."""

    def __init__(self, specification: object, operations: Collection[str]) -> None:
        """Parse a specification.

        Args:
            specification: as the module's docstring shows; `{}` for no faults.
            operations: the names that `operations` of a rule may hold.

        Raises:
            FaultSpecificationError: the specification is not of that form.
        """
        self._lock = threading.Lock()
        self._rules, seed = parse_specification(specification, operations)
        self.specification = specification
        self._sources = [random.Random(f"{seed}/{index}") for index in range(len(self._rules))]
        self._left = [rule.times for rule in self._rules]
        self.struck = [0] * len(self._rules)

    def fate(self, operation: str) -> Fate:
        """Decide one request."""
        delay = 0.0
        with self._lock:
            for index, rule in enumerate(self._rules):
                if rule.per_item or not self._strikes(index, rule, operation):
                    continue
                seconds = self._sources[index].uniform(*rule.seconds) if any(rule.seconds) else 0.0
                if rule.kind != "delay":
                    sending = rule.sending()
                    manner = None if sending is None else Manner(sending, seconds)
                    return Fate(delay, rule.error(), rule.drop(), rule.foreign(), manner)
                delay += seconds
        return Fate(delay)

    def item_error(self, operation: str) -> ServiceError | None:
        """Decide one item of a batch: the error it fails with, or None."""
        with self._lock:
            for index, rule in enumerate(self._rules):
                if rule.per_item and self._strikes(index, rule, operation):
                    return rule.error()
        return None

    def _strikes(self, index: int, rule: FaultRule, operation: str) -> bool:
        if rule.operations and operation not in rule.operations:
            return False
        # Drawn even when the rule has no strikes left, so that `times` does not shift later draws.
        drawn = self._sources[index].random() < rule.share
        left = self._left[index]
        if not drawn or left == 0:
            return False
        self._left[index] = None if left is None else left - 1
        self.struck[index] += 1
        return True
