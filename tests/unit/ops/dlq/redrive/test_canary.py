"""`ops dlq redrive --canary`: the rest follows the first few, or stays."""

import json

import pytest

from engagement.parking import Stage
from engagement.reasons import Reason
from engagement.wire import decode
from ops.dlq.redrive.canary import CanaryOutcome, await_outcome
from ops.errors import UsageError
from ops.exits import Exit
from tests.fakes.clock import FakeClock
from tests.fakes.deployment import FakeContext
from tests.fakes.queues import DEAD, ENGAGEMENT
from tests.fakes.terminal import FakeScreen
from tests.samples import pinpoint_event
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


def test_a_canary_that_is_parked_again_is_found_long_before_the_timeout(place: FakeContext) -> None:
    """The dead-letter queue is scanned every ten seconds or so, and not only when the time is up."""
    park_customers(place.queues, 5)

    def park_again(_: str) -> None:
        for body in place.queues.bodies(ENGAGEMENT):
            park(place.queues, record=decode(body))
        place.queues.queues[ENGAGEMENT].clear()

    place.profiles.before = park_again
    assert redrive(place, "--yes", "--canary", "1", "--canary-timeout", "180") == Exit.PROBLEMS
    assert len(place.screen.json["canaries"]["parkedAgain"]) == 1
    assert place.clock.elapsed == pytest.approx(8, abs=1)


def test_a_canary_that_the_function_itself_parks_stops_the_rest(place: FakeContext) -> None:
    """It was sent nowhere: there is no record to wait for."""
    for number in range(3):
        body = json.dumps(pinpoint_event({f"endpoint-{number}": {}}))
        park(place.queues, body, reason=Reason.NO_IDENTITY, stage=Stage.INGEST, viewed=True)
    place.screen = FakeScreen()

    assert redrive(place, "--yes", "--anyway", "--canary", "1") == Exit.PROBLEMS
    assert "canaries: 0 written, 1 parked again, 0 without an outcome in time" in place.screen.result
    assert "stopped: the rest was not sent" in place.screen.result
    assert len(place.account.lambda_.invoked) == 1


def test_a_canary_that_is_no_record_has_no_outcome_and_no_id_to_show(place: FakeContext) -> None:
    """It was sent with --anyway and names no customer: no profile can be asked for it."""
    for _ in range(2):
        park(place.queues, "{", reason=Reason.NOT_JSON)
    place.screen = FakeScreen()

    assert redrive(place, "--yes", "--anyway", "--canary", "1") == Exit.PROBLEMS
    assert place.queues.bodies(ENGAGEMENT) == ["{"]
    assert "canaries: 0 written, 0 parked again, 1 without an outcome in time" in place.screen.result
    assert not [line for line in place.screen.result.splitlines() if line.startswith("  record")]


def test_a_copy_that_waits_for_its_turn_is_no_canary_that_came_back(place: FakeContext) -> None:
    """One record may be parked twice: the second message was there before the canary was sent."""
    for _ in range(2):
        park(place.queues)

    assert redrive(place, "--yes", "--canary", "1", "--canary-timeout", "30") == Exit.PROBLEMS
    canaries = place.screen.json["canaries"]
    assert (canaries["parkedAgain"], len(canaries["waiting"])) == ([], 1)


@pytest.mark.parametrize(
    ("outcome", "is_well"),
    [
        (CanaryOutcome(frozenset("a"), frozenset(), frozenset()), True),
        (CanaryOutcome(frozenset("a"), frozenset("b"), frozenset()), False),
        (CanaryOutcome(frozenset("a"), frozenset(), frozenset("b")), False),
        (CanaryOutcome(frozenset("a"), frozenset(), frozenset(), 1), False),
    ],
)
def test_the_rest_follows_only_if_every_canary_was_written(outcome: CanaryOutcome, *, is_well: bool) -> None:
    """One that was parked, or has no outcome, is reason enough not to send a thousand more."""
    assert outcome.is_well is is_well


def test_canaries_are_asked_for_every_two_seconds_until_the_timeout() -> None:
    """Then the dead-letter queue is scanned once more, and what is found nowhere is said."""
    clock, asked, scanned = FakeClock(), list[float](), list[float]()

    def shows(record: str) -> bool:
        asked.append(clock.elapsed)
        return record == "written"

    def parked_among(records: frozenset[str]) -> frozenset[str]:
        scanned.append(clock.elapsed)
        assert records == {"lost"}
        return frozenset()

    outcome = await_outcome(["written", "lost"], shows, parked_among, clock, 17)
    assert outcome == CanaryOutcome(frozenset({"written"}), frozenset(), frozenset({"lost"}))
    assert asked == [0, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18]
    assert scanned == [8, 18]
