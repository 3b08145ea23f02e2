"""Whether the event source is what the writer was configured for, and whether the functions fail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.doctor.finding import Finding, judged, not_checked, problem
from ops.doctor.queues import DEPLOY_AGAIN

PARTIAL = "ReportBatchItemFailures"


@dataclass(frozen=True, slots=True)
class Writer:
    """The writer function's configuration.

    Attributes:
        timeout: Seconds.
        environment: Its variables.
    """

    timeout: int
    environment: Mapping[str, str]

    def number(self, variable: str) -> int | None:
        """Return a variable that is a whole number; None for any other."""
        value = self.environment.get(variable, "")
        return int(value) if value.isascii() and value.isdigit() else None


@dataclass(frozen=True, slots=True)
class EventSource:
    """An event source mapping.

    Attributes:
        state: ``Enabled``, ``Disabled`` or a transition to one of them.
        response_types: FunctionResponseTypes.
        maximum_concurrency: Writers at once; None: as many as Lambda likes.
        batch_size: Messages in a batch.
    """

    state: str
    response_types: Sequence[str]
    maximum_concurrency: int | None
    batch_size: int

    @classmethod
    def read(cls, mapping: Mapping[str, Any]) -> "EventSource":
        """Return what ListEventSourceMappings answered of one."""
        concurrency = mapping.get("ScalingConfig", {}).get("MaximumConcurrency")
        return cls(
            state=mapping.get("State", "unknown"),
            response_types=mapping.get("FunctionResponseTypes", []),
            maximum_concurrency=None if concurrency is None else int(concurrency),
            batch_size=int(mapping.get("BatchSize", 10)),
        )


def judge_event_source(sources: Sequence[EventSource], writer: Writer) -> Finding:
    """Judge the event source: one, enabled, and with the numbers that the writer was configured with."""
    check = "event source"
    if len(sources) != 1:
        seen = "the writer has no event source" if not sources else f"{len(sources)} event sources of one queue"
        return problem(check, seen, DEPLOY_AGAIN)
    [source] = sources
    return judged(
        check,
        _wrong_with(source, writer),
        f"enabled, {PARTIAL}, {source.maximum_concurrency} writers at once, batches of {source.batch_size}",
    )


def judge_errors(
    invocations: Mapping[str, float | None], errors: Mapping[str, float | None], throttles: Mapping[str, float | None]
) -> Finding:
    """Judge the functions' errors and throttled calls of the last hour, by function; None: CloudWatch has no figure.

    A throttled call counts as no invocation: it reaches no code, and leaves no other trace.
    """
    check = "function errors"
    wrong = []
    if failed := _counted(errors):
        read = "read the function's log group for the time of the error; `ops trace` shows the way of one record"
        wrong.append((f"in the last hour: {failed}", read))
    if throttled := _counted(throttles):
        raised = "have the account's quota of concurrent executions raised, and the callers repeat their events"
        wrong.append((f"throttled by Lambda in the last hour: {throttled}", raised))
    known = sum(number or 0 for number in invocations.values())
    if not wrong and not known:
        return not_checked(check, "CloudWatch shows no invocation in the last hour")
    return judged(check, wrong, f"none in {known:,.0f} invocations of the last hour, none throttled")


def _counted(numbers: Mapping[str, float | None]) -> str:
    return ", ".join(f"{name} {number:,.0f}" for name, number in numbers.items() if number)


def _wrong_with(source: EventSource, writer: Writer) -> list[tuple[str, str]]:
    wrong = []
    if source.state != "Enabled":
        enable = "enable it: aws lambda update-event-source-mapping --uuid UUID --enabled"
        wrong.append((f"it is {source.state}: nothing is written", enable))
    if PARTIAL not in source.response_types:
        wrong.append((f"without {PARTIAL} one bad record returns its whole batch", DEPLOY_AGAIN))
    concurrency, batch_size = writer.number("MAXIMUM_CONCURRENCY"), writer.number("BATCH_SIZE")
    if source.maximum_concurrency != concurrency:
        given, believed = source.maximum_concurrency or "any number of", concurrency or "an unknown number"
        pace = "the writes a second are not what MaxWritesPerSecond says"
        wrong.append((f"{given} writers at once, the writer divides by {believed}: {pace}", DEPLOY_AGAIN))
    if source.batch_size != batch_size:
        wrong.append((f"batches of {source.batch_size}; the writer expects {batch_size or 'nothing'}", DEPLOY_AGAIN))
    return wrong
