"""One of the two dead-letter queues, opened: scanned from end to end, with what must be said about the scan."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ops.context import CliContext
from ops.dlq.filters import Filters
from ops.dlq.message import DlqMessage, parse_domain_message, parse_message
from ops.dlq.scan import DlqScan, check_is_harmless, threads_for, visibility_for
from ops.errors import UsageError
from ops.queues import Depth, depth, name_of
from ops.screen import Screen
from ops.text import count, duration

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class OpenQueue:
    """A dead-letter queue, ready to be scanned.

    Attributes:
        sqs: The client.
        url: The queue's URL.
        parse: Makes a `DlqMessage` of a received message.
        before: How full it was.
    """

    sqs: "SQSClient"
    url: str
    parse: Callable[[Mapping[str, Any]], DlqMessage]
    before: Depth

    @property
    def name(self) -> str:
        """The queue's name."""
        return name_of(self.url)

    def scan(self, more_seconds: int = 0) -> DlqScan:
        """Return a scan that may last ``more_seconds`` longer than scanning alone does."""
        waiting = self.before.waiting
        return DlqScan(self.sqs, self.url, self.parse, visibility_for(waiting) + more_seconds, threads_for(waiting))


@dataclass(frozen=True, slots=True)
class ScanSummary:
    """What a scan of the whole queue found.

    Attributes:
        messages: How many.
        selected: How many of them passed the filters.
        complete: Whether these were all that can be received.
        in_flight: Messages that another consumer had received when the scan began.
    """

    messages: int
    selected: int
    complete: bool
    in_flight: int

    @property
    def why_nothing(self) -> str:
        """A line that says why no message was selected."""
        if not self.messages:
            return "no message is parked"
        return f"none of {count(self.messages, 'message')} passes the filters"

    @property
    def document(self) -> Mapping[str, Any]:
        """The same as JSON."""
        return {
            "messages": self.messages,
            "selected": self.selected,
            "complete": self.complete,
            "inFlight": self.in_flight,
        }


def open_queue(context: CliContext, *, of_domain: bool) -> OpenQueue:
    """Return the pipeline's dead-letter queue, or the domain's own.

    Raises:
        OpsError: there is none, it cannot be reached, or a scan would do harm.
    """
    deployment, sqs = context.deployment, context.account.sqs()
    url = deployment.domain_dead_letter_queue_url if of_domain else deployment.dead_letter_queue_url
    if url is None:
        raise UsageError(
            f"the domain {deployment.domain} has no dead-letter queue: what it accepts and cannot attach is lost;"
            " deploy with DomainDeadLetterQueueUrl"
        )
    check_is_harmless(sqs, url)
    return OpenQueue(sqs, url, parse_domain_message if of_domain else parse_message, depth(sqs, url))


def scan_through(
    queue: OpenQueue, screen: Screen, wanted: Filters, take: Callable[[DlqMessage], None], limit: int | None = None
) -> ScanSummary:
    """Call ``take`` with every message that passes the filters, and make all messages visible again.

    Args:
        queue: The queue.
        screen: For the progress.
        wanted: The filters.
        take: Receives each message.
        limit: After how many of them to stop; None for all.
    """
    messages = selected = 0
    with queue.scan() as scan, screen.progress("Scanning", queue.before.waiting) as advance:
        for batch in scan.rounds():
            messages += len(batch)
            advance(len(batch))
            for message in batch:
                if message in wanted and (limit is None or selected < limit):
                    selected += 1
                    take(message)
            if limit is not None and selected >= limit:
                break
    if scan.complete and not messages and queue.before.waiting:
        screen.note(
            f"SQS counted {count(queue.before.waiting, 'waiting message')} and returned none: its count may lag"
            " by a minute; scan again"
        )
    if scan.unreleased:
        screen.note(
            f"{count(scan.unreleased, 'message')} could not be made visible again; their visibility timeout ends within"
            f" {duration(scan.visibility)}"
        )
    return ScanSummary(messages, selected, scan.complete, queue.before.in_flight)


def warn_if_incomplete(summary: ScanSummary, screen: Screen) -> None:
    """Say which messages the scan could not see."""
    if summary.in_flight:
        screen.note(
            f"{count(summary.in_flight, 'message')} in flight when the scan began: another consumer has received them,"
            " and they are not counted here"
        )
    if not summary.complete:
        screen.note("the queue holds more than one scan can receive: the counts are of the messages seen")
