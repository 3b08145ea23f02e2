"""`ops dlq redrive`: whatever answers, no parked customer is deleted whom nobody has taken over."""

import hashlib
import json
import ssl
from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, SSLError
from urllib3.exceptions import DecodeError

from engagement.parking import Stage
from engagement.reasons import Reason
from engagement.sqs_batch import Entry
from ingest.sources import connect, pinpoint
from ops import application
from ops.dlq.channel_answer import Asked, asked
from ops.dlq.sending import Dispatch, Fate, Order, Sent
from ops.errors import OpsError
from ops.exits import Exit
from tests.fakes.channel_functions import FakeFunctions
from tests.fakes.clock import FakeClock
from tests.fakes.deployment import FakeWorkplace, deployment
from tests.fakes.queues import DEAD, ENGAGEMENT, FakeSqsService, client_error
from tests.fakes.shown_profiles import FakeShownProfiles
from tests.fakes.terminal import FakeScreen
from tests.samples import endpoint, engagement_record, pinpoint_event
from tests.unit.ops.dlq.letters import park

RECORD = "0" * 32
CONNECT_EVENT = {
    "InvocationMetadata": {"CampaignContext": {"CampaignId": "campaign-1", "RunId": "run-1", "ActionId": "action-1"}},
    "Items": {"CustomerProfiles": [{"ProfileId": "a" * 32, "CustomerData": "{}"}]},
}
PINPOINT, CONNECT = Asked(pinpoint, "endpoint-1"), Asked(connect, "a" * 32)


def _pinpoint(key: str = "endpoint-1", status: object = "parked", **more: object) -> dict[str, Any]:
    return {key: {"EventAttributes": {"EngagementStatus": status, "EngagementReason": "no_identity", **more}}}


def _connect(*ids: str, status: object = "parked") -> dict[str, Any]:
    data = {"status": status, "reason": "no_identity"}
    return {"Items": {"CustomerProfiles": [{"Id": one, "ResultData": data} for one in ids]}}


NO_CONTRACT: Mapping[str, object] = {
    "a page": b"<!doctype html><title>Sign in</title>",
    "nothing": b"",
    "blanks": b" \n",
    "half of an answer": json.dumps(_pinpoint()).encode()[:-9],
    "bytes": b"\xff\xfe\x00",
    "too deep": b"[" * 200_000,
    "null": None,
    "true": True,
    "a number": 7,
    "a text": "parked",
    "a list": [],
    "a list of what it should be": [_pinpoint()],
    "a map of nothing": {},
    "an answer of API Gateway": {"statusCode": 200, "body": json.dumps(_pinpoint())},
    "an error without FunctionError": {"errorType": "InvalidEventError", "errorMessage": "parked"},
    "another customer": _pinpoint("endpoint-2"),
    "the customer and another": _pinpoint() | _pinpoint("endpoint-2"),
    "the customer and more": _pinpoint() | {"message": "parked"},
    "no attributes": {"endpoint-1": {}},
    "attributes that are none": {"endpoint-1": {"EventAttributes": "parked"}},
    "the customer as a text": {"endpoint-1": "parked"},
    "the status elsewhere": {"endpoint-1": {"EngagementStatus": "parked"}},
    "no status": {"endpoint-1": {"EventAttributes": {"EngagementReason": "no_identity"}}},
    "an unknown status": _pinpoint(status="dropped"),
    "a status in capitals": _pinpoint(status="PARKED"),
    "a status that is no text": _pinpoint(status=["parked"]),
    "a status that is null": _pinpoint(status=None),
    "queued without a record": _pinpoint(status="queued"),
    "queued with a record that is none": _pinpoint(status="queued", EngagementRecordId="none"),
    "a reason that is no text": _pinpoint(EngagementReason=7),
    "Connect's contract for Pinpoint's customer": _connect("endpoint-1"),
}
NO_CONTRACT_OF_CONNECT: Mapping[str, object] = {
    "nobody": _connect(),
    "another customer": _connect("b" * 32),
    "the customer twice": _connect("a" * 32, "a" * 32),
    "the customer and another": _connect("a" * 32, "b" * 32),
    "an unknown status": _connect("a" * 32, status="done"),
    "no data": {"Items": {"CustomerProfiles": [{"Id": "a" * 32}]}},
    "profiles that are none": {"Items": {"CustomerProfiles": ["a" * 32]}},
    "items that are none": {"Items": []},
    "more than items": _connect("a" * 32) | {"message": "parked"},
    "Pinpoint's contract for Connect's customer": _pinpoint("a" * 32),
}


