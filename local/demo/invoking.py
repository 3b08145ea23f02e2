"""Sends events to the deployed functions, as a journey does, and reads what each answer says of each customer."""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from local.demo.events import Event
from ops.text import printable

AT_ONCE = 4
"""Invocations at once: enough to see the functions run side by side, few enough for a laptop."""


class Lambda(Protocol):
    """The one call of a Lambda client that is needed here."""

    def invoke(self, *, FunctionName: str, Payload: bytes) -> Any:  # noqa: ANN401, N803 - boto3's
        """Invoke a function and wait for its answer."""


@dataclass(frozen=True, slots=True)
class Functions:
    """The two channel functions by name."""

    viewed: str
    not_viewed: str

    def of(self, event: Event, *, otherwise: bool) -> str:
        """Return the function that an event is for; ``otherwise`` decides if its file and folder do not say."""
        viewed = otherwise if event.viewed is None else event.viewed
        return self.viewed if viewed else self.not_viewed


class Status(StrEnum):
    """What the function did with a customer."""

    QUEUED = "queued"
    PARKED = "parked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CustomerAnswer:
    """What a function's answer says of one customer of an event.

    Attributes:
        event: The event's name.
        customer: The endpoint's or profile's id; None if the event gives none.
        status: What the function did.
        record_id: The record's id, if there is a record.
        reason: Why it was parked or failed.
    """

    event: str
    customer: str | None
    status: Status
    record_id: str | None = None
    reason: str | None = None

    def __str__(self) -> str:
        """Name the customer for a person who is to find it again."""
        record = "" if self.record_id is None else f", record {self.record_id}"
        return f"{printable(self.customer or 'a customer without an id')} of {self.event}{record}"


@dataclass(frozen=True, slots=True)
class Invocation:
    """What came of one event.

    Attributes:
        event: The event's name.
        answers: What the function did with each customer.
        failure: The error's type and message, if the invocation failed.
    """

    event: str
    answers: Sequence[CustomerAnswer]
    failure: str | None = None


class _FailedError(Exception):
    """The invocation failed; the text is what the caller of the function gets."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(f"{kind}: {printable(message)}")
        self.kind = kind


def invoke_all(client: Lambda, jobs: Sequence[tuple[Event, str]]) -> Iterator[Invocation]:
    """Invoke the named function with each event, several at once; yield what came of each, in their order."""
    pool = ThreadPoolExecutor(max_workers=AT_ONCE)
    try:
        yield from pool.map(lambda job: _invoke(client, *job), jobs)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _invoke(client: Lambda, event: Event, function: str) -> Invocation:
    try:
        answer = _call(client, event, function)
    except _FailedError as error:
        return Invocation(event.name, failed(event.name, event.members, error.kind), str(error))
    return Invocation(event.name, answered(event.name, event.members, answer))


def _call(client: Lambda, event: Event, function: str) -> Mapping[str, Any]:
    try:
        response = client.invoke(FunctionName=function, Payload=event.text.encode())
        written = response["Payload"].read()
    except ClientError as error:
        details = error.response.get("Error", {})
        raise _FailedError(details.get("Code", "Unknown"), details.get("Message", "")) from error
    except BotoCoreError as error:
        raise _FailedError(type(error).__name__, str(error)) from error
    try:
        answer = json.loads(written)
    except ValueError as error:
        raise _FailedError("NoAnswer", "the function's answer is not JSON") from error
    if "FunctionError" in response:
        raise _function_error(answer)
    if not isinstance(answer, dict):
        raise _FailedError("NoAnswer", f"the function answered with a {type(answer).__name__}")
    return answer


def _function_error(answer: object) -> _FailedError:
    error = answer if isinstance(answer, dict) else {}
    return _FailedError(str(error.get("errorType", "Unhandled")), str(error.get("errorMessage", answer)))


def customers(event: Mapping[str, Any]) -> list[str | None]:
    """Return the ids of an event's customers, in its order; none if the event follows no contract."""
    endpoints = event.get("Endpoints")
    if isinstance(endpoints, dict):
        return list(endpoints)
    return [_id(profile, "ProfileId") for profile in _profiles(event)]


def answered(name: str, event: Mapping[str, Any], answer: Mapping[str, Any]) -> list[CustomerAnswer]:
    """Return what the answer says of each customer.

    One whom it cannot name, since the id is missing or cannot be written, must be in the dead-letter queue.
    """
    if isinstance(event.get("Endpoints"), dict):
        return [
            _answer_of(name, customer, _map(_map(answer.get(str(customer))).get("EventAttributes")), "Engagement")
            for customer in customers(event)
        ]
    return list(_connect(name, customers(event), _profiles(answer)))


def failed(name: str, event: Mapping[str, Any], reason: str) -> list[CustomerAnswer]:
    """Return the customers of an event whose invocation failed."""
    return [CustomerAnswer(name, customer, Status.FAILED, reason=reason) for customer in customers(event)]


def _connect(name: str, keys: Sequence[str | None], results: Sequence[object]) -> Iterator[CustomerAnswer]:
    """Pair profiles with results, in order: a profile may be in an event twice."""
    remaining = list(results)
    for key in keys:
        if key is None:
            yield CustomerAnswer(name, None, Status.PARKED)
            continue
        result = next((result for result in remaining if _id(result, "Id") == key), None)
        if result is not None:
            remaining.remove(result)
        yield _answer_of(name, key, _map(_map(result).get("ResultData")), "")


def _answer_of(name: str, customer: str | None, said: Mapping[str, Any], prefix: str) -> CustomerAnswer:
    """Read one customer's part of an answer: the same three members, spelt as each contract has them."""
    status, record_id, reason = (
        said.get(f"{prefix}{member}" if prefix else member[0].lower() + member[1:])
        for member in ("Status", "RecordId", "Reason")
    )
    if status not in set(Status):
        return CustomerAnswer(name, customer, Status.PARKED)
    return CustomerAnswer(name, customer, Status(status), record_id, reason)


def _profiles(members: Mapping[str, Any]) -> Sequence[object]:
    profiles = _map(members.get("Items")).get("CustomerProfiles")
    return profiles if isinstance(profiles, list) else []


def _id(value: object, name: str) -> str | None:
    found = _map(value).get(name)
    return found if isinstance(found, str) else None


def _map(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
