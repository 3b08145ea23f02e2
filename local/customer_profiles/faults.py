"""Faults on demand: which requests fail, how, and how often, from a specification in JSON.

    {"seed": 7, "rules": [
        {"kind": "throttle", "share": 0.3, "operations": ["PutProfileObject"]},
        {"kind": "delay", "seconds": [0.05, 0.4]},
        {"kind": "drop_after_write", "share": 0.02, "times": 5},
        {"kind": "server_error", "status": 503, "share": 0.1, "per_item": true}]}

Rules are tried in their order; delays add up, and the first rule that fails a request decides it. Each rule draws
from its own random source, seeded with the specification's seed and the rule's place, once for every request that
it applies to: the same sequence of requests meets the same faults.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from local.customer_profiles.errors import (
    AccessDeniedError,
    ConcurrentUpdateError,
    InternalServerError,
    ServiceError,
    ServiceUnavailableError,
    ThrottlingError,
)


class FaultSpecificationError(ValueError):
    """A fault specification that makes no sense; the message names the rule and the value."""


class Drop(Enum):
    """When a connection is dropped, in relation to the request's work."""

    BEFORE_WRITE = "drop_before_write"
    AFTER_WRITE = "drop_after_write"


_STATUSES = (500, 503)
_ERRORS: Mapping[str, Callable[[], ServiceError]] = {
    "throttle": lambda: ThrottlingError("Rate exceeded (injected)"),
    "concurrent_update": ConcurrentUpdateError,
    "access_denied": lambda: AccessDeniedError("User is not authorized to perform this operation (injected)"),
    "server_error": lambda: InternalServerError("Internal server error (injected)"),
}
_DROPS = {"drop_before_write": Drop.BEFORE_WRITE, "drop_after_write": Drop.AFTER_WRITE, "outage": Drop.BEFORE_WRITE}
KINDS = ("delay", *_ERRORS, *_DROPS)
_MEMBERS = frozenset({"kind", "share", "operations", "times", "seconds", "status", "per_item"})


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One rule of a specification.

    Attributes:
        kind: one of `KINDS`. An `outage` resets every connection, as a service that is gone.
        share: of the requests it applies to, 0 to 1.
        operations: the operations it applies to; empty for all.
        times: how often it strikes at most; None without an end.
        seconds: least and greatest delay, for the kind `delay`.
        status: 500 or 503, for the kind `server_error`.
        per_item: whether it strikes single items of BatchPutProfileObject, and only them, instead of requests.
    """

    kind: str
    share: float = 1.0
    operations: frozenset[str] = frozenset()
    times: int | None = None
    seconds: tuple[float, float] = (0.0, 0.0)
    status: int = 500
    per_item: bool = False

    def error(self) -> ServiceError | None:
        """What the service answers when this rule strikes; None for kinds that answer nothing of their own."""
        if self.kind == "server_error" and self.status == ServiceUnavailableError.status:
            return ServiceUnavailableError("Service unavailable (injected)")
        make = _ERRORS.get(self.kind)
        return None if make is None else make()


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a request.

    Attributes:
        delay: seconds to wait before anything else.
        error: what to answer instead of doing the work.
        drop: when to drop the connection.
    """

    delay: float = 0.0
    error: ServiceError | None = None
    drop: Drop | None = None


class Faults:
    """The rules in force, with their random sources. Safe to use from many threads."""

    def __init__(self, specification: Mapping[str, Any], operations: Collection[str]) -> None:
        """Parse a specification.

        Args:
            specification: as the module's docstring shows; `{}` for no faults.
            operations: the names that `operations` of a rule may hold.

        Raises:
            FaultSpecificationError: the specification is not of that form.
        """
        self._lock = threading.Lock()
        self._rules = parse_rules(specification, operations)
        self.specification = dict(specification)
        seed = specification.get("seed", 0)
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
                if rule.kind != "delay":
                    return Fate(delay, rule.error(), _DROPS.get(rule.kind))
                delay += self._sources[index].uniform(*rule.seconds)
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


def parse_rules(specification: Any, operations: Collection[str]) -> list[FaultRule]:
    """Check and compile a specification's rules.

    Raises:
        FaultSpecificationError: see `Faults`.
    """
    if not isinstance(specification, Mapping):
        raise FaultSpecificationError("a fault specification is a JSON object")
    unknown = set(specification) - {"seed", "rules"}
    if unknown:
        raise FaultSpecificationError(f"unknown members: {', '.join(sorted(unknown))}")
    if not isinstance(specification.get("seed", 0), int | str):
        raise FaultSpecificationError("seed is an integer or a string")
    rules = specification.get("rules", [])
    if not isinstance(rules, Sequence) or isinstance(rules, str):
        raise FaultSpecificationError("rules is a list")
    return [_parse_rule(index, rule, operations) for index, rule in enumerate(rules)]


def _parse_rule(index: int, rule: Any, operations: Collection[str]) -> FaultRule:
    def require(condition: object, complaint: str) -> None:
        if not condition:
            raise FaultSpecificationError(f"rule {index}: {complaint}")

    require(isinstance(rule, Mapping), "a rule is a JSON object")
    unknown = set(rule) - _MEMBERS
    require(not unknown, f"unknown members: {', '.join(sorted(unknown))}")
    kind = rule.get("kind")
    require(kind in KINDS, f"kind {kind!r} is none of {', '.join(KINDS)}")
    share = rule.get("share", 1.0)
    require(_is_number(share) and 0 <= share <= 1, f"share {share!r} is not between 0 and 1")
    named = rule.get("operations", [])
    require(
        isinstance(named, list) and all(name in operations for name in named), f"operations {named!r}: not all known"
    )
    times = rule.get("times")
    require(times is None or (isinstance(times, int) and times > 0), f"times {times!r} is not a positive integer")
    require(("seconds" in rule) == (kind == "delay"), "seconds goes with the kind delay, and must be there for it")
    require("status" not in rule or kind == "server_error", "status goes with the kind server_error")
    status = rule.get("status", 500)
    require(status in _STATUSES, f"status {status!r} is none of {_STATUSES}")
    per_item = rule.get("per_item", False)
    require(isinstance(per_item, bool), f"per_item {per_item!r} is not true or false")
    require(not per_item or kind in _ERRORS, "per_item goes with kinds that answer an error")
    return FaultRule(
        kind=kind,
        share=share,
        operations=frozenset(named),
        times=times,
        seconds=_seconds(index, rule["seconds"]) if kind == "delay" else (0.0, 0.0),
        status=status,
        per_item=per_item,
    )


def _seconds(index: int, seconds: Any) -> tuple[float, float]:
    bounds = seconds if isinstance(seconds, list) else [seconds, seconds]
    ends = 2
    if len(bounds) != ends or not all(_is_number(bound) for bound in bounds) or not 0 <= bounds[0] <= bounds[1]:
        raise FaultSpecificationError(f"rule {index}: seconds {seconds!r} is neither a number nor [least, greatest]")
    return float(bounds[0]), float(bounds[1])


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
