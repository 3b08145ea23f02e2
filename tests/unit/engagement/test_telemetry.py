import json
from typing import Any

import pytest

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
    Telemetry.from_environment().count({Metric.RECORDS_RECEIVED: 3, Metric.RECORDS_FAILED: 0})

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
    telemetry.count({Metric.RECORDS_QUEUED: 1})
    telemetry.count({Metric.RECORDS_QUEUED: 2})

    assert [blob["RecordsQueued"] for blob in lines(capsys)] == [[1.0], [2.0]]
