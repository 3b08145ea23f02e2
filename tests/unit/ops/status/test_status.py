"""`ops status`: one screen that says whether anything needs an operator, and what."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import click
import pytest

from ops import application
from ops.errors import UnreachableError
from ops.exits import Exit
from ops.output import Output
from tests.fakes.deployment import FakeContext, deployment
from tests.fakes.pages import Paged, pages
from tests.fakes.queues import DEAD, DOMAIN, ENGAGEMENT, client_error
from tests.fakes.stack_resources import ALARM, FakeStack
from tests.fakes.terminal import FakeScreen, columns


@dataclass
class FakeCloudWatch(Paged):
    """Metric sums by name and service, and the account's alarms that are on.

    Attributes:
        sums: By name and service.
        alarms: Names of alarms that are in ALARM; the first of a stack's own is a composite one.
        before: Called with an operation's name before it is answered.
        asked: The times that metrics were asked for.
    """

    sums: dict[tuple[str, str], float] = field(default_factory=dict)
    alarms: list[str] = field(default_factory=list)
    before: Callable[[str], None] = lambda _: None
    asked: set[tuple[datetime, datetime]] = field(default_factory=set)

    def get_metric_data(self, **request: Any) -> Iterable[Mapping[str, Any]]:
        self.before("GetMetricData")
        self.asked.add((request["StartTime"], request["EndTime"]))
        results = []
        for query in request["MetricDataQueries"]:
            metric = query["MetricStat"]["Metric"]
            [service] = [dimension["Value"] for dimension in metric["Dimensions"]]
            total = self.sums.get((metric["MetricName"], service), 0.0)
            results += [{"Id": query["Id"], "Values": [total / 2] if total else []}] * 2  # a page each
        return pages("MetricDataResults", results)

    def describe_alarms(self, *, AlarmNames: list[str], AlarmTypes: list[str]) -> Iterable[Mapping[str, Any]]:  # noqa: N803 - boto3's names
        self.before("DescribeAlarms")
        assert 1 <= len(AlarmNames) <= 100
        assert set(AlarmTypes) == {"MetricAlarm", "CompositeAlarm"}
        found = [{"AlarmName": name, "StateValue": "ALARM" if name in self.alarms else "OK"} for name in AlarmNames]
        yield from pages("CompositeAlarms", found[:1])
        yield from pages("MetricAlarms", found[1:])


@dataclass
class FakeMappings(Paged):
    """The writer's event source."""

    states: list[str] = field(default_factory=lambda: ["Enabled"])

    def list_event_source_mappings(self, *, FunctionName: str) -> Iterable[Mapping[str, Any]]:  # noqa: N803 - boto3's names
        assert FunctionName == "writer:live"
        return pages("EventSourceMappings", [{"State": state} for state in self.states])


def _place(**changes: Any) -> FakeContext:
    members: dict[str, Any] = {"watch": FakeCloudWatch(), "lambda_": FakeMappings()}
    return FakeContext(**{"screen": FakeScreen(as_json=True), **members, **changes})


def _status(workplace: FakeContext, *arguments: str) -> Exit:
    place: Any = workplace
    return application.parse(["status", *arguments]).run(place)


def test_a_quiet_pipeline_needs_nobody() -> None:
    """One line says it, and the exit code."""
    workplace = _place(screen=FakeScreen())

    assert _status(workplace) == Exit.FINE
    assert workplace.screen.result.endswith("nothing needs you\n")


