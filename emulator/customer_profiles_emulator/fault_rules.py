"""The rules of a fault specification: their meaning, and the check that a specification makes sense."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeGuard

from customer_profiles_emulator.errors import (
    AccessDeniedError,
    ConcurrentUpdateError,
    InternalServerError,
    ResourceNotFoundError,
    ServiceError,
    ServiceUnavailableError,
    ThrottlingError,
)
from customer_profiles_emulator.foreign_answers import FOREIGN_ANSWERS, ForeignAnswer
from customer_profiles_emulator.manners import Sending


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
    "not_found": lambda: ResourceNotFoundError("The domain does not exist, or access was denied (injected)"),
    "server_error": lambda: InternalServerError("Internal server error (injected)"),
}
_DROPS = {"drop_before_write": Drop.BEFORE_WRITE, "drop_after_write": Drop.AFTER_WRITE, "outage": Drop.BEFORE_WRITE}
_SENDINGS = {sending.value: sending for sending in Sending}
_WITH_SECONDS = ("delay", "drip", "sent_twice")
KINDS = ("delay", *_ERRORS, *_DROPS, *FOREIGN_ANSWERS, *_SENDINGS)
_MEMBERS = frozenset({"kind", "share", "operations", "times", "seconds", "status", "per_item"})


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One rule of a specification.

    Attributes:
        kind: one of `KINDS`. An `outage` resets every connection, as a service that is gone.
        share: of the requests it applies to, 0 to 1.
        operations: the operations it applies to; empty for all.
        times: how often it strikes at most; None without an end.
        seconds: least and greatest delay, of the answer, of each byte of it, or of its copy, for the kinds `delay`,
            `drip` and `sent_twice`.
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

    def drop(self) -> Drop | None:
        """When the connection is dropped as this rule strikes; None for kinds that leave it alone."""
        return _DROPS.get(self.kind)

    def foreign(self) -> ForeignAnswer | None:
        """What is answered in the service's place; None for kinds that leave the answer to it."""
        return FOREIGN_ANSWERS.get(self.kind)

    def sending(self) -> Sending | None:
        """What goes wrong on the answer's way; None for kinds that let it pass."""
        return _SENDINGS.get(self.kind)


def parse_specification(specification: object, operations: Collection[str]) -> tuple[list[FaultRule], int | str]:
    """Check and compile a specification: its rules, and its seed (0 when it names none).

    Args:
        specification: what JSON gave.
        operations: the names that a rule's `operations` may hold.

    Raises:
        FaultSpecificationError: it is not of the form that `faults` shows.
    """
    document = _document(specification, "a fault specification", frozenset({"seed", "rules"}))
    seed = document.get("seed", 0)
    if not isinstance(seed, int | str):
        raise FaultSpecificationError("seed is an integer or a string")
    rules = document.get("rules", [])
    if not isinstance(rules, list):
        raise FaultSpecificationError("rules is a list")
    return [_parse_rule(f"rule {index}", rule, operations) for index, rule in enumerate(rules)], seed


def _document(value: object, name: str, members: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise FaultSpecificationError(f"{name} is a JSON object")
    unknown = value.keys() - members
    if unknown:
        raise FaultSpecificationError(f"{name} has unknown members: {', '.join(sorted(unknown))}")
    return value


def _parse_rule(name: str, value: object, operations: Collection[str]) -> FaultRule:
    rule = _document(value, name, _MEMBERS)
    kind = rule.get("kind")
    if kind not in KINDS:
        raise FaultSpecificationError(f"{name}: kind {kind!r} is none of {', '.join(KINDS)}")
    return FaultRule(
        kind=kind,
        share=_share(name, rule.get("share", 1.0)),
        operations=_operations(name, rule.get("operations", []), operations),
        times=_times(name, rule.get("times")),
        seconds=_seconds(name, rule),
        status=_status(name, rule),
        per_item=_per_item(name, rule),
    )


def _share(name: str, value: object) -> float:
    if not _is_number(value) or not 0 <= float(value) <= 1:
        raise FaultSpecificationError(f"{name}: share {value!r} is not between 0 and 1")
    return float(value)


def _operations(name: str, value: object, operations: Collection[str]) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(named, str) and named in operations for named in value):
        raise FaultSpecificationError(f"{name}: operations {value!r} is not a list of the service's operations")
    return frozenset(value)


def _times(name: str, value: object) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise FaultSpecificationError(f"{name}: times {value!r} is not a positive integer")
    return value


def _seconds(name: str, rule: Mapping[str, Any]) -> tuple[float, float]:
    if rule["kind"] not in _WITH_SECONDS:
        if "seconds" in rule:
            raise FaultSpecificationError(f"{name}: seconds goes with the kinds {', '.join(_WITH_SECONDS)}")
        return 0.0, 0.0
    value = rule.get("seconds")
    match value if isinstance(value, list) else [value, value]:
        case [least, greatest] if _is_number(least) and _is_number(greatest) and 0 <= least <= greatest:
            return float(least), float(greatest)
        case _:
            raise FaultSpecificationError(f"{name}: seconds {value!r} is neither a number nor [least, greatest]")


def _status(name: str, rule: Mapping[str, Any]) -> int:
    if "status" in rule and rule["kind"] != "server_error":
        raise FaultSpecificationError(f"{name}: status goes with the kind server_error")
    status = rule.get("status", 500)
    if status not in _STATUSES:
        raise FaultSpecificationError(f"{name}: status {status!r} is none of {_STATUSES}")
    return int(status)


def _per_item(name: str, rule: Mapping[str, Any]) -> bool:
    value = rule.get("per_item", False)
    if not isinstance(value, bool):
        raise FaultSpecificationError(f"{name}: per_item {value!r} is not true or false")
    if value and rule["kind"] not in _ERRORS:
        raise FaultSpecificationError(f"{name}: per_item goes with the kinds {', '.join(_ERRORS)}")
    return value


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
