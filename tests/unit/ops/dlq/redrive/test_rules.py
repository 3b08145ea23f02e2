"""`ops dlq redrive`: what is held back, and why."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from engagement.parking import Stage
from engagement.reasons import Reason
from engagement.wire import encode
from ops.exits import Exit
from tests.fakes.clock import START
from tests.fakes.deployment import FakeContext, deployment
from tests.fakes.queues import DEAD, ENGAGEMENT
from tests.samples import JOURNEY, NOW, engagement_record, pinpoint_event
from tests.unit.ops.dlq.parked import park
from tests.unit.ops.dlq.redrive.operator import redrive, stack_in_memory


def test_what_would_be_parked_again_is_held_back(place: FakeContext) -> None:
    """Sending it only makes a new copy of the same trouble."""
    park(place.queues, "{", reason=Reason.NOT_JSON)
    body = json.dumps(pinpoint_event({"a": {}}))
    park(place.queues, body, reason=Reason.NO_IDENTITY, stage=Stage.INGEST, viewed=True)

    assert redrive(place, "--yes") == Exit.PROBLEMS
    assert place.screen.json["heldBack"] == {"would_park": 2}
    assert len(place.queues.visible(DEAD)) == 2


def test_anyway_sends_it_and_says_that_it_was_parked_again(place: FakeContext) -> None:
    """The deployed code may know better than this one; a copy takes the old message's place, and there is one still."""
    body = json.dumps(pinpoint_event({"a": {}}))
    park(place.queues, body, reason=Reason.NO_IDENTITY, stage=Stage.INGEST, viewed=True)

    assert redrive(place, "--yes", "--anyway") == Exit.PROBLEMS
    assert place.screen.json["parkedAgain"] == 1
    assert len(place.queues.bodies(DEAD)) == 1


def test_a_message_that_is_not_ours_is_left_alone(place: FakeContext) -> None:
    """Even with --anyway: it belongs to somebody else."""
    place.queues.put(DEAD, '{"somebody": "else"}')

    assert redrive(place, "--yes", "--anyway") == Exit.PROBLEMS
    assert place.screen.json["heldBack"] == {"not_ours": 1}
    assert place.queues.visible(DEAD) == ['{"somebody": "else"}']


def test_what_sqs_itself_moved_is_sent_too(place: FakeContext) -> None:
    """It is a sound record that no writer ever finished."""
    place.queues.put(DEAD, encode(engagement_record()), DeadLetterQueueSourceArn="arn")

    assert redrive(place, "--yes") == Exit.FINE
    assert place.queues.bodies(ENGAGEMENT) == [encode(engagement_record())]


@pytest.mark.parametrize(
    ("days", "offer", "held"), [(1, "30% Off Renewal", 1), (-1, "30% Off Renewal", 0), (1, "Free Month", 0)]
)
def test_a_record_is_held_back_where_the_profile_shows_something_newer(
    place: FakeContext, days: int, offer: str, held: int
) -> None:
    """For the same offer: an old 'not viewed' must not overwrite what an agent sees of a newer run."""
    park(place.queues)
    for older in range(5):
        shown = engagement_record(engaged_at=NOW - timedelta(days=9 + older), offer_name=f"offer {older}")
        place.profiles.write(shown)
    journey = engagement_record().journey
    other_run = type(journey)(**{name: getattr(journey, name) for name in journey.__slots__} | {"run_id": "run-2"})
    place.profiles.write(engagement_record(engaged_at=NOW + timedelta(days=days), journey=other_run, offer_name=offer))

    redrive(place, "--yes")
    assert place.screen.json["heldBack"] == ({"superseded": 1} if held else {})
    assert len(place.queues.visible(DEAD)) == held


def test_a_record_that_the_profile_shows_already_is_held_back(place: FakeContext) -> None:
    """There is nothing to redrive."""
    park(place.queues)
    place.profiles.write(engagement_record())

    assert redrive(place, "--yes") == Exit.PROBLEMS
    assert place.screen.json["heldBack"] == {"written": 1}
    assert not place.queues.bodies(ENGAGEMENT)


