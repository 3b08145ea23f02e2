import json
from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws

from engagement.errors import InvalidEventError, SettingsError, UnsentError
from ingest.handler import ANSWERING, LONGEST_CALL, SQS_CONFIG, channel, handler
from tests.fakes.channel import FakeChannel
from tests.fakes.invocation import FakeContext
from tests.samples import connect_event, endpoint, pinpoint_event


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """An environment that a new function finds, without one of its own."""
    for name in ("OFFER_VIEWED", "OFFER_NAME", "ENGAGEMENT_QUEUE_URL", "DEAD_LETTER_QUEUE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "JourneyWriteBack")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    channel.cache_clear()
    yield monkeypatch
    channel.cache_clear()


def test_customers_are_queued_and_answered() -> None:
    """The journey branches on the answer."""
    function = FakeChannel(viewed=False)

    answer = function.invoke(pinpoint_event())

    [record] = function.queued
    assert not record["offerViewed"]
    assert answer["endpoint-1"]["EventAttributes"] == {
        "EngagementStatus": "queued",
        "EngagementRecordId": record["recordId"],
    }


def test_one_line_says_what_became_of_the_event() -> None:
    """Counts and reasons are enough to see a journey go wrong; names of customers are not needed."""
    function = FakeChannel()

    function.invoke(pinpoint_event({"a": endpoint(1), "b": None, "c": {}}))

    [line] = function.lines
    assert (line["level"], line["source"], line["function_request_id"]) == ("WARNING", "pinpoint", "request-1")
    assert (line["received"], line["queued"], line["parked"], line["failed"]) == (3, 1, 2, 0)
    assert line["reasons"] == {"malformed_customer": 1, "no_identity": 1}


def test_what_went_well_is_no_warning() -> None:
    """A log full of warnings hides the one that counts."""
    function = FakeChannel()

    function.invoke(pinpoint_event())

    assert [line["level"] for line in function.lines] == ["INFO"]


def test_counts_are_emitted_and_add_up(capsys: pytest.CaptureFixture[str]) -> None:
    """Received is queued, parked and failed together."""
    function = FakeChannel()
    function.queue.refuse(lambda body: "user-3" in body, "InternalError", sender_fault=False)

    with pytest.raises(UnsentError):
        function.invoke(pinpoint_event({"a": endpoint(1), "b": None, "c": endpoint(3)}))

    [blob] = [blob for blob in map(json.loads, capsys.readouterr().out.splitlines()) if "reason" not in blob]
    names = ("RecordsReceived", "RecordsQueued", "RecordsParked", "RecordsFailed")
    assert [blob[name] for name in names] == [[3.0], [1.0], [1.0], [1.0]]


def test_an_invalid_event_fails_the_invocation_and_is_logged() -> None:
    """A wrong caller must see an error, and the operator the reason."""
    function = FakeChannel()

    with pytest.raises(InvalidEventError):
        function.invoke({"Records": []})

    [line] = function.lines
    assert (line["level"], line["message"]) == ("ERROR", "invalid event")
    assert line["detail"].startswith("invalid_event: ")


def test_customers_that_sqs_does_not_take_fail_the_invocation() -> None:
    """The caller must know; what was taken stays, and a repeat is harmless."""
    function = FakeChannel()
    function.queue.fail("ServiceUnavailable", times=1)
    endpoints = {f"endpoint-{number}": endpoint(number) for number in range(15)}

    with pytest.raises(UnsentError, match="10 of 15 customers"):
        function.invoke(pinpoint_event(endpoints))
    function.invoke(pinpoint_event(endpoints))

    assert len(function.queue.messages) == 20
    assert len({record["recordId"] for record in function.queued}) == 15


def test_the_last_call_starts_early_enough_to_be_answered() -> None:
    """Pinpoint waits 15 seconds: a call that starts later than this may end after them."""
    function = FakeChannel()
    function.queue.seconds_a_call = 1.0

    with pytest.raises(UnsentError, match="DeadlinePassed"):
        function.invoke(pinpoint_event({f"endpoint-{number}": endpoint(number) for number in range(500)}), seconds=15)

    assert len(function.queue.calls) == 8, "one a second, none of them later than 7 s before the end"


@pytest.mark.parametrize("queue", ["queue", "dead_letters"])
def test_a_queue_that_never_answers_fails_the_invocation_in_time(
    queue: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The caller must learn it from the function, not from its own timeout."""
    function = FakeChannel()
    getattr(function, queue).hangs = True

    with pytest.raises(UnsentError, match="CallOutlastedError"):
        function.invoke(pinpoint_event({"a": endpoint(1), "b": None}), seconds=14)

    assert function.clock.elapsed <= 13
    [line] = function.lines
    assert (line["level"], line["calls_outlasted"]) == ("WARNING", 1)
    [blob] = [blob for blob in map(json.loads, capsys.readouterr().out.splitlines()) if "reason" not in blob]
    assert blob["CallsOutlasted"] == [1.0]


def test_a_call_ends_in_six_seconds_and_the_answer_has_one() -> None:
    """The figures of docs/guarantees.md; botocore's two attempts and the pause between them fit into the six."""
    config = vars(SQS_CONFIG)
    attempt = config["connect_timeout"] + config["read_timeout"]

    assert (LONGEST_CALL, ANSWERING) == (6.0, 1.0)
    assert (attempt, config["retries"]) == (2.5, {"mode": "standard", "total_max_attempts": 2})
    assert 2 * attempt + 1 <= LONGEST_CALL


def test_without_time_nothing_is_started() -> None:
    """A call that nobody waits for leaves customers in the queue and an error at the caller."""
    function = FakeChannel()

    with pytest.raises(UnsentError):
        function.invoke(pinpoint_event(), seconds=7)

    assert function.queue.calls == []


def test_a_campaign_hears_of_failures_in_the_answer() -> None:
    """Every profile must be answered, whatever SQS does."""
    function = FakeChannel()
    function.queue.fail("ServiceUnavailable", times=1)

    answer = function.invoke(connect_event())

    [result] = answer["Items"]["CustomerProfiles"]
    assert result["Id"] == "profile-1"
    assert (result["ResultData"]["status"], result["ResultData"]["reason"]) == ("failed", "ServiceUnavailable")


def test_an_answer_can_be_written_as_utf8() -> None:
    """Lambda's runtime for Python 3.12 and later fails on half a character, after all customers were queued."""
    answer = FakeChannel().invoke(pinpoint_event({"a\ud800": endpoint(1), "b": endpoint(2)}))

    assert json.dumps(answer, ensure_ascii=False).encode()
    assert answer["b"]["EventAttributes"]["EngagementStatus"] == "queued"
    assert answer["a\ufffd"]["EventAttributes"]["EngagementStatus"] == "parked"


def test_a_function_without_settings_does_not_start(environment: pytest.MonkeyPatch) -> None:
    """The error names the setting."""
    environment.setenv("OFFER_VIEWED", "perhaps")

    with pytest.raises(SettingsError, match="OFFER_VIEWED"):
        handler(pinpoint_event(), FakeContext())


@mock_aws
def test_lambda_calls_the_handler(environment: pytest.MonkeyPatch) -> None:
    """The one place where everything is put together, with a real client."""
    sqs = boto3.client("sqs")
    queue, dead_letters = [sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("engagement", "dead")]
    environment.setenv("OFFER_VIEWED", "true")
    environment.setenv("OFFER_NAME", "30% Off Renewal")
    environment.setenv("ENGAGEMENT_QUEUE_URL", queue)
    environment.setenv("DEAD_LETTER_QUEUE_URL", dead_letters)
    environment.setenv("CONNECT_OFFER_NAME_FROM", "settings")
    environment.setenv("DEFAULT_PHONE_REGION", "")

    answer = handler(pinpoint_event({"a": endpoint(1), "b": None}), FakeContext())

    assert list(answer) == ["a", "b"]
    [record] = sqs.receive_message(QueueUrl=queue)["Messages"]
    [parked] = sqs.receive_message(QueueUrl=dead_letters, MessageAttributeNames=["All"])["Messages"]
    assert json.loads(record["Body"])["customer"]["userId"] == "user-1"
    assert parked["MessageAttributes"]["reason"]["StringValue"] == "malformed_customer"
    assert channel() is channel()
