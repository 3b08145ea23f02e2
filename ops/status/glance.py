"""The pipeline at a glance, as values: what is asked, and what it means."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engagement.wire import timestamp
from ops import resources
from ops.alarms import described
from ops.deployment import Deployment
from ops.errors import AWS_FAILURES, explained
from ops.queues import Depth
from ops.text import count

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_lambda import LambdaClient

ENABLED = "Enabled"


@dataclass(frozen=True, slots=True)
class Glance:
    """One look at everything.

    Attributes:
        at: When.
        stack: The stack's name.
        queue: The engagement queue.
        dead_letters: The pipeline's dead-letter queue.
        domain_dead_letters: The domain's own; None where it has none.
        source: The state of what feeds the writer: ``Enabled`` where all is well.
        counts: The metrics of the last ``minutes``; None where CloudWatch could not be asked.
        minutes: Over which the counts are.
        alarms: The names of the alarms that are on; None where CloudWatch could not be asked.
        unknown: Why something could not be asked; empty where everything was.
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
        """Seconds until the queue is empty at the present rate; None where it does not shrink, or nobody knows."""
        if self.counts is None or not self.queue.total:
            return None
        a_second = (self.counts["written"] - self.counts["queued"]) / (self.minutes * 60)
        return self.queue.total / a_second if a_second > 0 else None

    @property
    def problems(self) -> list[str]:
        """What needs somebody, the most urgent first."""
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
    # a second one is a mistake too, and what is not enabled is what matters
    return next((state for state in states if state != ENABLED), ENABLED) if states else "missing"


def alarms_on(cloudformation: "CloudFormationClient", cloudwatch: "CloudWatchClient", stack: str) -> tuple[str, ...]:
    """Return the names of the alarms that the stack has made and that are on.

    Raises:
        OpsError: CloudFormation or CloudWatch could not be asked.
    """
    try:
        names = list(resources.names(cloudformation, stack, resources.ALARMS).values())
        found = described(cloudwatch, names)
    except AWS_FAILURES as error:
        raise explained(error) from error
    return tuple(sorted(alarm["AlarmName"] for alarm in found if alarm["StateValue"] == "ALARM"))
