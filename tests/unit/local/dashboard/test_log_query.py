"""Log queries."""

import json
from typing import Any

import pytest

from local.cloudwatch.logs import Event
from local.dashboard.log_query import QueryError, parse


def line(second: int, **members: Any) -> Event:
    """Return a line of JSON."""
    return Event("/g", 1_795_435_200_000 + second * 1000, json.dumps(members))


EVENTS = [
    line(1, level="INFO", message="batch delivered", service="writer"),
    line(2, level="ERROR", message="failed", service="writer", cause="no|access", nested={"code": 7}),
    line(3, level="WARNING", message="record parked", service="writer", reason="not_json"),
    Event("/g", 1_795_435_204_000, "START RequestId: 1"),
]


HEAD, TAIL = "SOURCE '/g' | fields message | filter", "| sort @timestamp desc | limit 9"


def test_the_template_s_kind_of_query_yields_the_newest_failures_first() -> None:
    """Fields, alternatives to one another, conditions, an order, a limit."""
    query = parse(
        "SOURCE '/a' | SOURCE '/b' | fields @timestamp, coalesce(cause, reason) as why, nested.code\n"
        "| filter level = 'ERROR' or message = 'record parked'\n| sort @timestamp desc\n| limit 50"
    )
    assert query.groups == ("/a", "/b")
    assert [*query.columns] == ["@timestamp", "why", "nested.code"]
    assert query.run(EVENTS) == [("2026-11-23 12:00:03", "not_json", ""), ("2026-11-23 12:00:02", "no|access", "7")]


@pytest.mark.parametrize(
    ("condition", "messages"),
    [
        ("message like /^batch/", ["batch delivered"]),
        ("message = 'batch'", []),
        ("cause like /no\\|acc/ or level = 'INFO'", ["failed", "batch delivered"]),
        ("@message like /START|record/", ["", "record parked"]),
    ],
)
def test_conditions_choose_lines(condition: str, messages: list[str]) -> None:
    """By their own fields, which the local AWS cannot."""
    assert parse(f"{HEAD} {condition} {TAIL}").run(EVENTS) == [(message,) for message in messages]


def test_no_more_rows_than_the_limit() -> None:
    """A table of thousands is no table."""
    assert parse(f"{HEAD} @message like /./ | sort @timestamp desc | limit 1").run(EVENTS) == [("",)]


@pytest.mark.parametrize(
    "text",
    [
        "fields a",
        "SOURCE '/g'",
        "SOURCE '/g' | stats count(*) by level",
        f"SOURCE '/g' | fields strlen(a) as b | filter a = 'b' {TAIL}",
        f"{HEAD} a > 3 {TAIL}",
        f"{HEAD} a = 'b' and c = 'd' {TAIL}",
        f"{HEAD} a = 'b' or {TAIL}",
        f"{HEAD} a = 'b' | sort @timestamp asc | limit 9",
    ],
)
def test_what_is_not_understood_is_named(text: str) -> None:
    """The widget then says so instead of showing other lines."""
    with pytest.raises(QueryError):
        parse(text)
