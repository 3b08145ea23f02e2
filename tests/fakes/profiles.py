"""Customer Profiles in memory: PutProfileObject of one object type, with faults on demand."""

import json
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Barrier, Lock
from typing import Any

from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from tests.fakes.call_timeout import HangError
from tests.fakes.clock import FakeClock

DOMAIN = "AnyCompanyDomain"
OBJECT_TYPE = "MarketingAssignedOffers"
URL = "https://profile.eu-west-1.amazonaws.com"
MAX_OBJECT = 256_000
PROFILE_KEYS = ("UserId", "email", "phone", "profileId")
REQUEST_ID = "7a1c0de0-0000-4000-8000-000000000000"
MEETING_SECONDS = 10
"""After which calls that were to meet, and never did, fail the test instead of hanging it."""

ANSWERS: Mapping[str, tuple[str, str, int]] = {
    "throttle": ("ThrottlingException", "Rate exceeded", 429),
    "concurrent_update": (
        "BadRequestException",
        "Failed to update profile due to concurrent update in-progress",
        400,
    ),
    "bad_request": ("BadRequestException", "The object is not valid", 400),
    "access_denied": ("AccessDeniedException", "User is not authorized to perform this operation", 403),
    "server_error": ("InternalServerException", "Internal server error", 500),
    "unavailable": ("ServiceUnavailableException", "Service unavailable", 503),
}
"""Faults that the service answers, by the emulator's names for them: code, message, HTTP status."""
DROPS = ("drop_before_write", "drop_after_write")
HANGS = ("hang", "drip")
"""The object is not written, or is, and no whole answer comes."""
FAULTS = (*ANSWERS, *DROPS)


@dataclass(slots=True)
class FakeCustomerProfiles:
    """A client whose objects are kept by record id; `writer.profiles.PutProfileObject`.

    Attributes:
        objects: What the object type holds, by record id.
        calls: The record id of every call, in the order in which the calls began.
        accepted: Every object that was accepted, in that order, those that were replaced included.
        refused: Ids of records that the service will never take.
        most_at_once: The most calls that were under way at the same time.
        clock: Moved by ``seconds_a_call`` with each call; calls at once add up, unlike the real service's.
        seconds_a_call: How long a call takes.
        closed: Times that the client's connections were closed.
    """

    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    accepted: list[dict[str, Any]] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    most_at_once: int = 0
    clock: FakeClock = field(default_factory=FakeClock)
    seconds_a_call: float = 0.0
    closed: int = 0
    _others_keys: dict[str, str] = field(default_factory=dict)
    _at_once: int = 0
    _faults: dict[str | None, deque[str | Exception]] = field(default_factory=dict)
    _outage: str | None = None
    _meeting: Barrier | None = None
    _to_meet: int = 0
    _lock: Lock = field(default_factory=Lock)

    def fail(self, *faults: str | Exception, record_id: str | None = None) -> None:
        """Let the next calls, or the next for ``record_id``, meet these faults, one each, in this order."""
        self._faults.setdefault(record_id, deque()).extend(faults)

    def fail_always(self, fault: str | None) -> None:
        """Let every call meet this fault from now on; None ends it."""
        self._outage = fault

    def mend(self) -> None:
        """End every fault that was asked for."""
        self._faults.clear()
        self._outage = None

    def answer(self, record_id: str, unique_key: str) -> None:
        """Let the next write of this record be answered with another one's key."""
        self._others_keys[record_id] = unique_key

    def meet(self, calls: int) -> None:
        """Let none of the next ``calls`` calls end before all of them are under way at once."""
        self._meeting = Barrier(calls, timeout=MEETING_SECONDS)
        self._to_meet = calls

    def close(self) -> None:
        """Count that the connections were closed."""
        self.closed += 1

    def put_profile_object(self, *, DomainName: str, ObjectTypeName: str, Object: str) -> Mapping[str, str]:  # noqa: N803 - boto3's names
        """Answer as the service does."""
        record_id = _record_id(Object)
        with self._lock:
            self.calls.append(record_id)
            self.clock.advance(self.seconds_a_call)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            fault = self._next_fault(record_id)
            meeting = self._meeting if self._to_meet > 0 else None
            self._to_meet -= 1
        try:
            if meeting is not None:
                meeting.wait()
            return self._answer(fault, DomainName, ObjectTypeName, Object)
        finally:
            with self._lock:
                self._at_once -= 1

    def _next_fault(self, record_id: str) -> str | Exception | None:
        for faults in (self._faults.get(record_id), self._faults.get(None)):
            if faults:
                return faults.popleft()
        return self._outage

    def _answer(self, fault: str | Exception | None, domain: str, object_type: str, text: str) -> Mapping[str, str]:
        if isinstance(fault, Exception):
            raise fault
        if fault == "hang":
            raise HangError
        if fault == "drop_before_write":
            raise ConnectionClosedError(endpoint_url=URL)
        if fault is not None and fault in ANSWERS:
            raise _error(*ANSWERS[fault])
        if (domain, object_type) != (DOMAIN, OBJECT_TYPE):
            raise _error("ResourceNotFoundException", "It does not exist, or access was denied", 404)
        written = _accepted(text)
        if written["recordId"] not in self.refused:
            with self._lock:
                self.accepted.append(written)
                self.objects[written["recordId"]] = written
        if fault == "drip":
            raise HangError
        if fault == "drop_after_write":
            raise ReadTimeoutError(endpoint_url=URL)
        if written["recordId"] in self.refused:
            raise _error(*ANSWERS["bad_request"])
        record_id = str(written["recordId"])
        return {"ProfileObjectUniqueKey": self._others_keys.pop(record_id, f"key-of-{record_id}")}


def _record_id(text: str) -> str:
    try:
        return str(json.loads(text)["recordId"])
    except (ValueError, TypeError, KeyError):
        return "none"


def _accepted(text: str) -> dict[str, Any]:
    if not 1 <= len(text) <= MAX_OBJECT:
        raise _error("BadRequestException", "Value at 'object' failed to satisfy constraint", 400)
    try:
        written = json.loads(text, parse_constant=_refuse)
    except ValueError as error:
        raise _error("BadRequestException", "The content is not valid JSON", 400) from error
    if not isinstance(written, dict) or not _has_any(written, ["recordId"]) or not _has_any(written, PROFILE_KEYS):
        raise _error("BadRequestException", "Every field of the UNIQUE key, or of every PROFILE key, is empty", 400)
    return written


def _refuse(name: str) -> None:
    raise ValueError(name)


def _has_any(written: Mapping[str, Any], names: Iterable[str]) -> bool:
    return any(written.get(name) for name in names)


def _error(code: str, message: str, status: int) -> ClientError:
    return ClientError(
        {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {
                "HTTPStatusCode": status,
                "RequestId": REQUEST_ID,
                "HTTPHeaders": {},
                "RetryAttempts": 0,
                "HostId": "",
            },
        },
        "PutProfileObject",
    )
