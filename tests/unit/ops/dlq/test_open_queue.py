"""A dead-letter queue as the commands read it: nothing is consumed, and what was not seen is said."""

from pathlib import Path

import pytest

from ops.errors import OpsError, UnreachableError
from ops.exits import Exit
from tests.fakes.deployment import FakeContext
from tests.fakes.queues import DEAD, DOMAIN, FakeSqsService, client_error
from tests.samples import engagement_record
from tests.unit.ops.dlq.operator import run
from tests.unit.ops.dlq.parked import park


@pytest.mark.parametrize("command", [["list"], ["show"], ["export", "FILE"]])
def test_looking_consumes_nothing(command: list[str], tmp_path: Path) -> None:
    """Every message is there afterwards, and can be received at once."""
    workplace = FakeContext()
    for number in range(57):
        park(workplace.queues, record=engagement_record(endpoint_id=f"endpoint-{number}"))
    before = workplace.queues.bodies(DEAD)

    assert run(workplace, *[str(tmp_path / "file") if part == "FILE" else part for part in command]) == Exit.FINE
    assert workplace.queues.bodies(DEAD) == before
    assert sorted(workplace.queues.visible(DEAD)) == sorted(before)
    assert not workplace.queues.bodies(DOMAIN)


@pytest.mark.parametrize("calls", range(1, 9))
def test_an_interrupted_look_gives_back_what_it_received(calls: int) -> None:
    """Ctrl-C in mid-look must not hide messages from whoever looks next."""
    workplace = FakeContext()
    for _ in range(57):
        park(workplace.queues)
    receives = iter(range(1, 100))

    def interrupt(operation: str) -> None:
        if operation == "ReceiveMessage" and next(receives) == calls:
            raise KeyboardInterrupt

    workplace.queues.before = interrupt
    with pytest.raises(KeyboardInterrupt):
        run(workplace, "list")

    assert len(workplace.queues.visible(DEAD)) == 57


def test_a_look_that_is_killed_hides_messages_for_a_minute_or_so_only() -> None:
    """After SIGKILL nobody gives anything back but SQS."""
    workplace = FakeContext()
    for _ in range(57):
        park(workplace.queues)

    def killed(operation: str) -> None:
        if operation == "ChangeMessageVisibilityBatch":
            raise SystemExit

    workplace.queues.before = killed
    with pytest.raises(SystemExit):
        run(workplace, "list")
    workplace.clock.advance(62)

    assert len(workplace.queues.visible(DEAD)) == 57


def test_what_cannot_be_given_back_is_said() -> None:
    """Throttled calls too: the operator must not look for messages that are merely hidden."""
    workplace = FakeContext()
    park(workplace.queues)

    def throttled(operation: str) -> None:
        if operation == "ChangeMessageVisibilityBatch":
            raise client_error("ThrottlingException", operation)

    workplace.queues.before = throttled
    run(workplace, "list")

    assert "1 message could not be made visible again; their visibility timeout ends within 1 min" in (
        workplace.screen.notes
    )


def test_a_queue_with_a_redrive_policy_is_not_looked_at() -> None:
    """There, and only there, looking costs receives that lead to loss."""
    workplace = FakeContext()
    park(workplace.queues)
    workplace.queues.redrive_policy = '{"maxReceiveCount": 3}'

    with pytest.raises(OpsError, match="redrive policy of its own"):
        run(workplace, "list")
    assert workplace.queues.queues[DEAD][0].receives == 0


def test_messages_in_flight_elsewhere_are_said_to_be_missing() -> None:
    """A half-moved queue must not look like an empty one."""
    workplace = FakeContext()
    park(workplace.queues)
    workplace.queues.receive_message(QueueUrl=DEAD, MaxNumberOfMessages=10, VisibilityTimeout=600)

    assert run(workplace, "list") == Exit.FINE
    assert "no message is parked" in workplace.screen.result
    assert "1 message in flight when the scan began" in workplace.screen.notes