def test_everything_that_needs_an_operator_is_said_with_what_to_type() -> None:
    """The most urgent first."""
    watch = FakeCloudWatch({("SystemicFailures", "writer"): 2}, ["journeys-write-back-Drain", "another-stack-Alarm"])
    stack = FakeStack({"Drain": (ALARM, "journeys-write-back-Drain")})
    workplace = _place(watch=watch, lambda_=FakeMappings(["Disabled"]), resources=stack)
    workplace.queues.put(DEAD, "parked")
    workplace.queues.put(DOMAIN, "not attached")

    assert _status(workplace) == Exit.PROBLEMS
    assert workplace.screen.json["problems"] == [
        "alarm journeys-write-back-Drain",
        "the writer's event source is Disabled: nothing is being written",
        "the writer met failures that are not the records' own: see its log",
        "1 message parked: ops dlq list",
        "1 object not attached: ops dlq list --domain",
    ]


def test_only_the_stack_s_own_alarms_are_named_however_many_fire() -> None:
    """Sixty of other stacks, one of which begins with our stack's name; ours are more than one call or page takes."""
    foreign = [f"journeys-write-back-staging-Alarm{number}" for number in range(60)]
    own = {f"Alarm{number}": (ALARM, f"journeys-write-back-Alarm{number}") for number in range(120)}
    firing = ["journeys-write-back-Alarm0", "journeys-write-back-Alarm119"]
    place = _place(watch=FakeCloudWatch(alarms=[*foreign, *firing]), resources=FakeStack(own))
    _status(place)

    assert place.screen.json["alarms"] == firing


def test_the_second_event_source_of_the_writer_is_seen_too() -> None:
    """On whatever page: one that stands still keeps what it was handed."""
    place = _place(lambda_=FakeMappings(["Enabled", "Enabled", "Disabled"]))
    _status(place)

    assert place.screen.json["eventSource"] == "Disabled"


def test_a_domain_without_a_queue_and_a_writer_without_a_source_are_problems() -> None:
    """Both lose or hold everything, and neither shows in a count."""
    place = _place(deployment=deployment(domain_dead_letter_queue_url=None), lambda_=FakeMappings([]))

    assert _status(place) == Exit.PROBLEMS
    assert len(place.screen.json["problems"]) == 2


def test_counts_of_both_channel_functions_are_added_up() -> None:
    """The journey's two branches are one pipeline."""
    sums = {("RecordsQueued", "viewed-offer"): 30.0, ("RecordsQueued", "not-viewed-offer"): 12.0}
    place = _place(watch=FakeCloudWatch(sums))
    _status(place)

    assert place.screen.json["counts"]["queued"] == 42


@pytest.mark.parametrize(("written", "seconds"), [(1900.0, 10), (1000.0, None), (0.0, None)])
def test_the_time_to_drain_follows_from_the_present_rate(written: float, seconds: int | None) -> None:
    """A queue that does not shrink has none."""
    sums = {("RecordsWritten", "writer"): written, ("RecordsQueued", "viewed-offer"): 1000.0}
    place = _place(watch=FakeCloudWatch(sums))
    for _ in range(10):
        place.queues.put(ENGAGEMENT, "record")
    _status(place)

    assert place.screen.json["drainedInSeconds"] == seconds


def test_without_cloudwatch_the_rest_is_shown() -> None:
    """Not every operator may read metrics; what could not be read is said to be unknown."""
    place = _place()

    place.resources.resources["Drain"] = (ALARM, "journeys-write-back-Drain")

    def deny(operation: str) -> None:
        raise client_error("AccessDenied", operation, 403)

    place.watch.before = deny
    assert _status(place) == Exit.FINE
    assert (place.screen.json["counts"], place.screen.json["alarms"]) == (None, None)
    assert "the counts are unknown: these credentials may not do that" in place.screen.json["unknown"]
    assert "the alarms are unknown" in place.screen.json["unknown"]


