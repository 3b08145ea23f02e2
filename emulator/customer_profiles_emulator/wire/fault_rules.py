"""The rules of a fault specification: their meaning, and the check that a specification makes sense."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeGuard

from customer_profiles_emulator.transport.errors import (
    AccessDeniedError,
    ConcurrentUpdateError,
    InternalServerError,
    ResourceNotFoundError,
    ServiceError,
    ServiceUnavailableError,
    ThrottlingError,
)
from customer_profiles_emulator.transport.messages import Delivery, DeliveryFault


class FaultSpecificationError(ValueError):
    """A fault specification that makes no sense; the message names the rule and the value."""


class Drop(Enum):
    """When a connection is dropped, in relation to the request's work."""

    BEFORE_WRITE = "drop_before_write"
    AFTER_WRITE = "drop_after_write"


@dataclass(frozen=True, slots=True)
class ForeignAnswer:
    """An answer that is not the service's, whole; if `body` is None, the one that another request was given last.

    None of the request is done. The service answers none of this: its model requires a `ProfileObjectUniqueKey` of
    PutProfileObject's success, and its errors name their code (API, PutProfileObject; Common Errors).
    """

    status: int
    body: bytes | None
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """What the rules do to one request.

    Attributes:
        delay: seconds to wait before anything else.
        error: what to answer instead of doing the work.
        drop: when to drop the connection.
        foreign: what to answer in the service's place, without doing the work.
        delivery: how to send the answer; None for at once, once and whole.
    """

    delay: float = 0.0
    error: ServiceError | None = None
    drop: Drop | None = None
    foreign: ForeignAnswer | None = None
    delivery: Delivery | None = None


_STATUSES = (500, 503)
_ERRORS: Mapping[str, Callable[[], ServiceError]] = {
    "throttle": lambda: ThrottlingError("Rate exceeded (injected)"),
    "concurrent_update": ConcurrentUpdateError,
    "access_denied": lambda: AccessDeniedError("User is not authorized to perform this operation (injected)"),
    "not_found": lambda: ResourceNotFoundError("The domain does not exist, or access was denied (injected)"),
    "server_error": lambda: InternalServerError("Internal server error (injected)"),
}
_DROPS = {"drop_before_write": Drop.BEFORE_WRITE, "drop_after_write": Drop.AFTER_WRITE, "outage": Drop.BEFORE_WRITE}
_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to continue.</body></html>"
_REFUSAL = b"<html><head><title>400 Bad Request</title></head><body>Bad Request</body></html>"
_FOREIGN: Mapping[str, ForeignAnswer] = {
    "lying_page": ForeignAnswer(200, _PAGE, "text/html"),
    "lying_empty": ForeignAnswer(200, b""),
    "lying_no_content": ForeignAnswer(204, b""),
    "lying_created": ForeignAnswer(201, b"{}"),
    "lying_null": ForeignAnswer(200, b"null"),
    "lying_cut": ForeignAnswer(200, b'{"ProfileObjectUniq'),
    "others_answer": ForeignAnswer(200, None),
    "foreign_400": ForeignAnswer(400, _REFUSAL, "text/html"),
}
_DELIVERIES = {fault.value: fault for fault in DeliveryFault}
_WITH_SECONDS = ("delay", "drip", "sent_twice")
KINDS = ("delay", *_ERRORS, *_DROPS, *_FOREIGN, *_DELIVERIES)
_MEMBERS = frozenset({"kind", "share", "operations", "times", "seconds", "status", "per_item"})


@dataclass(frozen=True, slots=True)
class FaultRule:
    """One rule of a specification.

    Attributes:
        kind: one of `KINDS`. An `outage` resets every connection, as if the service were gone.
        share: of the requests it applies to, 0 to 1.
        operations: the operations it applies to; empty for all.
        times: how often it applies at most; None without an end.
        seconds: least and greatest delay, of the answer, of each byte of it, or of its copy, for the kinds `delay`,
            `drip` and `sent_twice`.
        status: 500 or 503, for the kind `server_error`.
        per_item: whether it fails single items of a batch, and only them, instead of requests.
    """

    kind: str
    share: float
    operations: frozenset[str]
    times: int | None
    seconds: tuple[float, float]
    status: int
    per_item: bool

    def error(self) -> ServiceError | None:
        """What the service answers when this rule applies; None for kinds that answer no error."""
        if self.kind == "server_error" and self.status == ServiceUnavailableError.status:
            return ServiceUnavailableError("Service unavailable (injected)")
        make = _ERRORS.get(self.kind)
        return None if make is None else make()

    def inject(self, delay: float, seconds: float) -> InjectedFault:
        """What becomes of a request that this rule fails, `delay` seconds late; `seconds` are for its delivery."""
        fault = _DELIVERIES.get(self.kind)
        delivery = None if fault is None else Delivery(fault, seconds)
        return InjectedFault(delay, self.error(), _DROPS.get(self.kind), _FOREIGN.get(self.kind), delivery)


def parse_specification(specification: object, operations: Collection[str]) -> tuple[list[FaultRule], int | str]:
    """Check and compile a specification: its rules, and its seed (0 when it names none).

    Raises:
        FaultSpecificationError: it is not of the form that `faults` shows, or a rule names none of `operations`.
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
