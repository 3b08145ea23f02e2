"""Delivers a batch: each message's outcome is exactly one of written, to be parked, or returned to the queue.

The type of the error that a record meets decides it: a throttle, for one, is a `TransientError`, and so the message is
returned.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from traceback import extract_tb
from typing import TypeVar

from engagement.errors import InvalidRecordError, PermanentError, SystemicError, TransientError
from engagement.reasons import Reason
from engagement.record import EngagementRecord
from engagement.wire import decode
from writer.message import Message
from writer.profile_object import profile_object

Write = Callable[[str], str]
"""Writes one profile object, retries included, and returns the service's own key of it.

Raises `PermanentError` or `TransientError`.
"""
Now = Callable[[], datetime]
"""Returns the wall-clock time, timezone-aware, UTC."""


@dataclass(frozen=True, slots=True)
class Written:
    """Customer Profiles accepted the record.

    Attributes:
        message: The message.
        record_id: The record's id.
        duplicate: Whether the same batch wrote this very record, or a later acceptance of it, from another message, so
            that no call was made for this one.
        age: From its acceptance to its being written; None for a duplicate.
        unique_key: The service's own key of the object; None for a duplicate.
    """

    message: Message
    record_id: str
    duplicate: bool = False
    age: timedelta | None = None
    unique_key: str | None = None


@dataclass(frozen=True, slots=True)
class ToPark:
    """The record can never be written.

    Attributes:
        message: The message.
        reason: Why, from the closed list.
        detail: One line without personal data.
        record_id: The record's id, if the body has one.
    """

    message: Message
    reason: Reason
    detail: str
    record_id: str | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """The record may be written later.

    Attributes:
        message: The message.
        cause: The service's error code, or what else prevented the write.
        record_id: The record's id, if the body has one.
        systemic: Whether the cause lasts until somebody fixes it.
        request_id: The service's own id of the last call, if there was one.
    """

    message: Message
    cause: str
    record_id: str | None = None
    systemic: bool = False
    request_id: str | None = None


Outcome = Written | ToPark | Returned
_Kind = TypeVar("_Kind", Written, ToPark, Returned)


def replace(kind: type[_Kind], replacement: Callable[[_Kind], Outcome], outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return the outcomes in their order, with each one of a kind replaced."""
    return [replacement(outcome) if isinstance(outcome, kind) else outcome for outcome in outcomes]


@dataclass(frozen=True, slots=True)
class _Item:
    """A message whose body is a record."""

    position: int
    message: Message
    record: EngagementRecord


def deliver(messages: Sequence[Message], write: Write, threads: int, now: Now) -> list[Outcome]:
    """Return the outcome of each message, in the order of ``messages``.

    Up to ``threads`` customers are served at once; one customer's records are written in their order. If one of them is
    returned, those after it are returned too, so that the order holds. Of messages with one record id the one that was
    accepted last is written, and stands for the others.
    """
    outcomes: dict[int, Outcome] = {}
    customers: dict[tuple[str, str], list[_Item]] = {}
    for position, message in enumerate(messages):
        try:
            record = decode(message.body)
        except InvalidRecordError as error:
            outcomes[position] = ToPark(message, error.reason, error.detail, error.record_id)
        except Exception as error:  # noqa: BLE001 - as in _write: a defect costs one message, not its neighbours
            outcomes[position] = Returned(message, _defect(error))
        else:
            customers.setdefault(record.customer.key, []).append(_Item(position, message, record))
    with ThreadPoolExecutor(max_workers=threads) as pool:
        for served in pool.map(lambda items: _serve(items, write, now), customers.values()):
            outcomes |= served
    return [outcomes[position] for position in range(len(messages))]


def _serve(items: Sequence[_Item], write: Write, now: Now) -> dict[int, Outcome]:
    """Write one customer's records in their order, each at the place of its last acceptance."""
    versions: dict[str, list[_Item]] = {}
    for item in items:
        versions.setdefault(item.record.record_id, []).append(item)
    for same in versions.values():
        same.sort(key=lambda item: (item.record.accepted_at, item.position), reverse=True)
    outcomes: dict[int, Outcome] = {}
    returned: Returned | None = None
    for same in sorted(versions.values(), key=lambda same: same[0].position):
        if returned is not None:
            outcomes |= {item.position: _returned_with(returned, item) for item in same}
            continue
        settled = _write_newest(same, write, now)
        outcomes |= settled
        returned = next((outcome for outcome in settled.values() if isinstance(outcome, Returned)), None)
    return outcomes


def _write_newest(versions: Sequence[_Item], write: Write, now: Now) -> dict[int, Outcome]:
    """Write the newest of one record's versions; an older one only if all newer ones can never be written."""
    outcomes: dict[int, Outcome] = {}
    newest: Written | Returned | None = None
    for item in versions:
        if isinstance(newest, Written):
            outcomes[item.position] = Written(item.message, item.record.record_id, duplicate=True)
        elif newest is not None:
            outcomes[item.position] = _returned_with(newest, item)
        else:
            outcome = outcomes[item.position] = _write(item, write, now)
            newest = None if isinstance(outcome, ToPark) else outcome
    return outcomes


def _returned_with(returned: Returned, item: _Item) -> Returned:
    return Returned(item.message, returned.cause, item.record.record_id, returned.systemic)


def _write(item: _Item, write: Write, now: Now) -> Outcome:
    record_id = item.record.record_id
    try:
        unique_key = write(profile_object(item.record))
    except InvalidRecordError as error:
        return ToPark(item.message, error.reason, error.detail, record_id)
    except PermanentError as error:
        return ToPark(item.message, Reason.REJECTED_BY_SERVICE, str(error), record_id)
    except TransientError as error:
        return Returned(
            item.message, error.code, record_id, systemic=isinstance(error, SystemicError), request_id=error.request_id
        )
    except Exception as error:  # noqa: BLE001 - a defect that one record meets must not cost its neighbours
        return Returned(item.message, _defect(error), record_id)
    # Clocks differ, and a negative age has no percentile.
    age = max(now() - item.record.accepted_at, timedelta())
    return Written(item.message, record_id, age=age, unique_key=unique_key)


def _defect(error: Exception) -> str:
    """Return an unforeseen error's name and place, without its text, which may quote the record."""
    place = extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
