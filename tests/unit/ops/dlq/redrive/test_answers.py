"""`ops dlq redrive`: whatever answers, no parked customer is deleted who was not accepted elsewhere."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from engagement.parking import Stage
from engagement.reasons import Reason
from ops import application
from ops.errors import OpsError
from ops.exits import Exit
from tests.fakes.channel_functions import FakeFunctions
from tests.fakes.deployment import FakeContext, deployment
from tests.fakes.queues import DEAD, ENGAGEMENT, FakeSqsService
from tests.fakes.shown_profiles import FakeShownProfiles
from tests.fakes.terminal import FakeScreen
from tests.samples import endpoint, engagement_record, pinpoint_event
from tests.unit.ops.dlq.parked import park
from tests.unit.ops.dlq.redrive.answers import Answers, said


def _place() -> FakeContext:
    parameters = {"MaxWritesPerSecond": "80", "OfferName": "30% Off Renewal"}
    workplace = FakeContext(
        profiles=FakeShownProfiles(), screen=FakeScreen(as_json=True), deployment=deployment(parameters=parameters)
    )
    workplace.account.lambda_ = FakeFunctions(workplace.queues)
    return workplace


def _redrive(workplace: Any, *arguments: str) -> None:
    options = application.parse(["dlq", "redrive", "--yes", *arguments])
    options.run(workplace)


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
    place.account.lambda_ = Answers(said(payload))
    with pytest.raises(OpsError, match="run the same command again to resume"):
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


def _receives(monkeypatch: pytest.MonkeyPatch, change: Callable[[Any], object]) -> FakeContext:
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
    assert "SQS counted 3 waiting messages and returned none" in place.screen.notes
    assert len(place.queues.bodies(DEAD)) == 3


def test_messages_that_are_not_met_again_aresaid(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads "0 messages sent" and a zero exit code would believe the queue to be empty."""
    receives = iter(range(100))
    # the plan's own receives, the last of them empty, and then none that brings anything
    place = _receives(monkeypatch, lambda answer: answer if next(receives) < 3 else {})
    options = application.parse(["dlq", "redrive", "--yes"])
    place_: Any = place
    assert options.run(place_) == Exit.PROBLEMS
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
