"""When the template's alarms ring: their own definitions, evaluated by the local CloudWatch's rules."""

from collections.abc import Mapping
from typing import Any

import pytest

from local.cloudwatch import queries
from local.cloudwatch.alarms import Alarm, judge
from local.cloudwatch.metrics import Range
from tests.fakes.metrics import FakeMetrics
from tests.infrastructure.template import PARAMETERS
from tests.infrastructure.view import NAMESPACE, OURS, alarms

NOW = 1_795_435_500
"""A full five minutes."""
DAY = 86_400
OTHERS = "JourneyWriteBack/another-stack"


@pytest.fixture
def cloudwatch() -> FakeMetrics:
    """A CloudWatch without any metric."""
    return FakeMetrics()


def put(  # noqa: PLR0917 - a metric has these parts
    cloudwatch: FakeMetrics, at: int, namespace: str, dimension: str, values: Mapping[str, float], period: int = 300
) -> None:
    """Put metrics of one function or queue; ``at`` counts periods, 0 is the last whole one."""
    name, _, value = dimension.partition("=")
    for metric, number in values.items():
        cloudwatch.put(namespace, metric, {name: value}, NOW - period * (at + 1) + 10, number)


def state(cloudwatch: Any, name: str, **parameters: float) -> str:
    """Return the state of an alarm at NOW, with these parameters, or their defaults."""
    alarm = Alarm.of({"AlarmName": name, **_resolved(alarms()[name], parameters)})
    span = Range.until(NOW, (alarm.periods + 1) * alarm.period, alarm.period)
    found = queries.answer(cloudwatch, alarm.queries, span)
    [shown] = [query for query in alarm.queries if query.shown]
    return judge(alarm, found[shown.id][0].points, span).value


def _resolved(value: Any, parameters: Mapping[str, float]) -> Any:
    match value:
        case {"Ref": name} if name in PARAMETERS:
            return parameters.get(name, PARAMETERS[name]["Default"])
        case {"Ref": name} | {"Fn::GetAtt": name}:
            return name
        case _ if value == NAMESPACE:
            return OURS
        case dict():
            return {key: _resolved(one, parameters) for key, one in value.items()}
        case list():
            return [_resolved(one, parameters) for one in value]
        case _:
            return value


WRITER = "FunctionName=WriterFunction"
QUEUE = "QueueName=EngagementQueue.QueueName"
PARKED = "QueueName=DeadLetterQueue.QueueName"


class TestNoMetrics:
    """The writer runs, and what it tells does not arrive."""

    def test_a_writer_that_tells_nothing_rings(self, cloudwatch: FakeMetrics) -> None:
        """There is no series at all, of errors neither: expressions must not take that for no answer."""
        for at in (0, 3):
            put(cloudwatch, at, "AWS/Lambda", WRITER, {"Invocations": 5})
        assert state(cloudwatch, "NoMetricsAlarm") == "ALARM"

    def test_another_stacks_metrics_are_no_answer(self, cloudwatch: FakeMetrics) -> None:
        """With one namespace for all stacks it would stay quiet."""
        for at in (0, 3):
            put(cloudwatch, at, "AWS/Lambda", WRITER, {"Invocations": 5, "Errors": 0})
            put(cloudwatch, at, OTHERS, "service=writer", {"RecordsReceived": 5})
        assert state(cloudwatch, "NoMetricsAlarm") == "ALARM"

    @pytest.mark.parametrize("told", [{"Invocations": 5.0, "Errors": 0.0}, {}])
    def test_a_writer_that_tells_is_quiet(self, cloudwatch: FakeMetrics, told: Mapping[str, float]) -> None:
        """And so is one that nobody called, whose last metrics fell into the next period."""
        for at in range(4):
            put(cloudwatch, at, "AWS/Lambda", WRITER, told)
            put(cloudwatch, at, OURS, "service=writer", {"RecordsReceived": 50})
        assert state(cloudwatch, "NoMetricsAlarm") == "OK"

    def test_a_writer_that_fails_is_another_alarms(self, cloudwatch: FakeMetrics) -> None:
        """Who cannot start has nothing to tell."""
        for at in range(4):
            put(cloudwatch, at, "AWS/Lambda", WRITER, {"Invocations": 5, "Errors": 5})
        assert state(cloudwatch, "NoMetricsAlarm") == "OK"
        assert state(cloudwatch, "WriterErrorsAlarm") == "ALARM"

    def test_one_invocation_across_a_periods_end_is_no_silence(self, cloudwatch: FakeMetrics) -> None:
        """Lambda counts it where it begins, its metrics where it ends."""
        put(cloudwatch, 3, "AWS/Lambda", WRITER, {"Invocations": 1, "Errors": 0})
        put(cloudwatch, 2, OURS, "service=writer", {"RecordsReceived": 1})
        assert state(cloudwatch, "NoMetricsAlarm") == "OK"

    def test_a_quiet_night_is_quiet(self, cloudwatch: FakeMetrics) -> None:
        """Nobody calls, nobody tells."""
        assert state(cloudwatch, "NoMetricsAlarm") == "OK"


