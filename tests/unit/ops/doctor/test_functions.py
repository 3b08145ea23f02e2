"""How the event source may be wrong, and what the functions' errors become."""

from dataclasses import replace
from typing import Any

import pytest

from ops.doctor.finding import Verdict
from ops.doctor.functions import EventSource, Writer, judge_errors, judge_event_source

WRITER = Writer(30, {"MAXIMUM_CONCURRENCY": "2", "BATCH_SIZE": "50"})
SOURCE = EventSource("Enabled", ["ReportBatchItemFailures"], 2, 50)


def test_the_template_s_event_source_is_fine() -> None:
    """As it is deployed."""
    mapping = {
        "State": "Enabled",
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "ScalingConfig": {"MaximumConcurrency": 2},
        "BatchSize": 50,
    }

    assert judge_event_source([EventSource.read(mapping)], WRITER).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"state": "Disabled"}, "Disabled: nothing is written"),
        ({"response_types": []}, "one bad record returns its whole batch"),
        ({"maximum_concurrency": 10}, "10 writers at once, the writer divides by 2"),
        ({"maximum_concurrency": None}, "any number of writers"),
        ({"batch_size": 10}, "batches of 10; the writer expects 50"),
    ],
)
def test_a_wrong_setting_is_told(changes: dict[str, Any], seen: str) -> None:
    """Each of them loses pace or records, quietly."""
    finding = judge_event_source([replace(SOURCE, **changes)], WRITER)

    assert finding.verdict is Verdict.PROBLEM
    assert seen in finding.seen
    assert finding.fix


@pytest.mark.parametrize(("number", "seen"), [(0, "no event source"), (2, "2 event sources")])
def test_there_is_exactly_one_event_source(number: int, seen: str) -> None:
    """Two would write at twice the budget."""
    finding = judge_event_source([SOURCE] * number, WRITER)

    assert finding.verdict is Verdict.PROBLEM
    assert seen in finding.seen


def test_a_writer_without_its_settings_is_told() -> None:
    """Its environment was cleared: it cannot start."""
    assert "divides by an unknown number" in judge_event_source([SOURCE], Writer(30, {"BATCH_SIZE": "x"})).seen


@pytest.mark.parametrize(
    ("invocations", "errors", "verdict", "seen"),
    [
        ({"Writer": 10.0}, {"Writer": 0.0}, Verdict.OK, "none in 10"),
        ({"Writer": 1000.0, "Viewed": 1.0}, {"Writer": 3.0, "Viewed": None}, Verdict.PROBLEM, "Writer 3"),
        ({"Writer": None}, {"Writer": None}, Verdict.NOT_CHECKED, "no invocation"),
    ],
)
def test_errors_are_told_by_function_and_silence_is_not_health(
    invocations: dict[str, float | None], errors: dict[str, float | None], verdict: Verdict, seen: str
) -> None:
    """Where CloudWatch is not fed it has no errors either."""
    finding = judge_errors(invocations, errors, {})

    assert finding.verdict is verdict
    assert seen in finding.seen


def test_throttled_calls_are_told_beside_errors() -> None:
    """They are no invocations: without this line a campaign that was turned away looks like a quiet hour."""
    finding = judge_errors({"Viewed": None}, {"Viewed": 2.0}, {"Viewed": 1200.0, "NotViewed": 0.0})

    assert finding.verdict is Verdict.PROBLEM
    assert finding.seen == "in the last hour: Viewed 2; throttled by Lambda in the last hour: Viewed 1,200"
    assert "concurrent executions" in finding.fix
    assert judge_errors({"Viewed": 5.0}, {}, {"Viewed": 1.0}).verdict is Verdict.PROBLEM