class Answers:
    """`ops.dlq.sending.Invokes` and `SendsBatches` whose every answer is the one given."""

    def __init__(self, answer: object = None, error: Exception | None = None) -> None:
        self.answer = answer
        self.error = error
        self.calls = 0

    def invoke(self, **_: Any) -> object:
        self.calls += 1
        if self.error is not None:
            raise self.error
        return self.answer

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> object:  # noqa: N803 - boto3's names
        assert QueueUrl == ENGAGEMENT
        self.calls += 1
        if self.error is not None:
            raise self.error
        return self.answer(Entries) if callable(self.answer) else self.answer


def _said(payload: object) -> dict[str, Any]:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return {"StatusCode": 200, "Payload": BytesIO(body)}


def _invoke(answer: object, customer: Asked | None = PINPOINT) -> Sent:
    order = Order("message-1", Entry("{}"), "viewed", customer)
    [sent] = Dispatch(Answers(), ENGAGEMENT, Answers(answer), FakeClock()).send([order])
    return sent


@pytest.mark.parametrize("payload", NO_CONTRACT.values(), ids=NO_CONTRACT)
def test_an_answer_that_is_not_the_contracts_leaves_the_customer_in_doubt(payload: object) -> None:
    """Nobody knows what became of them, so nothing may be deleted."""
    assert _invoke(_said(payload)).fate is Fate.IN_DOUBT


@pytest.mark.parametrize("payload", NO_CONTRACT_OF_CONNECT.values(), ids=NO_CONTRACT_OF_CONNECT)
def test_the_same_holds_for_connects_contract(payload: object) -> None:
    """Its answer names the profile in a list."""
    assert _invoke(_said(payload), CONNECT).fate is Fate.IN_DOUBT


@pytest.mark.parametrize(
    ("customer", "payload", "fate"),
    [
        (PINPOINT, _pinpoint(), Fate.PARKED_AGAIN),
        (PINPOINT, _pinpoint(EngagementRecordId=RECORD), Fate.PARKED_AGAIN),
        (PINPOINT, _pinpoint(status="queued", EngagementRecordId=RECORD), Fate.SENT),
        (CONNECT, _connect("a" * 32), Fate.PARKED_AGAIN),
        (CONNECT, _connect("a" * 32, status="failed"), Fate.NOT_TAKEN),
    ],
)
def test_the_contracts_own_word_of_that_very_customer_counts(
    customer: Asked, payload: Mapping[str, Any], fate: Fate
) -> None:
    """Each status is what it says."""
    assert _invoke(_said(payload), customer).fate is fate


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {},
        [],
        {"StatusCode": 200},
        {"StatusCode": 200, "Payload": None},
        {"StatusCode": 202, "Payload": BytesIO(json.dumps(_pinpoint()).encode())},
        {"StatusCode": 204, "Payload": BytesIO(b"")},
        {"StatusCode": None, "Payload": BytesIO(json.dumps(_pinpoint()).encode())},
        {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": BytesIO(json.dumps(_pinpoint()).encode())},
        {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": BytesIO(b"<html>")},
        {"StatusCode": 200, "FunctionError": "Unhandled", "Payload": BytesIO(b'{"errorType": "Sandbox.Timedout"}')},
        {"Payload": BytesIO(json.dumps(_pinpoint()).encode()), "LogResult": "parked"},
    ],
)
def test_what_lambda_itself_says_counts_as_well(answer: object) -> None:
    """A call that Lambda only queued, a function that failed, an answer without a status: all leave the doubt."""
    assert _invoke(answer).fate is Fate.IN_DOUBT


