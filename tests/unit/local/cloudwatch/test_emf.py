"""What CloudWatch extracts from a line."""

import json
from typing import Any

import pytest

from local.cloudwatch.emf import extract
from local.cloudwatch.metrics import Datum

AT = 1_700_000_000_123


def line(**members: Any) -> str:
    """Return a line with two metrics in one set of dimensions, as Powertools writes it, with changed members."""
    metrics = [{"Name": "RecordsWritten", "Unit": "Count"}, {"Name": "WriteLatency", "Unit": "Milliseconds"}]
    directive = {"Namespace": "JourneyWriteBack", "Dimensions": [["service"]], "Metrics": metrics}
    blob = {
        "_aws": {"Timestamp": AT, "CloudWatchMetrics": [directive]},
        "service": "writer",
        "RecordsWritten": [50.0],
        "WriteLatency": [12, 8.5],
    }
    return json.dumps(blob | members)


def test_values_units_dimensions_and_time_are_those_of_the_line() -> None:
    """A percentile needs each value, and an alarm the exact dimensions."""
    dimensions = (("service", "writer"),)
    assert extract(line()) == [
        Datum("JourneyWriteBack", "RecordsWritten", dimensions, "Count", AT, (50.0,)),
        Datum("JourneyWriteBack", "WriteLatency", dimensions, "Milliseconds", AT, (12.0, 8.5)),
    ]


def test_each_set_of_dimensions_is_a_metric_of_its_own() -> None:
    """CloudWatch does not add them up."""
    directive = {"Namespace": "N", "Dimensions": [[], ["b", "a"]], "Metrics": [{"Name": "m"}]}
    blob = {"_aws": {"Timestamp": AT, "CloudWatchMetrics": [directive]}, "a": "1", "b": "2", "m": 7}
    assert extract(json.dumps(blob)) == [
        Datum("N", "m", (), "None", AT, (7.0,)),
        Datum("N", "m", (("a", "1"), ("b", "2")), "None", AT, (7.0,)),
    ]


@pytest.mark.parametrize("value", ["50", None, True, [1, "2"], [], list(range(101)), {"a": 1}])
def test_a_metric_without_numbers_is_left_out_and_the_others_count(value: object) -> None:
    """One faulty member must not cost the rest of the line."""
    assert [datum.name for datum in extract(line(RecordsWritten=value))] == ["WriteLatency"]


@pytest.mark.parametrize("value", [None, 7, ["writer"]])
def test_a_dimension_that_is_no_string_voids_its_set(value: object) -> None:
    """CloudWatch has no metric with half its dimensions."""
    assert extract(line(service=value)) == []


@pytest.mark.parametrize(
    "text",
    [
        "START RequestId: 1 Version: $LATEST",
        '{"message": "CloudWatchMetrics"}',
        '{"_aws": {"CloudWatchMetrics": []}',
        '["CloudWatchMetrics"]',
        '{"_aws": {"CloudWatchMetrics": []}}',
        '{"_aws": {"Timestamp": 1, "CloudWatchMetrics": {}}}',
        '{"_aws": {"Timestamp": 1, "CloudWatchMetrics": [{"Metrics": [{"Name": "m"}]}]}, "m": 1}',
        '{"_aws": 1, "x": "\\"CloudWatchMetrics\\""}',
    ],
)
def test_any_other_line_holds_no_metrics(text: str) -> None:
    """Most lines are for people."""
    assert extract(text) == []