class TestFreshParking:
    """More is parked while something lies there."""

    @pytest.mark.parametrize("service", ["viewed-offer", "not-viewed-offer", "writer"])
    def test_what_any_function_parks_rings_for_an_hour(self, cloudwatch: FakeMetrics, service: str) -> None:
        """The two others have never parked anything, and have no such metric."""
        put(cloudwatch, 11, OURS, f"service={service}", {"RecordsParked": 1})
        assert state(cloudwatch, "FreshParkingAlarm") == "ALARM"

    def test_what_was_parked_before_is_old(self, cloudwatch: FakeMetrics) -> None:
        """DeadLettersAlarm goes on; this one can ring again."""
        put(cloudwatch, 12, OURS, "service=writer", {"RecordsParked": 1})
        put(cloudwatch, 0, OURS, "service=writer", {"RecordsParked": 0})
        put(cloudwatch, 0, "AWS/SQS", PARKED, {"ApproximateNumberOfMessagesVisible": 1})
        assert state(cloudwatch, "FreshParkingAlarm") == "OK"

    def test_another_stacks_parking_is_not_ours(self, cloudwatch: FakeMetrics) -> None:
        """Staging is full of it."""
        put(cloudwatch, 0, OTHERS, "service=writer", {"RecordsParked": 9})
        assert state(cloudwatch, "FreshParkingAlarm") == "OK"


@pytest.mark.parametrize(("days", "age", "expected"), [(5, 5.01, "ALARM"), (5, 4.99, "OK"), (13, 13.9, "ALARM")])
def test_a_parked_message_that_grows_old_rings(cloudwatch: FakeMetrics, days: int, age: float, expected: str) -> None:
    """Unsent it is gone after fourteen days, without a word."""
    put(cloudwatch, 0, "AWS/SQS", PARKED, {"ApproximateAgeOfOldestMessage": age * DAY})
    assert state(cloudwatch, "OldestParkedAlarm", OldestParkedDays=days) == expected


@pytest.mark.parametrize("function", ["ViewedOffer", "NotViewedOffer"])
def test_one_throttled_call_rings(cloudwatch: FakeMetrics, function: str) -> None:
    """It is a batch of customers, and leaves no other trace: it is neither an invocation nor an error."""
    put(cloudwatch, 0, "AWS/Lambda", f"FunctionName={function}Function", {"Throttles": 1})
    assert state(cloudwatch, f"{function}ThrottlesAlarm") == "ALARM"
    assert state(cloudwatch, f"{function}ErrorsAlarm") == "OK"


class TestDrainTime:
    """The queue needs too long."""

    @pytest.mark.parametrize("limit", [28_800, PARAMETERS["DrainTimeSeconds"]["MaxValue"]])
    def test_a_queue_that_nothing_leaves_rings_at_every_limit(self, cloudwatch: FakeMetrics, limit: int) -> None:
        """SQS tells no deletions where there are none: the condition must not be missing."""
        for at in range(3):
            put(cloudwatch, at, "AWS/SQS", QUEUE, {"ApproximateNumberOfMessagesVisible": 500})
        assert state(cloudwatch, "DrainTimeAlarm", DrainTimeSeconds=limit) == "ALARM"

    def test_a_queue_that_drains_in_time_is_quiet(self, cloudwatch: FakeMetrics) -> None:
        """A large campaign only needs time."""
        for at in range(3):
            put(cloudwatch, at, "AWS/SQS", QUEUE, {"ApproximateNumberOfMessagesVisible": 80 * 28_000})
            put(cloudwatch, at, "AWS/SQS", QUEUE, {"NumberOfMessagesDeleted": 80 * 300})
        assert state(cloudwatch, "DrainTimeAlarm") == "OK"
        assert state(cloudwatch, "DrainTimeAlarm", DrainTimeSeconds=27_000) == "ALARM"


def test_every_limit_can_be_exceeded_by_what_a_queue_keeps(cloudwatch: FakeMetrics) -> None:
    """A parameter at its maximum must not switch its alarm off."""
    for at in range(5):
        put(cloudwatch, at, "AWS/SQS", QUEUE, {"ApproximateAgeOfOldestMessage": 604_700}, 60)
    most = PARAMETERS["OldestRecordSeconds"]["MaxValue"]
    assert state(cloudwatch, "OldestRecordAlarm", OldestRecordSeconds=most) == "ALARM"
