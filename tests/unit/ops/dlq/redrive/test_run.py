"""`ops dlq redrive`: what is sent where, how fast, and that nothing is sent before it was asked for."""

import json
from pathlib import Path
from typing import Any

import pytest

from engagement.parking import Stage
from engagement.reasons import Reason
from engagement.wire import decode
from ops.dlq.filters import Filters
from ops.dlq.redrive.rules import GROUP
from ops.dlq.redrive.run import RedriveOptions
from ops.errors import UsageError
from ops.exits import Exit
from tests.fakes.deployment import FakeContext, deployment
from tests.fakes.queues import DEAD, ENGAGEMENT, client_error
from tests.fakes.terminal import FakeScreen
from tests.samples import engagement_record, pinpoint_event
from tests.unit.ops.dlq.parked import park
from tests.unit.ops.dlq.redrive.operator import later, park_customers, redrive, stack_in_memory


def test_without_yes_nothing_is_sent(place: FakeContext, journals: Path) -> None:
    """The first look at what a command would do must not do it."""
    bodies = park_customers(place.queues, 12)

    assert redrive(place) == Exit.FINE
    assert place.screen.json["dryRun"] is True
    assert place.screen.json["toSend"] == 12
    assert sorted(place.queues.visible(DEAD)) == sorted(bodies)
    assert not place.queues.bodies(ENGAGEMENT)
    assert not journals.exists()


def test_a_dry_run_says_what_and_how_long() -> None:
    """An operator decides by it."""
    workplace = stack_in_memory()
    workplace.screen = FakeScreen()
    park_customers(workplace.queues, 120)
    redrive(workplace)

    assert "dry run: nothing was sent; --yes sends 120 messages at 40 a second, 3 s" in workplace.screen.result


def test_every_message_is_sent_as_it_is_and_then_deleted(place: FakeContext, journals: Path) -> None:
    """Body byte for byte, with the attributes by which the writer counts redrives, and in a group of its own."""
    bodies = park_customers(place.queues, 35)
    attributes = [held.attributes for held in place.queues.queues[DEAD]]

    assert redrive(place, "--yes") == Exit.FINE
    sent = place.queues.queues[ENGAGEMENT]
    assert sorted(held.body for held in sent) == sorted(bodies)
    assert [held.attributes for held in sent] == attributes
    assert {held.group for held in sent} == {GROUP}
    assert not place.queues.bodies(DEAD)
    assert place.screen.json["sent"] == 35
    assert not list(journals.iterdir())


def test_it_is_slower_than_the_writers_budget(place: FakeContext) -> None:
    """Half of it by default: running journeys need the rest."""
    park_customers(place.queues, 200)
    redrive(place, "--yes")

    assert place.clock.elapsed == pytest.approx(200 / 40, rel=0.1)


@pytest.mark.parametrize(("rate", "budget"), [("80", "80"), ("81", "80"), ("1", "1")])
def test_a_rate_that_is_not_below_the_budget_is_refused(rate: str, budget: str) -> None:
    """It would starve the journeys that are running."""
    with pytest.raises(UsageError, match="is not below the writer's"):
        redrive(stack_in_memory(deployment=deployment(parameters={"MaxWritesPerSecond": budget})), "--rate", rate)


def test_a_rate_below_one_a_second_is_kept(place: FakeContext) -> None:
    """A service that is just coming back is handed one at a time."""
    park_customers(place.queues, 4)
    redrive(place, "--yes", "--rate", "0.5")

    assert place.clock.elapsed == pytest.approx(6)


def test_only_what_passes_the_filters_is_sent_and_the_rest_is_given_back(place: FakeContext) -> None:
    """The same filters as the list's."""
    bodies = park_customers(place.queues, 25)
    park(place.queues, record=engagement_record(offer_name="Free Month"))
    redrive(place, "--yes", "--offer", "Free Month")

    assert len(place.queues.bodies(ENGAGEMENT)) == 1
    assert sorted(place.queues.visible(DEAD)) == sorted(bodies)


def test_what_was_parked_at_ingest_goes_to_the_function_that_parked_it(place: FakeContext) -> None:
    """The writer could do nothing with an event."""
    for viewed in (True, False):
        park(
            place.queues,
            json.dumps(pinpoint_event()),
            reason=Reason.REFUSED_BY_QUEUE,
            stage=Stage.INGEST,
            viewed=viewed,
        )
    assert redrive(place, "--yes") == Exit.FINE

    assert sorted(place.account.lambda_.invoked) == ["not-viewed", "viewed"]
    assert not place.queues.bodies(DEAD)
    assert {decode(body).viewed for body in place.queues.bodies(ENGAGEMENT)} == {True, False}


