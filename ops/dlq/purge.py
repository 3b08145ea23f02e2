"""`ops dlq purge`: deletes parked messages for good, once each is in a file and the operator has confirmed it."""

from pathlib import Path

from engagement.sqs_batch import batches
from ops.context import CliContext
from ops.dlq.export import writing
from ops.dlq.filters import Filters
from ops.dlq.message import DlqMessage
from ops.dlq.open_queue import OpenQueue, open_queue, scan_through, warn_if_incomplete
from ops.dlq.scan import delete
from ops.errors import OpsError, UsageError
from ops.exits import Exit
from ops.text import count


def purge(context: CliContext, wanted: Filters, path: Path, confirmed: str | None) -> Exit:
    """Export, ask, and delete exactly what was exported: messages that are parked meanwhile stay.

    Args:
        context: The stack.
        wanted: The filters.
        path: The file of the export.
        confirmed: The queue's name, as the operator typed it; None to ask for it.
    """
    screen, queue = context.screen, open_queue(context, of_domain=False)
    exported: set[str] = set()
    with writing(path, unmask=True) as write:

        def take(message: DlqMessage) -> None:
            write(message)
            exported.add(message.message_id)

        summary = scan_through(queue, screen, wanted, take)
        if not exported:
            raise OpsError("there is nothing to purge: no parked message passes the filters")
    warn_if_incomplete(summary, screen)
    screen.note(f"{count(len(exported), 'message')} written to {path}")
    _confirm(context, queue, len(exported), confirmed)
    remaining = set(exported)
    try:
        _delete(context, queue, remaining)
    finally:
        purged = len(exported) - len(remaining)
        screen.document({"queue": queue.name, **summary.document, "purged": purged, "file": str(path)})
        screen.line(f"{count(purged, 'message')} purged; {path} holds every message that was selected")
    if remaining:
        screen.line(f"{count(len(remaining), 'message')} not received again: another consumer holds them")
        return Exit.PROBLEMS
    return Exit.FINE


def _confirm(context: CliContext, queue: OpenQueue, messages: int, given: str | None) -> None:
    question = f"This deletes {count(messages, 'message')} for good. Type the queue's name, {queue.name}, to confirm:"
    answer = context.screen.ask(question, f"--confirm {queue.name}") if given is None else given
    if answer != queue.name:
        raise UsageError(f"nothing was purged: {answer!r} is not the queue's name, {queue.name}")


def _delete(context: CliContext, queue: OpenQueue, remaining: set[str]) -> None:
    """Delete what remains, and take out of ``remaining`` what is gone."""
    with queue.scan() as scan, context.screen.progress("Purging", len(remaining)) as advance:
        for messages in scan.rounds():
            meant = [message for message in messages if message.message_id in remaining]
            for batch in batches(meant):
                gone = delete(queue.sqs, queue.url, batch)
                scan.forget(gone)
                remaining -= {message.message_id for message in gone}
                advance(len(gone))
            if not remaining:
                return
