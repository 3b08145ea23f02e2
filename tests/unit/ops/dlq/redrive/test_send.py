"""A send counts as SQS says of it; what may have happened is never done again."""

import hashlib
import ssl
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    SSLError,
)

from engagement.sqs_batch import Entry
from ingest.sources import pinpoint
from ops.dlq.redrive.channel_answer import EventCustomer
from ops.dlq.redrive.send import Dispatch, SendRequest, SendStatus, batches
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


def test_a_batch_is_no_larger_than_sqs_takes() -> None:
    """One mebibyte over all of its messages, attributes included, and ten of them; else SQS refuses all of it."""
    large = [SendRequest(str(number), Entry("x" * 349_525)) for number in range(4)]
    assert [len(batch) for batch in batches(large, 10)] == [3, 1]
    labelled = [SendRequest(str(number), Entry("x" * 349_525, attributes={"a": "b"})) for number in range(4)]
    assert [len(batch) for batch in batches(labelled, 10)] == [2, 2]
    assert [len(batch) for batch in batches([_request(number) for number in range(23)], 10)] == [10, 10, 3]
    assert [len(batch) for batch in batches([_request(number) for number in range(3)], 2)] == [2, 1]


def test_a_message_for_a_function_is_a_batch_of_its_own() -> None:
    """A function is invoked with one event; those for the queue go together."""
    event = SendRequest("event", Entry("{}"), "viewed", EventCustomer(pinpoint, "endpoint-1"))
    found = list(batches([_request(0), event, _request(1), event], 10))
    assert found == [[event], [event], [_request(0), _request(1)]]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (EndpointConnectionError(endpoint_url="https://sqs"), SendStatus.SENT),
        (ConnectTimeoutError(endpoint_url="https://sqs"), SendStatus.SENT),
        (client_error("RequestThrottled"), SendStatus.SENT),
        (client_error("ThrottlingException", status=503), SendStatus.SENT),
        (ConnectionClosedError(endpoint_url="https://sqs"), SendStatus.IN_DOUBT),
        (client_error("AccessDenied", status=403), SendStatus.REJECTED),
        (NoCredentialsError(), SendStatus.REJECTED),
        (client_error("InternalFailure", status=500), SendStatus.IN_DOUBT),
    ],
)
def test_only_what_surely_had_no_effect_and_may_succeed_is_tried_again(error: Exception, status: SendStatus) -> None:
    """After half a second."""
    failures, clock = [error], FakeClock()

    class Recovers(Answers):
        def send_message_batch(self, **request: Any) -> object:
            if failures:
                raise failures.pop()
            return {"Successful": [_taken(entry) for entry in request["Entries"]]}

    [sent] = _dispatch(Recovers(), clock).send([_request(0)])
    assert sent.status is status
    assert sent.call_failed is (status is not SendStatus.SENT)
    assert clock.slept == ([0.5] if status is SendStatus.SENT else [])


def test_five_times_are_enough() -> None:
    """Each pause is twice the one before; then the run stops, with nothing sent."""
    calls, clock = Answers(error=EndpointConnectionError(endpoint_url="https://sqs")), FakeClock()
    [sent] = _dispatch(calls, clock).send([_request(0)])
    assert (sent.status, sent.call_failed, calls.calls) == (SendStatus.REJECTED, True, 5)
    assert clock.slept == [0.5, 1.0, 2.0, 4.0]


def test_an_answer_that_names_nothing_stops_the_run_and_one_that_forgets_an_entry_does_not() -> None:
    """The first is no answer of SQS's: the next call would fail alike."""
    nothing = _dispatch(Answers({})).send([_request(0), _request(1)])
    one = _dispatch(Answers(lambda sent: {"Successful": [_taken(sent[0])]})).send([_request(0), _request(1)])
    refused = _dispatch(Answers(lambda sent: {"Failed": [_refused(sent[0])]})).send([_request(0), _request(1)])
    assert [sent.call_failed for sent in nothing] == [True, True]
    assert [sent.call_failed for sent in one] == [False, False]
    assert [(sent.status, sent.why, sent.call_failed) for sent in refused] == [
        (SendStatus.REJECTED, "InternalError", False),
        (SendStatus.IN_DOUBT, "the answer of SQS does not name it", False),
    ]
