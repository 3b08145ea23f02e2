"""A scan of a dead-letter queue sees every message once, and makes all of them visible again."""

from typing import Any

import pytest

from ops.dlq.scan import DlqScan, delete, read_all, threads_for, visibility_for
from tests.fakes.deployment import FakeContext
from tests.fakes.queues import DEAD, client_error
from tests.unit.ops.dlq.parked import park


def test_several_receives_at_once_see_every_message_once() -> None:
    """A large queue is looked through by several threads."""
    workplace = FakeContext()
    ids = {park(workplace.queues) for _ in range(300)}
    queues: Any = workplace.queues

    with DlqScan(queues, DEAD, visibility=600, threads=4) as scan:
        seen = [letter.message_id for letters in scan.rounds() for letter in letters]

    assert sorted(seen) == sorted(ids)
    assert len(workplace.queues.visible(DEAD)) == 300


def test_a_scan_makes_messages_invisible_for_no_longer_than_sqs_allows() -> None:
    """A slow redrive of a long queue would take longer, and SQS would refuse its first receive."""
    context = FakeContext()
    park(context.queues)
    queues: Any = context.queues

    with DlqScan(queues, DEAD, visibility=50_000) as scan:
        assert len(list(scan.rounds())) == 1
        assert context.queues.queues[DEAD][0].visible_at == 43_200


@pytest.mark.parametrize(("waiting", "seconds", "threads"), [(0, 60, 1), (39, 60, 1), (40, 60, 2), (5_000, 160, 8)])
def test_a_long_queue_gets_more_time_and_more_threads(waiting: int, seconds: int, threads: int) -> None:
    """A minute, and a second for each fifty messages; a thread for each twenty, and eight at most."""
    assert (visibility_for(waiting), threads_for(waiting)) == (seconds, threads)


def test_the_longest_queue_gets_what_sqs_allows() -> None:
    """12 hours."""
    assert visibility_for(10_000_000) == 43_200


@pytest.mark.parametrize(("repeats", "complete"), [(2, True), (3, False)])
def test_rounds_without_a_new_message_end_a_scan_only_after_three(
    monkeypatch: pytest.MonkeyPatch, repeats: int, *, complete: bool
) -> None:
    """Others make messages visible again while we look: two such rounds are no end of the queue, a third one is."""
    context = FakeContext()
    first, second = park(context.queues), park(context.queues)
    queues: Any = context.queues
    real = context.queues.receive_message
    answers = iter([[first], *[[first]] * repeats, [second]])

    def receive(_: object, **request: Any) -> Any:
        wanted = next(answers, None)
        if wanted is None:
            return {}
        context.clock.advance(60)
        answer = real(**request)
        return {"Messages": [one for one in answer["Messages"] if one["MessageId"] in wanted]}

    monkeypatch.setattr(type(context.queues), "receive_message", receive)
    with DlqScan(queues, DEAD, visibility=1) as scan:
        seen = [message.message_id for messages in scan.rounds() for message in messages]
    assert (seen == [first, second], scan.complete) == (complete, complete)


def test_a_queue_is_read_whole_and_left_as_it_was() -> None:
    """As a demo or a benchmark reads it."""
    context = FakeContext()
    ids = [park(context.queues) for _ in range(23)]
    queues: Any = context.queues

    assert [message.message_id for message in read_all(queues, DEAD)] == ids
    assert len(context.queues.visible(DEAD)) == 23


def test_what_was_deleted_is_not_made_visible_again() -> None:
    """Its handle is good for nothing, and SQS would count a failure."""
    context = FakeContext()
    for _ in range(12):
        park(context.queues)
    queues: Any = context.queues

    with DlqScan(queues, DEAD) as scan:
        for messages in scan.rounds():
            gone = delete(queues, DEAD, messages[:7])
            scan.forget(gone)
    assert (len(context.queues.visible(DEAD)), scan.unreleased) == (3, 0)


def test_messages_that_cannot_be_made_visible_are_counted() -> None:
    """Each of them, over several calls at once."""
    context = FakeContext()
    for _ in range(25):
        park(context.queues)

    def throttled(operation: str) -> None:
        if operation == "ChangeMessageVisibilityBatch":
            raise client_error("ThrottlingException", operation)

    context.queues.before = throttled
    queues: Any = context.queues
    with DlqScan(queues, DEAD, threads=2) as scan:
        list(scan.rounds())
    assert scan.unreleased == 25


def test_messages_are_made_visible_once() -> None:
    """A handle that was used for it may be another consumer's by now."""
    context, calls = FakeContext(), list[str]()
    park(context.queues)
    queues: Any = context.queues
    with DlqScan(queues, DEAD) as scan:
        list(scan.rounds())
        scan.release()
        context.queues.before = calls.append
    assert not calls
