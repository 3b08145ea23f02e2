"""`ops dlq redrive`: what is sent where, how fast, and that nothing is sent before it was asked for."""

import json
from pathlib import Path

import pytest

from engagement.parking import Stage
from engagement.reasons import Reason
from engagement.wire import decode
from ops.dlq.redrive.rules import GROUP
from ops.errors import UsageError
from ops.exits import Exit
from tests.fakes.deployment import FakeContext, deployment
from tests.fakes.queues import DEAD, ENGAGEMENT
from tests.fakes.terminal import FakeScreen
from tests.samples import engagement_record, pinpoint_event
from tests.unit.ops.dlq.parked import park
from tests.unit.ops.dlq.redrive.operator import park_customers, redrive, stack_in_memory


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
