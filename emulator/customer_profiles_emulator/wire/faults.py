"""Faults on demand: which requests fail, how, and how often, from a specification in JSON.

    {"seed": 7, "rules": [
        {"kind": "throttle", "share": 0.3, "operations": ["PutProfileObject"]},
        {"kind": "delay", "seconds": [0.05, 0.4]},
        {"kind": "drop_after_write", "share": 0.02, "times": 5},
        {"kind": "drip", "seconds": 2, "share": 0.02},
        {"kind": "server_error", "status": 503, "share": 0.1, "per_item": true}]}

Rules are tried in their order; delays add up, and the first rule that fails a request decides it. Each rule draws
from its own random source, seeded with the specification's seed and the rule's place, once for every request that
reaches it: the same sequence of requests meets the same faults. `fault_rules` says what a rule may hold.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Collection

from customer_profiles_emulator.transport.errors import ServiceError
from customer_profiles_emulator.wire.fault_rules import FaultRule, InjectedFault, parse_specification


class Faults:
    """The rules in force, with their random sources. Safe to use from many threads.

    Attributes:
        specification: as the module's docstring shows; `{}` for no faults.
        applied: how often each rule has applied.
    """

    def __init__(self, specification: object, operations: Collection[str]) -> None:
        """Put a specification in force.

        Args:
            specification: as JSON gave it.
            operations: the names that `operations` of a rule may hold.

        Raises:
            FaultSpecificationError: the specification is not of that form.
        """
        self._lock = threading.Lock()
        self._operations = operations
        self.replace(specification)

    def replace(self, specification: object) -> None:
        """Put another specification in force, from its seed on.

        Raises:
            FaultSpecificationError: the specification is not of that form; the one before stays in force.
        """
        rules, seed = parse_specification(specification, self._operations)
        with self._lock:
            self.specification = specification
            self.applied = [0] * len(rules)
            self._rules = rules
            self._sources = [random.Random(f"{seed}/{index}") for index in range(len(rules))]
            self._left = [rule.times for rule in rules]

    def draw(self, operation: str) -> InjectedFault:
        """Decide one request."""
        delay = 0.0
        with self._lock:
            for index, rule in enumerate(self._rules):
                if rule.per_item or not self._applies(index, rule, operation):
                    continue
                seconds = self._sources[index].uniform(*rule.seconds) if any(rule.seconds) else 0.0
                if rule.kind != "delay":
                    return rule.inject(delay, seconds)
                delay += seconds
        return InjectedFault(delay)

    def draw_item(self, operation: str) -> ServiceError | None:
        """Decide one item of a batch: the error it fails with, or None."""
        with self._lock:
            for index, rule in enumerate(self._rules):
                if rule.per_item and self._applies(index, rule, operation):
                    return rule.error()
        return None

    def _applies(self, index: int, rule: FaultRule, operation: str) -> bool:
        if rule.operations and operation not in rule.operations:
            return False
        # Drawn even when the rule's `times` are used up, so that `times` does not shift later draws.
        drawn = self._sources[index].random() < rule.share
        left = self._left[index]
        if not drawn or left == 0:
            return False
        self._left[index] = None if left is None else left - 1
        self.applied[index] += 1
        return True
