"""Log queries."""

import json
from typing import Any

import pytest

from local.cloudwatch.logs import Event
from local.dashboard.insights import QueryError, parse


def line(second: int, **members: Any) -> Event:
    """Return a line of JSON."""
    return Event("/g", 1_795_435_200_000 + second * 1000, json.dumps(members))


EVENTS = [
    line(1, level="INFO", message="batch delivered", service="writer"),
    line(2, level="ERROR", message="failed", service="writer", cause="no|access", nested={"code": 7}),
    line(3, level="WARNING", message="record parked", service="writer", reason="not_json"),
    Event("/g", 1_795_435_204_000, "START RequestId: 1"),
]


def rows(stages: str) -> list[list[str]]:
    """Return what a query of one group yields."""
    return parse(f"SOURCE '/g' | {stages}").run(EVENTS)


def test_the_template_s_kind_of_query_yields_the_newest_failures_first() -> None:
    """Fields, alternatives to one another, a condition, an order, a limit."""
    query = parse(
        "SOURCE '/a' | SOURCE '/b' | fields @timestamp, coalesce(cause, reason) as why, nested.code\n"
        "| filter level = 'ERROR' or message = 'record parked'\n| sort @timestamp desc\n| limit 50"
    )
    assert query.groups == ("/a", "/b")
    assert [field.title for field in query.fields] == ["@timestamp", "why", "nested.code"]
    assert query.run(EVENTS) == [["2026-11-23 12:00:03", "not_json", ""], ["2026-11-23 12:00:02", "no|access", "7"]]


@pytest.mark.parametrize(
    ("condition", "messages"),
    [
        ("level in ['ERROR', \"WARNING\"]", ["failed", "record parked"]),
        ("level != 'INFO' and not ispresent(reason)", ["failed", ""]),
        ("message like /^batch/", ["batch delivered"]),
        ("cause like 'no|acc'", ["failed"]),
        ("(level = 'INFO' or level = 'ERROR') and service = 'writer'", ["batch delivered", "failed"]),
        ("@message =~ /START/", [""]),
    ],
)
def test_conditions_choose_lines(condition: str, messages: list[str]) -> None:
    """By their own fields, which the local AWS cannot."""
    assert rows(f"fields message | filter {condition} | sort @timestamp asc") == [[message] for message in messages]


def test_no_more_rows_than_the_limit() -> None:
    """A table of thousands is no table."""
    assert rows("fields message | limit 1") == [[""]]


@pytest.mark.parametrize(
    "text",
    [
        "fields a",
        "SOURCE '/g'",
        "SOURCE '/g' | stats count(*) by level",
        "SOURCE '/g' | fields strlen(a) as b",
        "SOURCE '/g' | fields a | filter a > 3",
        "SOURCE '/g' | fields a | filter (a = 'b'",
        "SOURCE '/g' | fields a | filter a = 'b' c",
        "SOURCE '/g' | fields a | filter a =",
        "SOURCE '/g' | fields a | filter a = ~",
    ],
)
def test_what_is_not_understood_is_said(text: str) -> None:
    """The widget then says so instead of showing other lines."""
    with pytest.raises(QueryError):
        parse(text)
