"""Sends events to the deployed functions, as a journey does: by invoking them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from local.demo.events import Event
from local.demo.handovers import Handover, answered, failed, printable

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
        """Return the function that an event is for; ``otherwise`` decides where its file and folder do not say."""
        viewed = otherwise if event.viewed is None else event.viewed
        return self.viewed if viewed else self.not_viewed


@dataclass(frozen=True, slots=True)
class Invocation:
    """What came of one event.

    Attributes:
        event: The event's name.
        handovers: What the function did with each customer.
        failure: The error's type and message, where the invocation failed.
    """

    event: str
    handovers: Sequence[Handover]
    failure: str | None = None


class _FailedError(Exception):
    """The invocation failed; the text is what the caller of the function hears."""

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
    said = answer if isinstance(answer, dict) else {}
    return _FailedError(str(said.get("errorType", "Unhandled")), str(said.get("errorMessage", answer)))
