"""AWS/Lambda, from functions' logs."""

from local.cloudwatch.invocations import KEPT_MS, Invocations
from local.cloudwatch.logs import Event

GROUP = "/aws/lambda/writer"
FUNCTIONS = {GROUP: "writer-1"}


def report(ended: int, duration: float, group: str = GROUP) -> Event:
    """Return the line that ends an invocation."""
    return Event(group, ended, f"REPORT RequestId: 1-2\tDuration: {duration} ms\tBilled Duration: {duration} ms")


def most(events: list[Event]) -> list[float]:
    """Return the values of the data that the events yield."""
    return [value for datum in Invocations().observe(events, FUNCTIONS, ()) for value in datum.values]


def test_one_after_the_other_is_one() -> None:
    """A function that is called often is not thereby called at once."""
    assert most([report(1_000, 500), report(2_000, 500)]) == [1.0, 1.0]


def test_the_last_of_several_to_end_sees_them_all() -> None:
    """The maximum over a period is exact, whatever the order of the ends."""
    assert most([report(1_000, 300), report(1_100, 900), report(1_200, 350)]) == [1.0, 2.0, 3.0]


def test_two_beside_a_long_one_but_not_beside_each_other_are_two() -> None:
    """What only touches a third does not touch one another."""
    assert most([report(1_000, 100), report(2_000, 100), report(2_100, 1_500)])[-1] == 2.0


def test_other_lines_and_other_groups_have_no_metrics() -> None:
    """Another group has no function of ours."""
    assert most([Event(GROUP, 1, "START RequestId: 1"), report(1, 1, "/another/group")]) == []


def test_what_ended_long_ago_is_forgotten() -> None:
    """A stack that runs for days must not grow by it, nor slow down."""
    invocations = Invocations()
    invocations.observe([report(0, 10)], FUNCTIONS, ())
    [datum] = invocations.observe([report(KEPT_MS + 1, KEPT_MS + 1)], FUNCTIONS, ())
    assert datum.values == (1.0,)
    assert datum.dimensions == (("FunctionName", "writer-1"),)


def test_of_functions_that_a_queue_calls_the_log_has_the_rest() -> None:
    """The local AWS keeps these figures only of functions that are called through its API."""
    events = [
        Event(GROUP, 1_000, "Traceback (most recent call last):"),
        report(1_000, 250),
        Event(GROUP, 2_000, '{"level": "ERROR", "exception": "Traceback (most recent call last):"}'),
        report(2_000, 30),
    ]
    data = Invocations().observe(events, FUNCTIONS, {"writer-1"})
    rest = [(datum.name, datum.values[0]) for datum in data if datum.name != "ConcurrentExecutions"]
    assert rest == [
        ("Invocations", 1.0),
        ("Errors", 1.0),
        ("Duration", 250.0),
        ("Invocations", 1.0),
        ("Errors", 0.0),
        ("Duration", 30.0),
    ]
