from threading import Event

import pytest

from bootstrap.cutoff import within
from bootstrap.errors import TimeUpError
from engagement.clock import Deadline
from tests.fakes.clock import FakeClock


def test_work_in_time_returns_its_result() -> None:
    """The cut is for what hangs alone."""
    assert within(Deadline.after(FakeClock(), 60), lambda: "done") == "done"


def test_an_error_of_the_work_is_raised_as_it_is() -> None:
    """Its type and traceback are the caller's to judge."""
    with pytest.raises(ZeroDivisionError):
        within(Deadline.after(FakeClock(), 60), lambda: 1 // 0)


@pytest.mark.parametrize("seconds", [0.01, -1.0])
def test_work_that_hangs_is_left_behind(seconds: float) -> None:
    """CloudFormation waits for an answer even where Customer Profiles gives none."""
    release = Event()
    with pytest.raises(TimeUpError, match="deploying again is harmless"):
        within(Deadline.after(FakeClock(), seconds), release.wait)
    release.set()
