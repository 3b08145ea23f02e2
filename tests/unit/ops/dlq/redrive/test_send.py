"""A send counts as SQS says of it; what may have happened is never done again."""

import hashlib
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, SSLError

from engagement.sqs_batch import Entry
from ops.dlq.redrive.send import Dispatch, SendRequest, SendStatus
from tests.fakes.clock import FakeClock
from tests.fakes.queues import ENGAGEMENT, client_error
from tests.unit.ops.dlq.redrive.answers import Answers


def _dispatch(sqs: Any, clock: FakeClock | None = None) -> Dispatch:
    functions: Any = Answers()
    return Dispatch(sqs, ENGAGEMENT, functions, clock or FakeClock())


def _request(number: int) -> SendRequest:
    return SendRequest(f"message-{number}", Entry(f"body {number}"))


def _taken(entry: Mapping[str, Any], body: str | None = None) -> dict[str, Any]:
    digest = hashlib.md5((body or entry["MessageBody"]).encode(), usedforsecurity=False).hexdigest()
    return {"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": digest}


def _refused(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"Id": entry["Id"], "Code": "InternalError", "SenderFault": False}


OF_SQS: Mapping[str, tuple[Callable[[Sequence[Any]], object], list[SendStatus]]] = {
    "as it should be": (
        lambda sent: {"Successful": [_taken(sent[0])], "Failed": [_refused(sent[1])]},
        [SendStatus.SENT, SendStatus.REJECTED],
    ),
    "null": (lambda _: None, [SendStatus.IN_DOUBT] * 2),
    "a list": (lambda _: [], [SendStatus.IN_DOUBT] * 2),
    "nothing": (lambda _: {}, [SendStatus.IN_DOUBT] * 2),
    "lists that are none": (lambda _: {"Successful": "0", "Failed": 1}, [SendStatus.IN_DOUBT] * 2),
    "entries that are none": (lambda sent: {"Successful": [sent[0]["Id"], None]}, [SendStatus.IN_DOUBT] * 2),
    "one entry only": (lambda sent: {"Successful": [_taken(sent[1])]}, [SendStatus.IN_DOUBT, SendStatus.SENT]),
    "an entry in both lists": (
        lambda sent: {"Successful": [_taken(sent[0]), _taken(sent[1])], "Failed": [_refused(sent[0])]},
        [SendStatus.IN_DOUBT, SendStatus.SENT],
    ),
    "an entry twice": (
        lambda sent: {"Successful": [_taken(sent[0]), _taken(sent[0]), _taken(sent[1])]},
        [SendStatus.IN_DOUBT, SendStatus.SENT],
    ),
    "another request's": (
        lambda _: {"Successful": [{"Id": str(one), "MessageId": "m"} for one in range(2)]},
        [SendStatus.IN_DOUBT] * 2,
    ),
    "an entry of another request too": (
        lambda sent: {"Successful": [*map(_taken, sent), {"Id": "x"}]},
        [SendStatus.IN_DOUBT] * 2,
    ),
    "another body": (
        lambda sent: {"Successful": [_taken(sent[0], "half a bo"), _taken(sent[1])]},
        [SendStatus.IN_DOUBT, SendStatus.SENT],
    ),
    "a failure without a code": (
        lambda sent: {"Successful": [_taken(sent[1])], "Failed": [{"Id": sent[0]["Id"]}]},
        [SendStatus.IN_DOUBT, SendStatus.SENT],
    ),
}


@pytest.mark.parametrize(("answer", "fates"), OF_SQS.values(), ids=OF_SQS)
def test_an_entry_counts_as_sqs_says_of_it_once_and_wholly(
    answer: Callable[[Sequence[Any]], object], fates: list[SendStatus]
) -> None:
    """What it does not say, or says twice, leaves the message in doubt."""
    sent = _dispatch(Answers(answer)).send([_request(0), _request(1)])
    assert [one.status for one in sent] == fates


def test_no_two_requests_name_their_entries_alike() -> None:
    """An answer that a proxy gave to the wrong one would else be believed."""
    named: list[str] = []

    def note(entries: Sequence[Any]) -> object:
        named.extend(entry["Id"] for entry in entries)
        return {}

    dispatch = _dispatch(Answers(note))
    dispatch.send([_request(0)])
    dispatch.send([_request(0)])
    assert len(set(named)) == len(named) == 2


def _raised(cause: Exception) -> SSLError:
    error = SSLError(endpoint_url="https://sqs", error=cause)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        # a page instead of the service's word has no code: botocore takes the status for one
        (client_error("400", status=400), SendStatus.IN_DOUBT),
        (client_error("403", status=403), SendStatus.IN_DOUBT),
        (client_error("302", status=302), SendStatus.IN_DOUBT),
        (client_error("503", status=503), SendStatus.IN_DOUBT),
        (client_error("AccessDenied", status=403), SendStatus.REJECTED),
        (_raised(ssl.SSLCertVerificationError("self-signed")), SendStatus.REJECTED),
        (_raised(ssl.SSLError("record layer failure")), SendStatus.IN_DOUBT),
        (ConnectionClosedError(endpoint_url="https://sqs"), SendStatus.IN_DOUBT),
    ],
)
def test_only_the_services_own_refusal_says_that_a_call_had_no_effect(error: Exception, fate: SendStatus) -> None:
    """A proxy may answer with a page after it had passed the call on; TLS may break after the request."""
    calls = Answers(error=error)
    [sent] = _dispatch(calls).send([_request(0)])
    assert sent.status is fate
    if fate is SendStatus.IN_DOUBT:
        assert calls.calls == 1


def test_the_services_error_is_told_apart_from_a_page() -> None:
    """A guard of the fixture above: this is how botocore reads a page with status 400."""
    error = client_error("400", status=400)
    assert error.response["Error"].get("Code") == "400"
