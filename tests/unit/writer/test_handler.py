from collections.abc import Iterator
from typing import Any

import pytest

from engagement.errors import InvalidEventError, SettingsError
from engagement.record import Customer
from engagement.wire import encode
from tests.fakes.invocation import FakeContext
from tests.fakes.writer import FakeWriter
from tests.samples import engagement_record, records_of_users
from tests.sqs_events import sqs_event, sqs_message
from tests.unit.engagement.test_writer_settings import ENVIRONMENT
from writer.handler import SQS_CONFIG, handler, profiles_config, writer


def test_a_batch_that_is_written_returns_nothing(function: FakeWriter) -> None:
    """Lambda deletes what the answer does not name."""
    batch = records_of_users(50)

    assert function.invoke(sqs_event(batch)) == []
    assert set(function.profiles.objects) == {record.record_id for record in batch}
    assert function.dead_letters.messages == []


def test_only_messages_to_be_received_again_are_named(function: FakeWriter) -> None:
    """The written and the parked are done with; Lambda makes the returned visible again."""
    first, returned, last = records_of_users(3)
    function.profiles.fail(*["throttle"] * 100, record_id=returned.record_id)

    assert function.invoke(sqs_event([first, "poison", returned, "", last])) == ["message-2"]
    assert set(function.profiles.objects) == {first.record_id, last.record_id}
    assert sorted(function.dead_letters.bodies) == [" ", "poison"]


def test_an_empty_batch_is_answered(function: FakeWriter) -> None:
    """The console's test button sends what one types."""
    assert function.invoke({"Records": []}) == []


@pytest.mark.parametrize("fault", ["throttle", "server_error", "concurrent_update", "drop_before_write"])
def test_a_fault_of_a_moment_is_retried_within_the_invocation(function: FakeWriter, fault: str) -> None:
    """A trip through the queue costs minutes, a second call milliseconds."""
    batch = records_of_users(3)
    function.profiles.fail(fault, fault, record_id=batch[1].record_id)

    assert function.invoke(sqs_event(batch)) == []
    assert len(function.profiles.calls) == 5
    assert function.pauses


def test_a_write_whose_answer_was_lost_leaves_one_object(function: FakeWriter) -> None:
    """The repeat replaces the object by its equal."""
    [record] = records_of_users(1)
    function.profiles.fail("drop_after_write", record_id=record.record_id)

    assert function.invoke(sqs_event([record])) == []
    assert len(function.profiles.accepted) == 2
    assert set(function.profiles.objects) == {record.record_id}


def test_an_outage_returns_everything_and_parks_nothing(function: FakeWriter) -> None:
    """An outage is no record's fault: it must not make work for an operator."""
    function.profiles.fail_always("unavailable")

    assert function.invoke(sqs_event(records_of_users(20))) == [f"message-{number}" for number in range(20)]
    assert function.dead_letters.messages == []


def test_a_missing_permission_returns_everything_and_parks_nothing(function: FakeWriter) -> None:
    """It is the deployment's fault, and the records are as good once it is fixed."""
    function.profiles.fail_always("access_denied")

    assert len(function.invoke(sqs_event(records_of_users(20)))) == 20
    assert function.dead_letters.messages == []
    assert function.pauses == []


def test_a_message_that_cannot_be_parked_is_returned(function: FakeWriter) -> None:
    """Two faults at once lose nothing either."""
    [record] = records_of_users(1)
    function.dead_letters.fail("ServiceUnavailable", times=10)

    assert function.invoke(sqs_event(["poison", record])) == ["message-0"]


def test_a_message_without_an_id_that_cannot_be_parked_returns_the_whole_batch(function: FakeWriter) -> None:
    """Lambda takes an empty identifier for a failure of the whole batch: written twice is better than lost."""
    function.dead_letters.fail("ServiceUnavailable", times=10)

    assert function.invoke({"Records": [{"body": "who am I"}, *sqs_event(records_of_users(1))["Records"]]}) == [""]


def test_an_event_of_another_kind_fails_the_invocation_with_a_line(function: FakeWriter) -> None:
    """The reason of the wrong wiring is in the log."""
    with pytest.raises(InvalidEventError):
        function.invoke({"detail-type": "Scheduled Event"})

    [line] = function.lines
    assert (line["level"], line["message"]) == ("ERROR", "invalid event")
    assert "Records" in line["detail"]


