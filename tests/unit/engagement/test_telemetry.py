import json
import logging
from datetime import datetime
from typing import Any

import pytest
from aws_lambda_powertools.metrics import MetricUnit

from engagement.telemetry import Metric, Telemetry


@pytest.fixture(autouse=True)
def service(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """Return the name of the service, one for each test: loggers of one name share the first one's output."""
    name: str = request.node.name
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", name)
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "JourneyWriteBack")
    return name


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return what was printed, each line as JSON."""
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("level", ["info", "warning", "error"])
def test_a_line_is_json_with_its_details_and_its_invocation(
    capsys: pytest.CaptureFixture[str], service: str, level: str
) -> None:
    """Logs Insights finds lines by their members."""
    telemetry = Telemetry.from_environment()
    telemetry.begin("request-1")

    getattr(telemetry, level)("customers accepted", queued=3)

    [line] = lines(capsys)
    assert line["level"] == level.upper()
    assert line["message"] == "customers accepted"
    assert line["queued"] == 3
    assert line["function_request_id"] == "request-1"
    assert line["service"] == service
    assert line["location"].startswith("test_a_line_")


def test_counts_are_one_metrics_blob(capsys: pytest.CaptureFixture[str]) -> None:
    """CloudWatch reads metrics from the log, at no call of its own."""
    Telemetry.from_environment().emit({Metric.RECORDS_RECEIVED: 3, Metric.RECORDS_FAILED: 0})

    [blob] = lines(capsys)
    assert (blob["RecordsReceived"], blob["RecordsFailed"]) == ([3.0], [0.0])
    [directive] = blob["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "JourneyWriteBack"
    assert directive["Metrics"] == [
        {"Name": "RecordsReceived", "Unit": "Count"},
        {"Name": "RecordsFailed", "Unit": "Count"},
    ]


def test_one_invocations_counts_do_not_leak_into_the_next(capsys: pytest.CaptureFixture[str]) -> None:
    """The environment, and its metrics object, live on between invocations."""
    telemetry = Telemetry.from_environment()
    telemetry.emit({Metric.RECORDS_QUEUED: 1})
    telemetry.emit({Metric.RECORDS_QUEUED: 2})

    assert [blob["RecordsQueued"] for blob in lines(capsys)] == [[1.0], [2.0]]


def test_times_are_told_in_milliseconds() -> None:
    """A graph without a unit is read as whatever one expects."""
    assert [metric for metric in Metric if metric.unit is MetricUnit.Milliseconds] == [
        Metric.RETURNED_AGE,
        Metric.RECORD_AGE,
        Metric.WRITE_LATENCY,
    ]
    assert {metric.unit for metric in Metric} == {MetricUnit.Milliseconds, MetricUnit.Count}


def test_several_values_are_one_array(capsys: pytest.CaptureFixture[str]) -> None:
    """Percentiles need every value; a blob for each would cost a line for each."""
    Telemetry.from_environment().emit({Metric.WRITE_CALLS: 2, Metric.WRITE_LATENCY: [12.5, 80.0]})

    [blob] = lines(capsys)
    assert (blob["WriteCalls"], blob["WriteLatency"]) == ([2.0], [12.5, 80.0])


@pytest.mark.parametrize("count", [99, 100, 101, 200, 250])
def test_a_blob_holds_no_more_than_a_hundred_values(capsys: pytest.CaptureFixture[str], count: int) -> None:
    """CloudWatch ignores a blob that holds more, and every value must be told once."""
    Telemetry.from_environment().emit({Metric.WRITE_CALLS: count, Metric.WRITE_LATENCY: list(range(count))})

    blobs = lines(capsys)
    assert [value for blob in blobs for value in blob.get("WriteLatency", [])] == [float(n) for n in range(count)]
    assert [value for blob in blobs for value in blob.get("WriteCalls", [])] == [float(count)]
    assert max(len(blob.get("WriteLatency", [])) for blob in blobs) <= 100


def test_a_metric_without_a_value_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """No calls, no latency."""
    Telemetry.from_environment().emit({Metric.WRITE_CALLS: 0, Metric.WRITE_LATENCY: []})

    [blob] = lines(capsys)
    assert "WriteLatency" not in blob
    assert [metric["Name"] for metric in blob["_aws"]["CloudWatchMetrics"][0]["Metrics"]] == ["WriteCalls"]


def test_a_reason_is_a_dimension_of_its_own_count_alone(capsys: pytest.CaptureFixture[str], service: str) -> None:
    """Else every metric would be split by it."""
    telemetry = Telemetry.from_environment()
    telemetry.emit_by_reason(Metric.RECORDS_PARKED, {"no_identity": 2, "not_json": 1})
    telemetry.emit({Metric.RECORDS_PARKED: 3})

    blobs = lines(capsys)
    assert [(set(blob["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0]), blob.get("reason")) for blob in blobs] == [
        ({"service", "reason"}, "no_identity"),
        ({"service", "reason"}, "not_json"),
        ({"service"}, None),
    ]
    assert [blob["RecordsParked"] for blob in blobs] == [[2.0], [1.0], [3.0]]
    assert {blob["service"] for blob in blobs} == {service}


@pytest.mark.parametrize("count", [1, 250])
def test_every_blob_of_metrics_bears_a_level_that_nothing_drops(capsys: pytest.CaptureFixture[str], count: int) -> None:
    """A log control of Lambda's that is raised by hand would otherwise take them for INFO, and every alarm be quiet."""
    telemetry = Telemetry.from_environment()
    telemetry.emit({Metric.WRITE_CALLS: count, Metric.WRITE_LATENCY: [1.0] * count})
    telemetry.emit_by_reason(Metric.RECORDS_PARKED, {"no_identity": 2, "not_json": 1})

    blobs = lines(capsys)
    assert {blob["level"] for blob in blobs} == {"FATAL"}
    assert {datetime.fromisoformat(blob["timestamp"]).utcoffset() for blob in blobs} == {
        datetime.fromisoformat("2026-01-01T00:00:00Z").utcoffset()
    }
    # and no metric is made of either
    named = {metric["Name"] for blob in blobs for metric in blob["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert named == {"WriteCalls", "WriteLatency", "RecordsParked"}


def test_a_lines_timestamp_is_one_that_lambda_reads(capsys: pytest.CaptureFixture[str]) -> None:
    """With another one its level is taken for INFO."""
    Telemetry.from_environment().error("failed")

    [line] = lines(capsys)
    assert "T" in line["timestamp"]
    assert line["timestamp"].endswith("+00:00")


@pytest.mark.parametrize("name", ["botocore", "boto3", "urllib3", "botocore.endpoint", "urllib3.poolmanager"])
def test_what_writes_requests_stays_quiet_whatever_the_root_logger_may(name: str) -> None:
    """The root logger's level is Lambda's application log level; at DEBUG these would write customers."""
    root = logging.getLogger()
    before = root.level
    try:
        root.setLevel(logging.DEBUG)
        Telemetry.from_environment()
        assert logging.getLogger(name).getEffectiveLevel() == logging.WARNING
    finally:
        root.setLevel(before)
