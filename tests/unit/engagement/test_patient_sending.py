from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from engagement.clock import Deadline
from engagement.errors import CallOutlastedError, UnreadableAnswerError
from engagement.outbox import Entry, Outbox, Unsent
from engagement.patient_sending import PatientSending
from tests.fakes.clock import FakeClock
from tests.fakes.patience import FakePatience, HangError
from tests.fakes.queue import URL, FakeQueue


class FailingClient:
    """A client whose every call ends with this error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: ARG002, N803 - boto3's
        """Fail."""
        raise self._error


def test_a_call_in_time_is_the_clients_own() -> None:
    """Entries go to the queue that was named."""
    queue = FakeQueue()

    PatientSending(queue, FakePatience()).send_message_batch(QueueUrl=URL, Entries=[{"Id": "0", "MessageBody": "body"}])

    assert queue.bodies == ["body"]


@pytest.mark.parametrize(
    ("error", "told"), [(HangError(), CallOutlastedError), (AttributeError("get"), UnreadableAnswerError)]
)
def test_no_answer_and_an_unreadable_one_count_as_unsent(error: Exception, told: type[Exception]) -> None:
    """To send again is harmless; to count as sent what nobody confirmed could lose it."""
    clock = FakeClock()
    box = Outbox(PatientSending(FailingClient(error), FakePatience(clock)), URL, (), clock, 1)

    assert box.send([Entry("a")], Deadline.after(clock, 60)) == [Unsent(told.__name__, call_failed=True)]