def test_an_answer_that_is_another_records_returns_both(function: FakeWriter) -> None:
    """Which of the two was written is unknown; a kept connection that is out of step is not used again."""
    first, second, third = records_of_users(3)
    function.profiles.answer(second.record_id, f"key-of-{first.record_id}")

    assert function.invoke(sqs_event([first, second, third])) == ["message-0", "message-1"]
    assert function.lines[0]["causes"] == {"AnswerOfAnotherRecord": 2}
    assert function.profiles.closed == 1
    assert function.invoke(sqs_event([first, second])) == []


def test_a_service_that_is_down_is_called_for_a_few_records_only(function: FakeWriter) -> None:
    """Each further call would cost time for nothing."""
    function.profiles.fail_always("access_denied")

    assert len(function.invoke(sqs_event(records_of_users(50)))) == 50
    assert 5 <= len(function.profiles.calls) < 5 + function.threads


def test_the_last_receive_parks(function: FakeWriter) -> None:
    """SQS would move it at the next one, without a word."""
    function.profiles.fail_always("throttle")
    [record] = records_of_users(1)

    assert function.invoke({"Records": [sqs_message(encode(record), receives=300)]}) == []
    [parked] = function.dead_letters.messages
    assert parked.attributes["reason"] == "receives_exhausted"
    assert parked.attributes["detail"].startswith("ThrottlingException (request ")
    assert parked.body == encode(record)


def test_nothing_personal_is_logged(function: FakeWriter, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither the log nor the metrics nor the attributes of a parked message may name a customer."""
    customer = Customer(user_id="mary-1", email="mary@example.com", phone="+15551234567")
    records = [engagement_record(customer=customer, offer_name=f"offer {number}") for number in range(3)]
    function.profiles.fail("bad_request", record_id=records[0].record_id)
    function.profiles.fail(ZeroDivisionError("mary"), record_id=records[1].record_id)
    others = [sqs_message('{"user": "mary"'), sqs_message('{"version": "mary"}', "message-mary-less")]

    function.invoke({"Records": [*sqs_event(records)["Records"], *others]})

    reported = (
        function.log.getvalue()
        + capsys.readouterr().out
        + str([parked.attributes for parked in function.dead_letters.messages])
    )
    assert reported.replace("message-mary-less", "").count("mary") == reported.count("+1555") == 0


@pytest.fixture
def _fresh_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of a new Lambda environment; nothing of it stays behind."""
    for name, value in {
        **ENVIRONMENT,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "POWERTOOLS_SERVICE_NAME": "writer-under-test",
        "POWERTOOLS_METRICS_NAMESPACE": "JourneyWriteBack",
    }.items():
        monkeypatch.setenv(name, value)
    writer.cache_clear()
    yield
    writer.cache_clear()


@pytest.mark.usefixtures("_fresh_environment")
def test_the_entry_point_answers_and_keeps_its_clients() -> None:
    """A client costs 200 ms: it is made at the first invocation and never again."""
    assert handler({"Records": []}, FakeContext()) == {"batchItemFailures": []}
    first = writer()
    assert handler({"Records": []}, FakeContext()) == {"batchItemFailures": []}
    assert writer() is first
    assert first.threads == 8


def test_a_call_gives_up_in_seconds_and_is_repeated_by_the_writer_alone() -> None:
    """Seconds for the connection and the answer fit into the 6 s of a write, and into the 6 s kept for settling."""
    profiles: Any = profiles_config(8)  # the stubs know none of its members
    sqs: Any = SQS_CONFIG
    assert (profiles.connect_timeout, profiles.read_timeout, profiles.max_pool_connections) == (1, 5, 8)
    assert profiles.retries == {"total_max_attempts": 1}
    assert (sqs.connect_timeout, sqs.read_timeout) == (0.5, 2)
    assert sqs.retries == {"mode": "standard", "total_max_attempts": 2}


@pytest.mark.usefixtures("_fresh_environment")
def test_a_missing_setting_fails_each_invocation_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure that is remembered as a success would be worse than the failure."""
    monkeypatch.delenv("PROFILE_DOMAIN_NAME")

    for _ in range(2):
        with pytest.raises(SettingsError, match="PROFILE_DOMAIN_NAME is not set"):
            handler({"Records": []}, FakeContext())