def test_a_queue_that_is_being_consumed_at_the_same_time_is_looked_through_to_its_end() -> None:
    """Another operator's redrive goes on while we look."""
    workplace = FakeContext()
    for number in range(30):
        park(workplace.queues, record=engagement_record(endpoint_id=f"endpoint-{number}"))

    def consume(operation: str) -> None:
        if operation == "ReceiveMessage" and workplace.queues.visible(DEAD):
            gone = next(held for held in workplace.queues.queues[DEAD] if held.visible_at <= 0)
            workplace.queues.queues[DEAD].remove(gone)

    workplace.queues.before = consume
    assert run(workplace, "list") == Exit.FINE
    assert "1 cause, 27 messages" in workplace.screen.result


def test_a_queue_that_never_ends_is_left_after_a_while() -> None:
    """Messages that come back faster than they are looked at must not hold the operator."""
    workplace = FakeContext()
    park(workplace.queues)

    def come_back(operation: str) -> None:
        if operation == "ReceiveMessage":
            workplace.clock.advance(3600)

    workplace.queues.before = come_back
    assert run(workplace, "list") == Exit.PROBLEMS
    assert "more than one scan can receive" in workplace.screen.notes


def test_a_queue_with_too_much_in_flight_is_looked_at_as_far_as_it_goes() -> None:
    """SQS lets 120,000 messages be in flight."""
    workplace = FakeContext()
    for _ in range(15):
        park(workplace.queues)
    receives = iter(range(100))

    def limited(operation: str) -> None:
        if operation == "ReceiveMessage" and next(receives) == 1:
            raise client_error("OverLimit", operation)

    workplace.queues.before = limited
    assert run(workplace, "list") == Exit.PROBLEMS
    assert "1 cause, 10 messages" in workplace.screen.result
    assert len(workplace.queues.visible(DEAD)) == 15


@pytest.mark.parametrize("answer", [None, {}, {"Attributes": None}, {"Attributes": {}}])
def test_a_queue_that_does_not_say_whether_it_has_a_redrive_policy_is_not_scanned(
    monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    """An answer without what was asked for says nothing."""
    context = FakeContext()
    monkeypatch.setattr(FakeSqsService, "get_queue_attributes", lambda _, **__: answer)
    with pytest.raises(UnreachableError, match="lacks what was asked for"):
        run(context, "list")


@pytest.mark.parametrize("operation", ["GetQueueAttributes", "ReceiveMessage"])
def test_a_call_that_fails_is_one_line(operation: str) -> None:
    """With what to do."""
    context = FakeContext()

    def fail(called: str) -> None:
        if called == operation:
            raise client_error("AccessDenied", operation, 403)

    context.queues.before = fail
    with pytest.raises(UnreachableError, match="these credentials may not do that"):
        run(context, "list")


def test_progress_counts_every_message() -> None:
    """In a pipe a line for each tenth."""
    context = FakeContext()
    for _ in range(30):
        park(context.queues)
    run(context, "list")
    assert context.screen.notes == "Scanning: 10 of 30\nScanning: 20 of 30\nScanning: 30 of 30\n"


def test_a_count_that_lags_is_only_said_of_a_scan_that_found_nothing() -> None:
    """SQS's counts are approximate; messages that came or went during a scan are no reason to repeat it."""
    context = FakeContext()
    for _ in range(3):
        park(context.queues)

    def consume(operation: str) -> None:
        if operation == "ReceiveMessage":
            del context.queues.queues[DEAD][1:]

    context.queues.before = consume
    run(context, "list")
    assert "1 cause, 1 message" in context.screen.result
    assert "its count may lag" not in context.screen.notes


def test_a_scan_stops_receiving_when_it_has_what_was_asked_for() -> None:
    """What is not received is not made invisible to others either."""
    context = FakeContext()
    for _ in range(25):
        park(context.queues)
    run(context, "show", "--limit", "10")
    assert sum(held.receives for held in context.queues.queues[DEAD]) == 10
