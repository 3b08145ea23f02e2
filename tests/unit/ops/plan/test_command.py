"""The command line: on any terminal, in a pipe, as JSON, and with what cannot be."""

from typing import Any

import click
import pytest

from ops import application
from ops.exits import Exit
from ops.output import Output
from tests.fakes.terminal import FakeScreen, columns


def _plan(*given: str, **how: Any) -> tuple[Exit, FakeScreen]:
    screen = FakeScreen(**how)
    return application.run(application.parse(["plan", "--defaults", *given]), screen), screen


def test_a_plan_is_made_without_a_stack_or_an_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """A campaign is planned before anything is deployed, on a machine without a Region."""
    monkeypatch.delenv("AWS_REGION", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    ended, screen = _plan("--records", "1,000,000")

    assert ended is Exit.FINE
    assert "all written after 3 h 28 min" in screen.result
    assert "at most 1,000,000 records wait at once" in screen.result
    assert "\x1b" not in screen.result


@pytest.mark.parametrize("width", [40, 60, 120])
def test_a_plan_fits_the_terminal(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """The one that is at hand may be narrow."""
    columns(monkeypatch, width)
    _, screen = _plan("--records", "100000000", "--within", "1d", terminal=True)

    plain = screen.result
    for code in ("\x1b[1;31m", "\x1b[33m", "\x1b[1m", "\x1b[0m"):
        plain = plain.replace(code, "")
    assert max(map(len, plain.splitlines())) <= width


def test_json_has_every_figure() -> None:
    """For a spreadsheet, or a job that decides."""
    ended, screen = _plan("--records", "360000", "--over", "1h", "--latency", "50", as_json=True)
    found = screen.json

    assert ended is Exit.FINE
    assert (found["records"], found["writesPerSecond"], found["seconds"]) == (360_000, 80, 4_500)
    assert (found["longestWaitSeconds"], found["largestBacklog"]) == (900, 72_000)
    assert found["dollars"]["sum"] == pytest.approx(sum(found["dollars"].values()) / 2, abs=1e-5)


def test_csv_has_the_parameters() -> None:
    """What is now, and what fits."""
    _, screen = _plan("--records", "360000", "--within", "2h", output=Output.CSV)

    assert screen.result.splitlines()[:3] == [
        "parameter,now,fits",
        "MaxWritesPerSecond,80,50",
        "WriterMaximumConcurrency,2,2",
    ]


def test_a_campaign_that_is_late_is_a_problem_with_its_way_out() -> None:
    """Which quota, and which settings with it."""
    ended, screen = _plan("--records", "3600000", "--within", "10h", as_json=True)

    assert ended is Exit.PROBLEMS
    assert "a quota of 125 writes a second" in screen.json["problems"][0]
    assert screen.json["fitting"]["MaxWritesPerSecond"] == 100


def test_the_pace_that_is_asked_for_is_estimated() -> None:
    """What if it were faster."""
    _, screen = _plan("--records", "100000", "--tps", "50", as_json=True)

    assert screen.json["seconds"] == pytest.approx(2_000, rel=0.01)


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["--records", "0"],
        ["--records", "-5"],
        ["--records", "many"],
        ["--records", "9" * 5_000],
        ["--records", "٣"],
        ["--records", "10", "--tps", "0"],
        ["--records", "10", "--tps", "nan"],
        ["--records", "10", "--over", "soon"],
        ["--records", "10", "--within", "9" * 400 + "w"],
        ["--records", "10", "--outage", "1h"],
    ],
)
def test_what_cannot_be_planned_is_refused(given: list[str]) -> None:
    """As a wrong command line."""
    with pytest.raises(click.UsageError):
        application.parse(["plan", *given])