def test_a_dry_run_says_of_each_message_what_would_happen(place: FakeContext) -> None:
    """By cause: where it would be sent to, or why it would stay."""
    park_customers(place.queues, 3)
    event = json.dumps(pinpoint_event())
    park(place.queues, event, reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True)
    park(place.queues, "{", reason=Reason.NOT_JSON)
    place.profiles.write(decode(place.queues.bodies(DEAD)[0]))

    assert redrive(place) == Exit.FINE
    document = place.screen.json
    assert (document["toSend"], document["toDelete"], document["profilesAsked"]) == (3, 0, 4)
    assert {(one["reason"], one["to"], one["messages"]) for one in document["ready"]} == {
        ("rejected_by_service", "the queue", 2),
        ("refused_by_queue", "viewed", 1),
    }
    assert {(one["reason"], one["why"], one["messages"]) for one in document["heldBack"]} == {
        ("not_json", "would_park", 1),
        ("rejected_by_service", "written", 1),
    }

    place.screen = FakeScreen()
    redrive(place)
    assert "the profile shows this very record already" in place.screen.result
    assert "--yes sends 3 messages at 40 a second, 0 s" in place.screen.result


def test_a_dry_run_with_nothing_to_send_says_so(place: FakeContext) -> None:
    """No duration, and no promise."""
    place.screen = FakeScreen()
    park(place.queues, "{", reason=Reason.NOT_JSON)
    redrive(place)
    assert "dry run: there is nothing to send" in place.screen.result


def test_a_dry_run_asks_the_profiles_of_the_first_thousand_messages_only(place: FakeContext) -> None:
    """And says that it is a sample."""
    park_customers(place.queues, 1_001)
    place.screen = FakeScreen()
    asked: list[str] = []
    place.profiles.before = asked.append
    redrive(place)
    assert "only the profiles of the first 1,000 customers were asked" in place.screen.result
    assert asked.count("SearchProfiles") == 1_000 * 2  # each search has an empty first page


def test_a_dry_run_after_an_interrupted_run_says_what_would_only_be_deleted(place: FakeContext) -> None:
    """Those were sent: they are counted apart."""
    park_customers(place.queues, 3)

    def fail(operation: str) -> None:
        if operation == "DeleteMessageBatch":
            raise client_error("InternalFailure", operation, 500)

    place.queues.before = fail
    assert redrive(place, "--yes") == Exit.PROBLEMS
    place.queues.before = lambda _: None
    again = later(place)
    again.screen = FakeScreen()
    redrive(again)
    assert "3 messages sent by an interrupted run would only be deleted" in again.screen.result
    assert len(again.queues.visible(DEAD)) == 3


def test_the_result_is_said_in_a_line_for_each_kind_of_end(place: FakeContext) -> None:
    """What was sent, what was rejected and by which answer, and what was held back and why."""
    bodies = park_customers(place.queues, 5)
    park(place.queues, "{", reason=Reason.NOT_JSON)
    place.queues.refused = lambda body: body in bodies[:2]
    place.screen = FakeScreen()

    assert redrive(place, "--yes") == Exit.PROBLEMS
    assert place.screen.result == (
        "3 messages sent\n"
        "  2 rejected, and still parked\n"
        "  1 held back: would be parked again unchanged; fix it with --edit, or send it with --anyway\n"
        "  2 because of: InvalidMessageContents\n"
    )


def test_what_was_sent_before_is_said_apart_from_what_is_sent_now(place: FakeContext) -> None:
    """Else the two runs together would count it twice."""
    park_customers(place.queues, 3)

    def fail(operation: str) -> None:
        if operation == "DeleteMessageBatch":
            raise client_error("InternalFailure", operation, 500)

    place.queues.before, place.screen = fail, FakeScreen()
    redrive(place, "--yes")
    assert place.screen.result == ("3 messages sent\n  3 sent, but still to be deleted: run the same command again\n")
    place.queues.before = lambda _: None
    again = later(place)
    again.screen = FakeScreen()
    assert redrive(again, "--yes") == Exit.FINE
    assert again.screen.result == "0 messages sent\n  3 sent by an earlier run, now deleted\n"


@pytest.mark.parametrize(
    ("given", "refused"),
    [
        ({"canary": 1, "skip_profile_check": True}, "cannot be combined with --skip-profile-check"),
        ({"edit": "{}", "editor": True}, "--edit and --editor cannot be combined"),
        *(
            ({"whole_queue": True, **one}, "--whole-queue moves everything as it is")
            for one in (
                {"edit": "{}"},
                {"editor": True},
                {"canary": 1},
                {"anyway": True},
                {"resend_in_doubt": True},
                {"filters": Filters(offers=frozenset("A"))},
            )
        ),
    ],
)
def test_options_that_contradict_one_another_are_refused(given: dict[str, Any], refused: str) -> None:
    """Before anything is asked of AWS."""
    with pytest.raises(UsageError, match=refused):
        RedriveOptions(**{"filters": Filters(), **given})


def test_progress_counts_what_is_sent(place: FakeContext) -> None:
    """In a pipe a line for each tenth; those that are held back count too, as they are done with."""
    park_customers(place.queues, 30)
    place.screen = FakeScreen()
    redrive(place, "--yes")
    assert "Sending: 10 of 30\nSending: 20 of 30\nSending: 30 of 30\n" in place.screen.notes
