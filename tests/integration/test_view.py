"""The contract of the view against a run: what the dashboard and the alarms name is what the functions emit."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from engagement.telemetry import Metric
from local.demo import queues
from local.demo.command import SAMPLES
from local.demo.events import read_events
from local.demo.run import TIME
from local.stack import LocalStack, StackSettings
from local.stack.function_logs import lines
from tests.infrastructure.view import OURS, SERVICES, Shown, shown

EVENTS = [event for sample in SAMPLES.values() for event in read_events(sample)]
SHARED = json.dumps(
    {
        "Endpoints": {
            f"shared-{number}": {
                "ChannelType": "EMAIL",
                "Address": f"stranger-{number}@example.org",
                "User": {"UserId": "nobody has listed this"},
            }
            for number in range(8)
        }
    }
).encode()
"""More different addresses than one user has."""
NOBODY = json.dumps({"Endpoints": {"nobody": {"ChannelType": "EMAIL"}}}).encode()
FAULTS = {"seed": 1, "rules": [{"kind": "server_error", "share": 0.6, "operations": ["PutProfileObject"]}]}
"""At six tries, one record in twenty goes back to the queue."""
NAMED = sorted({one for one in shown() if one.namespace == OURS}, key=lambda one: (one.name, one.place))


@dataclass(frozen=True)
class Emitted:
    """One metric as the functions' own lines tell CloudWatch of it."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]]
    unit: str


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[set[Emitted]]:
    """Run the samples, and what goes wrong with them, through a stack of their own; collect every EMF line."""
    settings = StackSettings(
        parameters={"FirstBackoffSeconds": "1", "LongestBackoffSeconds": "30"},
        emulator_arguments=("--faults", json.dumps(FAULTS)),
    )
    with LocalStack.running(tmp_path_factory.mktemp("view"), settings) as stack:
        run(stack)
        logs = stack.clients.logs()
        groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
        yield {metric for group in groups for line in lines(logs, group) for metric in read(line)}


def run(stack: LocalStack) -> None:
    """Send the events, to each branch a customer nobody knows and some who share an id, and what is no record."""
    functions, sqs, queue = stack.clients.functions(), stack.clients.sqs(), stack.environment["ENGAGEMENT_QUEUE_URL"]
    branches = {True: stack.environment["VIEWED_FUNCTION"], False: stack.environment["NOT_VIEWED_FUNCTION"]}
    for event in EVENTS:
        functions.invoke(FunctionName=branches[bool(event.viewed)], Payload=event.text.encode())
    for name in branches.values():
        functions.invoke(FunctionName=name, Payload=NOBODY)
        functions.invoke(FunctionName=name, Payload=SHARED)
    sqs.send_message(QueueUrl=queue, MessageBody="poison")
    assert list(queues.drain(lambda: queues.waiting(sqs, queue), TIME))[-1] == 0


def read(line: str) -> Iterator[Emitted]:
    """Yield the metrics of an EMF line, as CloudWatch reads it; none of any other line."""
    if '"_aws"' not in line:
        return
    blob: dict[str, Any] = json.loads(line)
    for directive in blob["_aws"]["CloudWatchMetrics"]:
        for names in directive["Dimensions"]:
            dimensions = frozenset((name, blob[name]) for name in names)
            for metric in directive["Metrics"]:
                values = blob[metric["Name"]]
                assert len(values) <= 100, "CloudWatch ignores a blob that holds more"
                yield Emitted(directive["Namespace"], metric["Name"], dimensions, metric["Unit"])


def is_shown_by(metric: Emitted, one: Shown) -> bool:
    """Return whether a widget or an alarm names the metric, or searches for it."""
    if (metric.namespace, metric.name) != (one.namespace, one.name):
        return False
    searched = all(value is None for _, value in one.dimensions)
    if searched:
        return {name for name, _ in metric.dimensions} == {name for name, _ in one.dimensions}
    return metric.dimensions == one.dimensions


@pytest.mark.parametrize("one", NAMED, ids=lambda one: f"{one.name} in {one.place}")
def test_what_the_view_names_was_emitted_with_exactly_these_dimensions(emitted: set[Emitted], one: Shown) -> None:
    """A widget or an alarm on a metric that never comes is silent for ever."""
    assert [metric for metric in emitted if is_shown_by(metric, one)]


def test_what_was_emitted_is_shown(emitted: set[Emitted]) -> None:
    """A metric that nobody sees costs thirty cents a month for nothing."""
    assert [metric for metric in emitted if not any(is_shown_by(metric, one) for one in shown())] == []


def test_the_run_emitted_the_whole_closed_list_and_nothing_else(emitted: set[Emitted]) -> None:
    """A run that leaves a metric out has not looked at its widget."""
    assert {metric.name for metric in emitted} == set(Metric)
    assert {metric.namespace for metric in emitted} == {OURS}
    assert {value for metric in emitted for name, value in metric.dimensions if name == "service"} == SERVICES
    assert all(metric.unit == Metric(metric.name).unit.value for metric in emitted)
