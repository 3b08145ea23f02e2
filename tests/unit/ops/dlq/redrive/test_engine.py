"""`ops dlq redrive`: whatever fails on the way, nothing is lost and nothing sent twice."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from ops.errors import OpsError, UnreachableError, UsageError
from ops.exits import Exit
from tests.fakes.deployment import FakeContext
from tests.fakes.queues import DEAD, ENGAGEMENT, client_error
from tests.samples import engagement_record
from tests.unit.ops.dlq.parked import park
from tests.unit.ops.dlq.redrive.operator import later, park_customers, redrive


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Let Ctrl-C interrupt, also where the tests run in the background."""
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, previous)


def test_messages_that_sqs_refuses_stay_parked(place: FakeContext) -> None:
    """One that cannot be sent is no reason to lose it, nor to stop."""
    bodies = park_customers(place.queues, 12)
    place.queues.refused = lambda body: body == bodies[4]

    assert redrive(place, "--yes") == Exit.PROBLEMS
    assert place.screen.json["notTaken"] == 1
    assert place.queues.visible(DEAD) == [bodies[4]]


@pytest.mark.parametrize(("failures", "pauses"), [(1, [0.5]), (3, [0.5, 1.0, 2.0])])
def test_throttled_sends_are_tried_again(place: FakeContext, failures: int, pauses: list[float]) -> None:
    """A throttled call surely had no effect."""
    park_customers(place.queues, 5)
    left = [failures]

    def throttle(operation: str) -> None:
        if operation == "SendMessageBatch" and left[0]:
            left[0] -= 1
            raise client_error("RequestThrottled", operation)

    place.queues.before = throttle
    assert redrive(place, "--yes") == Exit.FINE
    assert place.clock.slept[: len(pauses)] == pauses
    assert len(place.queues.bodies(ENGAGEMENT)) == 5


@pytest.mark.parametrize(
    "error", [client_error("AccessDenied", status=403), EndpointConnectionError(endpoint_url="https://sqs")]
)
def test_a_queue_that_cannot_be_reached_stops_the_run_with_nothing_lost(place: FakeContext, error: Exception) -> None:
    """Ten thousand more calls would fail alike."""
    bodies = park_customers(place.queues, 30)

    def fail(operation: str) -> None:
        if operation == "SendMessageBatch":
            raise error

    place.queues.before = fail
    with pytest.raises(UnreachableError, match="run the same command again to resume"):
        redrive(place, "--yes")
    assert sorted(place.queues.visible(DEAD)) == sorted(bodies)
    assert place.screen.json["finished"] is False


def test_an_answer_that_is_lost_leaves_messages_in_doubt_that_are_not_sent_twice(
    place: FakeContext, journals: Path
) -> None:
    """Until the profile shows the records: then they are known to have arrived, and deleted."""
    park_customers(place.queues, 5)

    def lose(operation: str) -> None:
        if operation == "SendMessageBatch":
            raise ReadTimeoutError(endpoint_url="https://sqs")

    place.queues.after = lose
    with pytest.raises(UnreachableError):
        redrive(place, "--yes")
    assert place.screen.json["inDoubt"] == 5
    assert list(journals.iterdir())

    place.queues.after = lambda _: None
    second = later(place)
    assert redrive(second, "--yes") == Exit.PROBLEMS
    assert second.screen.json["heldBack"] == {"in_doubt": 5}
    assert len(second.queues.bodies(ENGAGEMENT)) == 5

    second.profiles.work_off(second.queues)
    third = later(second)
    assert redrive(third, "--yes") == Exit.FINE
    assert third.screen.json["onlyDeleted"] == 5
    assert not third.queues.bodies(DEAD)
    assert not third.queues.bodies(ENGAGEMENT)
    assert not list(journals.iterdir())


def test_a_message_in_doubt_is_sent_where_the_operator_says_so(place: FakeContext, journals: Path) -> None:
    """Its record's id is the idempotency key: a second copy changes nothing."""
    park_customers(place.queues, 5)

    def fail(operation: str) -> None:
        if operation == "SendMessageBatch":
            raise ReadTimeoutError(endpoint_url="https://sqs")

    place.queues.before = fail
    with pytest.raises(UnreachableError):
        redrive(place, "--yes")
    place.queues.before = lambda _: None
    again = later(place)

    assert redrive(again, "--yes", "--resend-in-doubt") == Exit.FINE
    assert len(again.queues.bodies(ENGAGEMENT)) == 5
    assert not again.queues.bodies(DEAD)
    assert not list(journals.iterdir())


def test_what_was_sent_and_could_not_be_deleted_is_deleted_by_the_next_run(place: FakeContext) -> None:
    """And not sent again."""
    park_customers(place.queues, 12)

    place.queues.before = _fail_deletes
    assert redrive(place, "--yes") == Exit.PROBLEMS
    assert place.screen.json["undeleted"] == 12
    place.queues.before = lambda _: None
    again = later(place)

    assert redrive(again, "--yes") == Exit.FINE
    assert again.screen.json["onlyDeleted"] == 12
    assert len(again.queues.bodies(ENGAGEMENT)) == 12
    assert not again.queues.bodies(DEAD)