def test_an_answer_without_an_order_of_one_customer_says_nothing() -> None:
    """There is nobody of whom it could."""
    assert _invoke(_said(_pinpoint()), None).fate is Fate.IN_DOUBT


def test_a_body_that_cannot_be_read_leaves_the_doubt() -> None:
    """Cut, or packed by something in between: the function may have been called."""

    class Broken(BytesIO):
        def read(self, *_: Any) -> bytes:
            raise DecodeError("incorrect header check")

    sent = _invoke({"StatusCode": 200, "Payload": Broken()})
    assert (sent.fate, sent.call_failed) == (Fate.IN_DOUBT, True)


@pytest.mark.parametrize(
    ("event", "customer"),
    [
        (pinpoint_event({"endpoint-1": {}}), PINPOINT),
        (CONNECT_EVENT, CONNECT),
        (pinpoint_event({}), None),
        (pinpoint_event({"endpoint-1": {}, "endpoint-2": {}}), None),
        ({"Endpoints": None}, None),
        ({"Items": {"CustomerProfiles": []}}, None),
        ({"Items": {"CustomerProfiles": [{"ProfileId": "a"}, {"ProfileId": "a"}]}}, None),
        ({"Items": {"CustomerProfiles": [{}]}}, None),
        ({"Items": {}, "Endpoints": {"endpoint-1": {}}}, None),
        ({"omitted": {"customer": "endpoint-1"}}, None),
        ({}, None),
        ([], None),
        ("endpoint-1", None),
    ],
)
def test_an_event_has_exactly_one_customer_whom_an_answer_can_name(event: object, customer: Asked | None) -> None:
    """Of no other could it be said afterwards what became of whom."""
    assert asked(json.dumps(event)) == customer


@pytest.fixture(autouse=True)
def journals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep journals out of the user's home."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def _place() -> FakeWorkplace:
    parameters = {"MaxWritesPerSecond": "80", "OfferName": "30% Off Renewal"}
    workplace = FakeWorkplace(
        profiles=FakeShownProfiles(), screen=FakeScreen(as_json=True), deployment=deployment(parameters=parameters)
    )
    workplace.account.lambda_ = FakeFunctions(workplace.queues)
    return workplace


def _redrive(workplace: Any, *arguments: str) -> None:
    options = application.parse(["dlq", "redrive", "--yes", *arguments])
    options.run(workplace, options)


def _park_events(queues: FakeSqsService, number: int) -> list[str]:
    bodies = [json.dumps(pinpoint_event({f"endpoint-{one}": endpoint(one)})) for one in range(number)]
    for body in bodies:
        park(queues, body, reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True)
    return bodies


@pytest.mark.parametrize("payload", [b"<html>", b"", b"{}", b"null"])
def test_a_proxy_that_answers_with_a_page_costs_nobody(payload: bytes) -> None:
    """Every message is where it was; the next run holds back what is in doubt, and sends it where it is told to."""
    place = _place()
    bodies = _park_events(place.queues, 5)
    place.account.lambda_ = Answers(_said(payload))
    with pytest.raises(OpsError, match="run it again to go on"):
        _redrive(place)
    assert sorted(place.queues.visible(DEAD)) == sorted(bodies)
    assert place.screen.json["inDoubt"] == place.account.lambda_.calls == 1

    place.account.lambda_, place.screen = FakeFunctions(place.queues), FakeScreen(as_json=True)
    _redrive(place)
    assert (place.screen.json["sent"], place.screen.json["heldBack"]) == (4, {"in_doubt": 1})
    _redrive(place, "--resend-in-doubt")
    assert (len(place.queues.bodies(ENGAGEMENT)), place.queues.bodies(DEAD)) == (5, [])


