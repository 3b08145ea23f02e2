"""The pipeline at one moment, as values: what is read, and what it means."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.wire import timestamp
from ops.alarms import described
from ops.deployment import ALARMS, Deployment, resource_names
from ops.errors import AWS_FAILURES, explained
from ops.output import Rows
from ops.queues import Depth
from ops.text import count

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_lambda import LambdaClient

ENABLED = "Enabled"


@dataclass(frozen=True, slots=True)
class StatusSnapshot:
    """The pipeline at one moment.

    Attributes:
        at: When.
        stack: The stack's name.
        queue: The engagement queue.
        dead_letters: The pipeline's dead-letter queue.
        domain_dead_letters: The domain's own; None if it has none.
        source: The state of the writer's event source: ``Enabled`` if all is well.
        counts: The metrics of the last ``minutes``; None if CloudWatch could not be asked.
        minutes: The time that the counts cover.
        alarms: The names of the alarms that are in ALARM; None if CloudWatch could not be asked.
        unknown: Why a part could not be asked; empty if every part was.
    """

    at: datetime
    stack: str
    queue: Depth
    dead_letters: Depth
    domain_dead_letters: Depth | None
    source: str
    counts: Mapping[str, int] | None
    minutes: int
    alarms: tuple[str, ...] | None
    unknown: str = ""

    @property
    def drained_in(self) -> float | None:
        """Seconds until the queue is empty at the present rate; None if it does not shrink, or the rate is unknown."""
        if self.counts is None or not self.queue.total:
            return None
        a_second = (self.counts["written"] - self.counts["queued"]) / (self.minutes * 60)
        return self.queue.total / a_second if a_second > 0 else None

    @property
    def problems(self) -> list[str]:
        """What needs an operator, the most urgent first."""
        found = [f"alarm {name}" for name in self.alarms or ()]
        if self.source != ENABLED:
            found.append(f"the writer's event source is {self.source}: nothing is being written")
        if self.counts is not None and self.counts["systemic failures"]:
            found.append("the writer met failures that are not the records' own: see its log")
        if self.dead_letters.total:
            found.append(f"{count(self.dead_letters.total, 'message')} parked: ops dlq list")
        if self.domain_dead_letters is None:
            found.append("the domain has no dead-letter queue: what it cannot attach is lost")
        elif self.domain_dead_letters.total:
            found.append(f"{count(self.domain_dead_letters.total, 'object')} not attached: ops dlq list --domain")
        return found

    @property
    def rows(self) -> Rows:
        """The figures as rows: one figure each, so that those of several moments can be put together."""
        queues = {"queue": self.queue, "dead letters": self.dead_letters}
        if self.domain_dead_letters is not None:
            queues["domain's dead letters"] = self.domain_dead_letters
        figures = {
            f"{name}: {state}": number
            for name, found in queues.items()
            for state, number in (("waiting", found.waiting + found.delayed), ("in flight", found.in_flight))
        }
        at = timestamp(self.at)
        return Rows(
            ("at", "figure", "number"),
            [(at, name, number) for name, number in (figures | dict(self.counts or {})).items()],
        )

    @property
    def document(self) -> Mapping[str, Any]:
        """The same as JSON."""
        return {
            "at": timestamp(self.at),
            "stack": self.stack,
            "queue": asdict(self.queue),
            "drainedInSeconds": None if self.drained_in is None else round(self.drained_in),
            "deadLetters": asdict(self.dead_letters),
            "domainDeadLetters": None if self.domain_dead_letters is None else asdict(self.domain_dead_letters),
            "eventSource": self.source,
            "minutes": self.minutes,
            "counts": self.counts,
            "alarms": self.alarms,
            "problems": self.problems,
            "unknown": self.unknown or None,
        }


def source_state(functions: "LambdaClient", deployment: Deployment) -> str:
    """Return the state of the writer's event source.

    Raises:
        OpsError: Lambda could not be asked.
    """
    try:
        pages = functions.get_paginator("list_event_source_mappings").paginate(FunctionName=deployment.live_writer)
        states = [str(mapping["State"]) for page in pages for mapping in page["EventSourceMappings"]]
    except AWS_FAILURES as error:
        raise explained(error) from error
    # the template makes one; of several, the one that is not enabled is what matters
    return next((state for state in states if state != ENABLED), ENABLED) if states else "missing"


def firing_alarms(
    cloudformation: "CloudFormationClient", cloudwatch: "CloudWatchClient", stack: str
) -> tuple[str, ...]:
    """Return the names of the stack's own alarms that are in ALARM.

    Raises:
        OpsError: CloudFormation or CloudWatch could not be asked.
    """
    try:
        names = list(resource_names(cloudformation, stack, ALARMS).values())
        found = described(cloudwatch, names)
    except AWS_FAILURES as error:
        raise explained(error) from error
    return tuple(sorted(alarm["AlarmName"] for alarm in found if alarm["StateValue"] == "ALARM"))
