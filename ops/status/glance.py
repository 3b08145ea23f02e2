"""The pipeline at a glance, as values: what is asked, and what it means."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Protocol

from engagement.wire import timestamp
from ops.deployment import Deployment
from ops.errors import AWS_FAILURES, explained
from ops.queues import Depth
from ops.text import count

ENABLED = "Enabled"


class HasMappings(Protocol):
    """The one call of a Lambda client that is needed here."""

    def list_event_source_mappings(self, *, FunctionName: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Return a function's event sources."""


class HasAlarms(Protocol):
    """The one call of a CloudWatch client that is needed here."""

    def describe_alarms(self, *, StateValue: Any, AlarmTypes: Any) -> Mapping[str, Any]:  # noqa: ANN401, N803 - boto3's names
        """Return the alarms that are in a state."""


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


def source_state(functions: HasMappings, deployment: Deployment) -> str:
    """Return the state of the writer's event source.

    Raises:
        OpsError: Lambda could not be asked.
    """
    try:
        mappings = functions.list_event_source_mappings(FunctionName=deployment.live_writer)["EventSourceMappings"]
    except AWS_FAILURES as error:
        raise explained(error) from error
    return str(mappings[0]["State"]) if mappings else "missing"


def alarms_on(cloudwatch: HasAlarms, stack: str) -> tuple[str, ...]:
    """Return the names of the stack's alarms that are on.

    Raises:
        OpsError: CloudWatch could not be asked.
    """
    try:
        answer = cloudwatch.describe_alarms(StateValue="ALARM", AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    except AWS_FAILURES as error:
        raise explained(error) from error
    found = [*answer.get("MetricAlarms", ()), *answer.get("CompositeAlarms", ())]
    return tuple(sorted(alarm["AlarmName"] for alarm in found if alarm["AlarmName"].startswith(f"{stack}-")))