@pytest.mark.parametrize(
    "patch",
    [
        {"Endpoints": {"endpoint-0": None}},
        {"Endpoints": {"endpoint-1": {}}},
        {"Endpoints": None},
        {"Endpoints": []},
        {"Items": {"CustomerProfiles": [{"ProfileId": "a"}]}},
    ],
)
@pytest.mark.parametrize("anyway", [[], ["--anyway"]])
def test_an_event_that_an_edit_left_without_one_customer_is_not_sent(
    patch: Mapping[str, Any], anyway: list[str]
) -> None:
    """The function would answer of nobody, or of two, and the message would be deleted for it."""
    place = _place()
    bodies = _park_events(place.queues, 1)
    _redrive(place, "--edit", json.dumps(patch), *anyway)

    assert place.screen.json["heldBack"] == {"not_one_customer": 1}
    assert place.queues.visible(DEAD) == bodies
    assert not place.account.lambda_.invoked


def _order(number: int) -> Order:
    return Order(f"message-{number}", Entry(f"body {number}"))


def _taken(entry: Mapping[str, Any], body: str | None = None) -> dict[str, Any]:
    digest = hashlib.md5((body or entry["MessageBody"]).encode(), usedforsecurity=False).hexdigest()
    return {"Id": entry["Id"], "MessageId": "m", "MD5OfMessageBody": digest}


def _refused(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"Id": entry["Id"], "Code": "InternalError", "SenderFault": False}


OF_SQS: Mapping[str, tuple[Callable[[Sequence[Any]], object], list[Fate]]] = {
    "as it should be": (
        lambda sent: {"Successful": [_taken(sent[0])], "Failed": [_refused(sent[1])]},
        [Fate.SENT, Fate.NOT_TAKEN],
    ),
    "null": (lambda _: None, [Fate.IN_DOUBT] * 2),
    "a list": (lambda _: [], [Fate.IN_DOUBT] * 2),
    "nothing": (lambda _: {}, [Fate.IN_DOUBT] * 2),
    "lists that are none": (lambda _: {"Successful": "0", "Failed": 1}, [Fate.IN_DOUBT] * 2),
    "entries that are none": (lambda sent: {"Successful": [sent[0]["Id"], None]}, [Fate.IN_DOUBT] * 2),
    "one entry only": (lambda sent: {"Successful": [_taken(sent[1])]}, [Fate.IN_DOUBT, Fate.SENT]),
    "an entry in both lists": (
        lambda sent: {"Successful": [_taken(sent[0]), _taken(sent[1])], "Failed": [_refused(sent[0])]},
        [Fate.IN_DOUBT, Fate.SENT],
    ),
    "an entry twice": (
        lambda sent: {"Successful": [_taken(sent[0]), _taken(sent[0]), _taken(sent[1])]},
        [Fate.IN_DOUBT, Fate.SENT],
    ),
    "another request's": (
        lambda _: {"Successful": [{"Id": str(one), "MessageId": "m"} for one in range(2)]},
        [Fate.IN_DOUBT] * 2,
    ),
    "an entry of another request too": (
        lambda sent: {"Successful": [*map(_taken, sent), {"Id": "x"}]},
        [Fate.IN_DOUBT] * 2,
    ),
    "another body": (
        lambda sent: {"Successful": [_taken(sent[0], "half a bo"), _taken(sent[1])]},
        [Fate.IN_DOUBT, Fate.SENT],
    ),
    "a failure without a code": (
        lambda sent: {"Successful": [_taken(sent[1])], "Failed": [{"Id": sent[0]["Id"]}]},
        [Fate.IN_DOUBT, Fate.SENT],
    ),
}


