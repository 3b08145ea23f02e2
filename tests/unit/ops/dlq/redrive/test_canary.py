"""`ops dlq redrive --canary`: the rest follows the first few, or stays."""

import pytest

from engagement.wire import decode
from ops.errors import UsageError
from ops.exits import Exit
from tests.fakes.deployment import FakeContext
from tests.fakes.queues import DEAD, ENGAGEMENT
from tests.unit.ops.dlq.parked import park
from tests.unit.ops.dlq.redrive.operator import park_customers, redrive


def test_canaries_that_are_written_let_the_rest_follow(place: FakeContext) -> None:
    """The fault is mended: that is now known of N and can be expected of all."""
    park_customers(place.queues, 30)
    place.profiles.before = lambda _: place.profiles.work_off(place.queues) if place.clock.elapsed else None

    assert redrive(place, "--yes", "--canary", "3") == Exit.FINE
    assert len(place.screen.json["canaries"]["written"]) == 3
    assert place.screen.json["sent"] == 30
    assert not place.queues.bodies(DEAD)


def test_a_canary_that_is_parked_again_stops_the_rest(place: FakeContext) -> None:
    """Twenty-seven customers' records stay where they are."""
    park_customers(place.queues, 30)

    def park_again(_: str) -> None:
        if place.clock.elapsed > 3:
            for body in place.queues.bodies(ENGAGEMENT):
                park(place.queues, record=decode(body))
            place.queues.queues[ENGAGEMENT].clear()

    place.profiles.before = park_again
    assert redrive(place, "--yes", "--canary", "3") == Exit.PROBLEMS
    document = place.screen.json
    assert (document["sent"], len(document["canaries"]["parkedAgain"]), document["finished"]) == (3, 3, False)
    assert len(place.queues.visible(DEAD)) == 30


def test_a_canary_without_an_outcome_in_time_stops_the_rest(place: FakeContext) -> None:
    """A writer that does not write is no reason to send more."""
    park_customers(place.queues, 10)

    assert redrive(place, "--yes", "--canary", "2", "--canary-patience", "30") == Exit.PROBLEMS
    assert len(place.screen.json["canaries"]["waiting"]) == 2
    assert len(place.queues.bodies(DEAD)) == 8
    assert place.clock.elapsed < 60


def test_a_canary_needs_profiles(place: FakeContext) -> None:
    """Its outcome is read there."""
    with pytest.raises(UsageError, match="--skip-profile-check"):
        redrive(place, "--yes", "--canary", "1", "--skip-profile-check")
