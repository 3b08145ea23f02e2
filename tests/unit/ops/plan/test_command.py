"""The command line: on any terminal, in a pipe, as JSON, and with what cannot be."""

from typing import Any

import pytest

from ops import application
from ops.exits import Exit
from tests.fakes.terminal import FakeScreen, columns


def _plan(*given: str, **how: Any) -> tuple[Exit, FakeScreen]:
    screen = FakeScreen(**how)
    return application.run(application.parse(["plan", "--defaults", "--region", "eu-west-1", *given]), screen), screen


def test_a_plan_is_made_without_a_stack() -> None:
    """A campaign is planned before anything is deployed."""
    ended, screen = _plan("--records", "1,000,000")

    assert ended is Exit.FINE
    assert "all written after 3 h 28 min" in screen.result
    assert "1,000,000 |####" in screen.result
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


def test_json_has_the_same_and_the_curve() -> None:
    """For a sheet, or a job that decides."""
    ended, screen = _plan("--records", "100000", "--outage", "1h", as_json=True)
    told = screen.json

    assert ended is Exit.FINE
    assert told["seconds"] > 3_600
    assert told["dollars"]["sum"] == pytest.approx(sum(told["dollars"].values()) / 2, abs=1e-5)
    assert told["backlog"][0] == [0.0, 100_000]
    assert len(told["backlog"]) <= 100


def test_a_campaign_that_is_late_is_a_problem_with_its_way_out() -> None:
    """Which quota, and which settings with it."""
    ended, screen = _plan("--records", "3600000", "--within", "10h", as_json=True)

    assert ended is Exit.PROBLEMS
    assert "a quota of 125 writes a second" in screen.json["problems"][0]
    assert screen.json["fitting"]["MaxWritesPerSecond"] == 100


def test_the_pace_that_is_asked_for_is_played() -> None:
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
        ["--records", "10", "--outage", "9" * 400 + "w"],
    ],
)
def test_what_cannot_be_planned_is_refused(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With the code of a wrong command line."""
    with pytest.raises(SystemExit) as ended:
        application.parse(["plan", *given])

    assert ended.value.code == Exit.USAGE
    assert "Traceback" not in capsys.readouterr().err