@pytest.mark.parametrize(("answer", "fates"), OF_SQS.values(), ids=OF_SQS)
def test_an_entry_counts_as_sqs_says_of_it_once_and_wholly(
    answer: Callable[[Sequence[Any]], object], fates: list[Fate]
) -> None:
    """What it does not say, or says twice, leaves the message in doubt."""
    sent = Dispatch(Answers(answer), ENGAGEMENT, Answers(), FakeClock()).send([_order(0), _order(1)])
    assert [one.fate for one in sent] == fates


def test_no_two_requests_name_their_entries_alike() -> None:
    """An answer that a proxy gave to the wrong one would else be believed."""
    named: list[str] = []

    def note(entries: Sequence[Any]) -> object:
        named.extend(entry["Id"] for entry in entries)
        return {}

    dispatch = Dispatch(Answers(note), ENGAGEMENT, Answers(), FakeClock())
    dispatch.send([_order(0)])
    dispatch.send([_order(0)])
    assert len(set(named)) == len(named) == 2


def _raised(cause: Exception) -> SSLError:
    error = SSLError(endpoint_url="https://sqs", error=cause)
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "fate"),
    [
        # a page instead of the service's word has no code: botocore takes the status for one
        (client_error("400", status=400), Fate.IN_DOUBT),
        (client_error("403", status=403), Fate.IN_DOUBT),
        (client_error("302", status=302), Fate.IN_DOUBT),
        (client_error("503", status=503), Fate.IN_DOUBT),
        (client_error("AccessDenied", status=403), Fate.NOT_TAKEN),
        (_raised(ssl.SSLCertVerificationError("self-signed")), Fate.NOT_TAKEN),
        (_raised(ssl.SSLError("record layer failure")), Fate.IN_DOUBT),
        (ConnectionClosedError(endpoint_url="https://sqs"), Fate.IN_DOUBT),
    ],
)
def test_only_the_services_own_refusal_says_that_a_call_had_no_effect(error: Exception, fate: Fate) -> None:
    """A proxy may answer with a page after it had passed the call on; TLS may break after the request."""
    calls = Answers(error=error)
    [sent] = Dispatch(calls, ENGAGEMENT, Answers(), FakeClock()).send([_order(0)])
    assert sent.fate is fate
    if fate is Fate.IN_DOUBT:
        assert calls.calls == 1


OF_DELETING: Mapping[str, Callable[[Sequence[Any]], object]] = {
    "null": lambda _: None,
    "nothing": lambda _: {},
    "another request's": lambda sent: {"Successful": [{"Id": str(one)} for one in range(len(sent))]},
    "both": lambda sent: {
        "Successful": [{"Id": entry["Id"]} for entry in sent],
        "Failed": [{"Id": entry["Id"], "Code": "InternalError", "SenderFault": False} for entry in sent],
    },
}


@pytest.mark.parametrize("answer", OF_DELETING.values(), ids=OF_DELETING)
def test_a_delete_of_which_sqs_does_not_say_so_is_made_again(
    monkeypatch: pytest.MonkeyPatch, answer: Callable[[Sequence[Any]], object]
) -> None:
    """By the next run, which sends nothing."""
    place = _place()
    for _ in range(3):
        park(place.queues)
    with monkeypatch.context() as patch:
        patch.setattr(FakeSqsService, "delete_message_batch", lambda _, **request: answer(request["Entries"]))
        _redrive(place)
    assert (place.screen.json["sent"], place.screen.json["undeleted"]) == (3, 3)
    assert len(place.queues.bodies(DEAD)) == 3

    place.clock.advance(43_200)
    place.screen = FakeScreen(as_json=True)
    _redrive(place)
    assert (place.screen.json["sent"], place.screen.json["onlyDeleted"]) == (0, 3)
    assert (len(place.queues.bodies(ENGAGEMENT)), place.queues.bodies(DEAD)) == (3, [])