def test_queues_that_cannot_be_reached_are_an_error() -> None:
    """Half a status would be taken for a whole one."""
    place = _place(deployment=deployment(queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/gone"))

    with pytest.raises(UnreachableError, match="the queue gone does not exist"):
        _status(place)


def test_watching_goes_on_until_it_is_interrupted_and_through_passing_failures() -> None:
    """An operator who watches an outage must not have to start it again and again."""
    place = _place(screen=FakeScreen())
    looks = iter(range(5))

    def disturb(operation: str) -> None:
        if operation == "GetMetricData":
            match next(looks):
                case 3:
                    raise KeyboardInterrupt
                case _:
                    return

    def fail_once(operation: str) -> None:
        if operation == "GetQueueAttributes" and place.clock.elapsed == 5:
            raise client_error("ThrottlingException", operation)

    place.watch.before, place.queues.before = disturb, fail_once
    with pytest.raises(KeyboardInterrupt):
        _status(place, "--watch")
    assert place.clock.slept == [5.0, 5.0, 5.0]
    assert place.screen.result.count("nothing needs you") == 2
    assert "asked again in 5 s" in place.screen.notes


@pytest.mark.parametrize(
    "options", [["--minutes", "0"], ["--minutes", "21601"], ["--minutes", "1.5"], ["--every", "0"], ["--every", "inf"]]
)
def test_a_time_that_cannot_be_counted_over_is_a_usage_error(options: list[str]) -> None:
    """CloudWatch keeps datapoints of a minute for fifteen days."""
    with pytest.raises(click.UsageError):
        _status(_place(), *options)


@pytest.mark.parametrize(("options", "minutes"), [([], 15), (["--minutes", "90"], 90)])
def test_counts_cover_the_minutes_that_were_asked_for(options: list[str], minutes: int) -> None:
    """And the screen and the document say which."""
    place = _place()
    _status(place, *options)

    assert place.watch.asked == {(place.clock.now() - timedelta(minutes=minutes), place.clock.now())}
    assert place.screen.json["minutes"] == minutes


def test_csv_has_a_row_for_each_figure_and_one_header_however_often_it_is_shown() -> None:
    """Rows of several moments are put together."""
    place = _place(screen=FakeScreen(output=Output.CSV))
    place.queues.put(DEAD, "parked")
    place.queues.before = _interrupt_at(place, 10.0)
    with pytest.raises(KeyboardInterrupt):
        _status(place, "--watch")

    lines = place.screen.result.splitlines()
    assert lines[0] == "at,figure,number"
    assert len(lines) == 1 + 2 * (3 * 2 + 9)
    assert "2026-11-23T09:00:05.000Z,dead letters: waiting,1" in lines
    assert '2026-11-23T09:00:00.000Z,"rejected, caller informed",0' in lines


def _interrupt_at(place: FakeContext, elapsed: float) -> Callable[[str], None]:
    def interrupt(_: str) -> None:
        if place.clock.elapsed >= elapsed:
            raise KeyboardInterrupt

    return interrupt


def test_a_terminal_is_cleared_before_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """`--watch` is one screen that changes; in a pipe it is a log."""
    columns(monkeypatch, 80)
    for terminal, cleared in ((True, 2), (False, 0)):
        place = _place(screen=FakeScreen(terminal=terminal))
        place.queues.before = _interrupt_at(place, 5.0)
        with pytest.raises(KeyboardInterrupt):
            _status(place, "--watch")

        assert place.screen.result.count("\x1b[2J") == cleared


def test_a_writer_that_may_not_be_read_is_an_error() -> None:
    """Whether anything is being written is what one looks for."""

    class Refusing(FakeMappings):
        def list_event_source_mappings(self, *, FunctionName: str) -> Iterable[Mapping[str, Any]]:  # noqa: N803
            raise client_error("AccessDeniedException", FunctionName, 403)

    with pytest.raises(UnreachableError, match="may not do that"):
        _status(_place(lambda_=Refusing()))


@pytest.mark.parametrize("width", [60, 120])
def test_it_fits_one_screen(monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    """Twenty-four lines, however narrow."""
    columns(monkeypatch, width)
    place = _place(screen=FakeScreen(terminal=True))
    _status(place)

    assert len(place.screen.result.splitlines()) <= 24
