from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from engagement.clock import Deadline
from engagement.errors import CallOutlastedError, UnreadableAnswerError
from tests.fakes.clock import FakeClock
from tests.fakes.patience import FakePatience, HangError
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE, FakeCustomerProfiles
from tests.samples import engagement_record
from writer.patient_clients import PatientHiding, PatientWriting
from writer.profile_object import profile_object
from writer.visibility import Visibility

RECORD = engagement_record()


def put(client: FakeCustomerProfiles) -> object:
    """Put an object through a client that is patient."""
    return PatientWriting(client, FakePatience(client.clock)).put_profile_object(
        DomainName=DOMAIN, ObjectTypeName=OBJECT_TYPE, Object=profile_object(RECORD)
    )


def test_a_write_in_time_is_the_clients_own() -> None:
    """Its answer and its connections as well."""
    client = FakeCustomerProfiles()

    assert put(client) == {"ProfileObjectUniqueKey": f"key-of-{RECORD.record_id}"}
    PatientWriting(client, FakePatience()).close()
    assert client.closed == 1


@pytest.mark.parametrize(("fault", "objects"), [("hang", 0), ("drip", 1)])
def test_a_write_without_a_whole_answer_is_given_up_in_time(fault: str, objects: int) -> None:
    """The client's own time-outs hold for each byte, not for the answer."""
    client = FakeCustomerProfiles()
    client.fail(fault)

    with pytest.raises(CallOutlastedError):
        put(client)

    assert len(client.objects) == objects


def test_an_answer_that_cannot_be_read_has_a_name() -> None:
    """``null`` instead of a map makes botocore's parser fail."""
    client = FakeCustomerProfiles()
    client.fail(TypeError("'NoneType' object is not iterable"))

    with pytest.raises(UnreadableAnswerError):
        put(client)


class FailingHiding:
    """A client whose every change of visibilities ends with this error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: ARG002, N803 - boto3's
        """Fail."""
        raise self._error


@pytest.mark.parametrize("error", [HangError(), AttributeError("get")])
def test_a_visibility_without_an_answer_is_counted_as_not_set(error: Exception) -> None:
    """The message comes back after the queue's own timeout."""
    clock = FakeClock()
    visibility = Visibility(PatientHiding(FailingHiding(error), FakePatience(clock)), "url", ())

    assert visibility.extend({"handle": 30, "another": 60}, Deadline.after(clock, 60)) == 2