def _receives(monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], object]) -> FakeWorkplace:
    place = _place()
    for _ in range(3):
        park(place.queues)
    real = FakeSqsService.receive_message
    monkeypatch.setattr(FakeSqsService, "receive_message", lambda self, **request: change(real(self, **request)))
    return place


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        lambda _: [],
        lambda _: {"Messages": "none"},
        lambda answer: {"Messages": [*answer.get("Messages", []), None]},
        lambda answer: {"Messages": [{"MessageId": "x"}, *answer.get("Messages", [])]},
        lambda answer: {"Messages": [{**one, "Body": None} for one in answer.get("Messages", [])]},
        lambda answer: {"Messages": [{**one, "MD5OfBody": "0" * 32} for one in answer.get("Messages", [])]},
    ],
)
def test_a_receive_that_is_not_whole_ends_the_look_and_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], object]
) -> None:
    """Half a message would be sent on as half, and deleted as whole."""
    place = _receives(monkeypatch, change)
    with pytest.raises(OpsError, match="is not the service's"):
        _redrive(place)
    assert len(place.queues.bodies(DEAD)) == 3
    assert not place.queues.bodies(ENGAGEMENT)


def test_an_empty_answer_about_a_queue_that_is_not_empty_is_remarked_upon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can tell it from a count that lags, but an operator who sees both looks again."""
    place = _receives(monkeypatch, lambda _: {})
    _redrive(place)
    assert "SQS counted 3 waiting messages and handed out none" in place.screen.notes
    assert len(place.queues.bodies(DEAD)) == 3


def test_messages_that_are_not_met_again_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads "0 messages sent" and a zero exit code would believe the queue to be empty."""
    receives = iter(range(100))
    # the plan's own receives, the last of them empty, and then none that brings anything
    place = _receives(monkeypatch, lambda answer: answer if next(receives) < 3 else {})
    options = application.parse(["dlq", "redrive", "--yes"])
    place_: Any = place
    assert options.run(place_, options) == Exit.PROBLEMS
    assert (place.screen.json["sent"], place.screen.json["notMetAgain"]) == (0, 3)


def test_a_message_that_is_handed_out_twice_is_sent_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQS may do so, in one answer even."""
    place = _receives(monkeypatch, lambda answer: {"Messages": answer.get("Messages", []) * 2})
    _redrive(place)
    assert len(place.queues.bodies(ENGAGEMENT)) == 3
    assert not place.queues.bodies(DEAD)


@pytest.mark.parametrize("operation", ["search_profiles", "list_profile_objects"])
@pytest.mark.parametrize("answer", [None, {}, [], {"Items": None}, {"Items": {}}, {"Items": [None]}, {"Items": [{}]}])
def test_an_answer_without_items_is_no_nothing_there(
    monkeypatch: pytest.MonkeyPatch, operation: str, answer: object
) -> None:
    """Else an old record would be written over what the profile shows."""
    place = _place()
    park(place.queues)
    place.profiles.write(engagement_record())
    monkeypatch.setattr(FakeShownProfiles, operation, lambda _, **__: answer)

    with pytest.raises(OpsError, match="is not the service's"):
        _redrive(place)
    assert len(place.queues.visible(DEAD)) == 1
    assert not place.queues.bodies(ENGAGEMENT)


def test_objects_of_another_type_are_another_requests_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """They say nothing of the record."""
    place = _place()
    park(place.queues)
    place.profiles.write(engagement_record())
    other = {"Items": [{"Object": "{}", "ObjectTypeName": "CTR"}]}
    monkeypatch.setattr(FakeShownProfiles, "list_profile_objects", lambda _, **__: other)

    with pytest.raises(OpsError, match="it lists what was not asked for"):
        _redrive(place)
    assert not place.queues.bodies(ENGAGEMENT)


def test_the_services_error_is_told_apart_from_a_page() -> None:
    """A guard of the fixture above: this is how botocore reads a page with status 400."""
    error: ClientError = client_error("400", status=400)
    assert error.response["Error"].get("Code") == "400"