def test_a_second_redrive_at_the_same_time_is_refused(place: FakeContext, journals: Path) -> None:
    """Two journals of one queue would each know half."""
    park_customers(place.queues, 2)
    refusals: list[str] = []

    def start_another(operation: str) -> None:
        if operation == "SendMessageBatch":
            with pytest.raises(UsageError) as refused:
                redrive(later(place), "--yes")
            refusals.append(str(refused.value))

    place.queues.before = start_another
    redrive(place, "--yes")
    assert "another redrive of this queue is running" in refusals[0]
    assert not list(journals.iterdir())


def test_a_journal_that_is_none_is_refused(place: FakeContext, tmp_path: Path) -> None:
    """A file that was named by mistake is not written into."""
    (tmp_path / "letter.txt").write_text("Dear Mary\n", encoding="utf-8")

    with pytest.raises(UsageError, match="is no journal"):
        redrive(place, "--journal", str(tmp_path / "letter.txt"))
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "Dear Mary\n"


def test_profiles_that_cannot_be_read_stop_before_anything_is_sent(place: FakeContext) -> None:
    """With the line that says so."""
    park_customers(place.queues, 3)

    def deny(operation: str) -> None:
        raise client_error("AccessDeniedException", operation, 403)

    place.profiles.before = deny
    with pytest.raises(OpsError, match="may not do that"):
        redrive(place, "--yes")
    assert not place.queues.bodies(ENGAGEMENT)
    assert len(place.queues.visible(DEAD)) == 3


def test_a_message_in_doubt_that_the_filters_leave_out_is_left_alone(place: FakeContext) -> None:
    """Even if its profile shows that it arrived: the operator has not asked for it."""
    park_customers(place.queues, 3)

    def lose(operation: str) -> None:
        if operation == "SendMessageBatch":
            raise ReadTimeoutError(endpoint_url="https://sqs")

    place.queues.after = lose
    with pytest.raises(UnreachableError):
        redrive(place, "--yes")
    place.queues.after = lambda _: None
    place.profiles.work_off(place.queues)
    again = later(place)
    park(again.queues, record=engagement_record(offer_name="Free Month"))

    assert redrive(again, "--yes", "--offer", "Free Month") == Exit.FINE
    assert (again.screen.json["sent"], again.screen.json["onlyDeleted"]) == (1, 0)
    assert len(again.queues.visible(DEAD)) == 3


def _fail_deletes(operation: str) -> None:
    if operation == "DeleteMessageBatch":
        raise client_error("InternalFailure", operation, 500)


def _interrupted_at(place: FakeContext, operation: str, *arguments: str) -> None:
    """Redrive, with a Ctrl-C while the first call of an operation is under way."""
    calls: list[str] = []

    def interrupt(called: str) -> None:
        if called == operation and not calls:
            calls.append(called)
            signal.raise_signal(signal.SIGINT)

    place.queues.before = interrupt
    with pytest.raises(KeyboardInterrupt):
        redrive(place, "--yes", *arguments)
    assert calls
    place.queues.before = lambda _: None


@pytest.mark.usefixtures("ctrl_c")
@pytest.mark.parametrize("operation", ["SendMessageBatch", "DeleteMessageBatch"])
def test_ctrl_c_waits_for_the_batch_under_way(place: FakeContext, journals: Path, operation: str) -> None:
    """Its messages are sent and deleted before the run ends: none is left in doubt."""
    park_customers(place.queues, 25)
    _interrupted_at(place, operation)

    assert (place.screen.json["sent"], place.screen.json["inDoubt"]) == (10, 0)
    assert (len(place.queues.bodies(ENGAGEMENT)), len(place.queues.visible(DEAD))) == (10, 15)
    assert not list(journals.iterdir())


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_waits_for_the_deletes_of_an_earlier_run(place: FakeContext, journals: Path) -> None:
    """What is deleted is noted as deleted."""
    park_customers(place.queues, 8)

    place.queues.before = _fail_deletes
    redrive(place, "--yes")
    again = later(place)
    _interrupted_at(again, "DeleteMessageBatch")

    assert again.screen.json["onlyDeleted"] == 0  # it ended at once afterwards, before it could count them
    assert not again.queues.bodies(DEAD)
    assert not list(journals.iterdir())


def test_deletes_that_fail_again_are_counted_as_undeleted_alone(place: FakeContext) -> None:
    """Nothing is said to be deleted that is still there."""
    park_customers(place.queues, 3)

    place.queues.before = _fail_deletes
    redrive(place, "--yes")
    again = later(place)
    again.queues.before = _fail_deletes
    assert redrive(again, "--yes") == Exit.PROBLEMS
    assert (again.screen.json["sent"], again.screen.json["onlyDeleted"], again.screen.json["undeleted"]) == (0, 0, 3)