def test_the_profile_is_not_asked_where_that_is_told(place: FakeContext) -> None:
    """Not everybody may read profiles; and a dry run asks too, so that it says the truth."""
    park(place.queues)
    place.profiles.write(engagement_record())
    redrive(place)
    assert place.screen.json["toSend"] == 0

    again = stack_in_memory()
    park(again.queues)
    again.profiles.write(engagement_record())
    assert redrive(again, "--yes", "--skip-profile-check") == Exit.FINE
    assert len(again.queues.bodies(ENGAGEMENT)) == 1


def test_the_events_offer_is_the_stacks_where_it_names_none(place: FakeContext) -> None:
    """Else the comparison with the profile would be with another offer's."""
    event = json.dumps(pinpoint_event({"endpoint-1": {"User": {"UserId": "user-1"}}}))
    place.deployment = deployment(parameters={"OfferName": "Free Month"})
    park(place.queues, event, reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True, first_seen=START)
    journey = replace(JOURNEY, day="2026-11-20")
    place.profiles.write(engagement_record(offer_name="Free Month", offer_identifies=False, journey=journey))

    redrive(place, "--yes")
    assert place.screen.json["heldBack"] == {"written": 1}


def test_what_sqs_moved_and_is_no_record_is_not_ours(place: FakeContext) -> None:
    """SQS says only that it came from the queue, where anything may have been put."""
    place.queues.put(DEAD, '{"not": "a record"}', DeadLetterQueueSourceArn="arn")

    assert redrive(place, "--yes") == Exit.PROBLEMS
    assert place.screen.json["heldBack"] == {"not_ours": 1}
    assert not place.queues.bodies(ENGAGEMENT)


def test_an_event_that_does_not_say_its_function_is_held_back(place: FakeContext) -> None:
    """Each of the two functions writes something else."""
    park(place.queues, json.dumps(pinpoint_event()), reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST)

    assert redrive(place, "--yes", "--anyway") == Exit.PROBLEMS
    assert place.screen.json["heldBack"] == {"no_function": 1}
    assert not place.account.lambda_.invoked


def test_a_body_that_an_edit_made_too_large_is_held_back(place: FakeContext) -> None:
    """One mebibyte is SQS's limit, and it would refuse the batch."""
    park(place.queues)

    assert redrive(place, "--yes", "--anyway", "--edit", json.dumps({"more": "x" * 1_048_576})) == Exit.PROBLEMS
    assert place.screen.json["heldBack"] == {"too_large": 1}
    assert len(place.queues.visible(DEAD)) == 1


@pytest.mark.parametrize(("spare", "kept"), [(0, True), (-1, False)])
def test_a_body_that_leaves_no_room_for_attributes_goes_without(place: FakeContext, spare: int, *, kept: bool) -> None:
    """The record is worth more than what is known of its parking."""
    attributes = {"reason": "rejected_by_service", "stage": "writer"}
    room = 1_048_576 - sum(len(name) + len("String") + len(value) for name, value in attributes.items()) - spare
    record = json.loads(encode(engagement_record()))
    empty = json.dumps({**record, "context": {"Data": ""}})
    body = json.dumps({**record, "context": {"Data": "x" * (room - len(empty))}})
    assert len(body) == room
    place.queues.put(DEAD, body, attributes)

    assert redrive(place, "--yes") == Exit.FINE
    [sent] = place.queues.queues[ENGAGEMENT]
    assert sent.attributes == (attributes if kept else {})


def test_an_event_of_the_stacks_offer_is_superseded_by_a_newer_one_of_that_offer(place: FakeContext) -> None:
    """The event names no offer: the function's settings do, and they are the stack's parameters."""
    place.deployment = deployment(parameters={"OfferName": "Free Month"})
    event = json.dumps(pinpoint_event({"endpoint-1": {"User": {"UserId": "user-1"}}}))
    park(place.queues, event, reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True, first_seen=START)
    newer = replace(JOURNEY, run_id="run-2")
    shown = engagement_record(offer_name="Free Month", journey=newer, engaged_at=START + timedelta(days=30))
    place.profiles.write(shown)

    redrive(place, "--yes")
    assert place.screen.json["heldBack"] == {"superseded": 1}
