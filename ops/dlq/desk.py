"""One of the two dead-letter queues, opened: looked through from end to end, with what is to be said of the look."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ops.dlq.letter import Letter, read, read_of_domain
from ops.dlq.look import Look, LookedAt, check_is_harmless, threads_for, visibility_for
from ops.dlq.selection import Selection
from ops.errors import UsageError
from ops.queues import Depth, depth, name_of
from ops.screen import Screen
from ops.text import count, duration
from ops.workplace import Workplace


@dataclass(frozen=True, slots=True)
class Desk:
    """A dead-letter queue, ready to be looked through.

    Attributes:
        sqs: The client.
        queue_url: The queue.
        reads: Makes a `Letter` of a message.
        before: How full it was.
    """

    sqs: LookedAt
    queue_url: str
    reads: Callable[[Mapping[str, Any]], Letter]
    before: Depth

    @property
    def name(self) -> str:
        """The queue's name."""
        return name_of(self.queue_url)

    def look(self, seconds: int = 0) -> Look:
        """Return a look that may take ``seconds`` longer than looking alone does."""
        waiting = self.before.waiting
        return Look(self.sqs, self.queue_url, self.reads, visibility_for(waiting) + seconds, threads_for(waiting))


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look through the whole queue saw.

    Attributes:
        messages: How many.
        selected: How many of them were meant.
        complete: Whether these were all that can be received.
        in_flight: Messages that somebody else had received when the look began.
    """

    messages: int
    selected: int
    complete: bool
    in_flight: int

    @property
    def document(self) -> Mapping[str, Any]:
        """The same as JSON."""
        return {
            "messages": self.messages,
            "selected": self.selected,
            "complete": self.complete,
            "inFlight": self.in_flight,
        }


def open_desk(workplace: Workplace, *, of_domain: bool) -> Desk:
    """Return the pipeline's dead-letter queue, or the domain's own.

    Raises:
        OpsError: there is none, it cannot be reached, or looking would do harm.
    """
    deployment, sqs = workplace.deployment, workplace.account.sqs()
    queue_url = deployment.domain_dead_letter_queue_url if of_domain else deployment.dead_letter_queue_url
    if queue_url is None:
        raise UsageError(
            f"the domain {deployment.domain} has no dead-letter queue: what it accepts and cannot attach is lost;"
            " deploy with DomainDeadLetterQueueUrl"
        )
    check_is_harmless(sqs, queue_url)
    return Desk(sqs, queue_url, read_of_domain if of_domain else read, depth(sqs, queue_url))


def look_through(
    desk: Desk, screen: Screen, wanted: Selection, take: Callable[[Letter], None], limit: int | None = None
) -> Seen:
    """Look at every message, hand those that are meant to ``take``, and give all of them back.

    Args:
        desk: The queue.
        screen: For the progress.
        wanted: Which messages are meant.
        take: Is handed each of them.
        limit: After how many of them to stop; None for all.
    """
    messages = selected = 0
    with desk.look() as look, screen.progress("Looking", desk.before.waiting) as advance:
        for letters in look.rounds():
            messages += len(letters)
            advance(len(letters))
            for letter in letters:
                if letter in wanted and (limit is None or selected < limit):
                    selected += 1
                    take(letter)
            if limit is not None and selected >= limit:
                break
    if look.complete and not messages and desk.before.waiting:
        screen.note(
            f"SQS counted {count(desk.before.waiting, 'waiting message')} and handed out none: its count may lag"
            " by a minute; look again"
        )
    if look.unreturned:
        screen.note(
            f"{count(look.unreturned, 'message')} could not be given back and will be visible again by"
            f" themselves within {duration(look.visibility)}"
        )
    return Seen(messages, selected, look.complete, desk.before.in_flight)


def remarks(seen: Seen, screen: Screen) -> None:
    """Say what the look did not see."""
    if seen.in_flight:
        screen.note(
            f"{count(seen.in_flight, 'message')} in flight when the look began: somebody else is looking at them, and"
            " they are not counted here"
        )
    if not seen.complete:
        screen.note("the queue holds more than could be looked at in one go: the counts are of those seen")
