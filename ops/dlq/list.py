"""`ops dlq list`: what is parked, by cause."""

from collections.abc import Sequence

from ops.context import CliContext
from ops.dlq.causes import Group, group
from ops.dlq.filters import Filters
from ops.dlq.message import DlqMessage
from ops.dlq.open_queue import open_queue, scan_through, warn_if_incomplete
from ops.exits import Exit
from ops.output import Rows
from ops.screen import Column, Screen
from ops.text import count, moment

ROW = ("cause", "reason", "stage", "messages", "distinct", "firstSeen", "lastSeen", "detail")
COLUMNS = (
    Column("cause"),
    Column("reason", flexible=True),
    Column("stage"),
    Column("messages", right=True),
    Column("distinct", right=True),
    Column("first seen", flexible=True),
    Column("last seen", flexible=True),
    Column("detail", flexible=True),
)


def list_causes(context: CliContext, wanted: Filters, *, of_domain: bool) -> Exit:
    """Show the messages that pass the filters, by cause."""
    screen, queue = context.screen, open_queue(context, of_domain=of_domain)
    messages: list[DlqMessage] = []
    summary = scan_through(queue, screen, wanted, messages.append)
    groups = group(messages)
    documents = [one.document for one in groups]
    screen.document({"queue": queue.name, **summary.document, "causes": documents}, Rows.of(ROW, documents))
    if groups:
        _show(screen, groups)
    else:
        screen.line(summary.why_nothing)
    warn_if_incomplete(summary, screen)
    return Exit.FINE if summary.complete else Exit.PROBLEMS


def _show(screen: Screen, groups: Sequence[Group]) -> None:
    first, last = min(group.first_seen for group in groups), max(group.last_seen for group in groups)
    total = sum(group.messages for group in groups)
    screen.line(
        f"{count(len(groups), 'cause')}, {count(total, 'message')}, first seen {moment(first)}, last {moment(last)}",
        "bold",
    )
    screen.table(
        COLUMNS,
        [
            [
                group.cause.key,
                group.cause.reason,
                group.cause.stage or "-",
                f"{group.messages:,}",
                f"{group.distinct:,}",
                moment(group.first_seen),
                moment(group.last_seen),
                group.cause.detail,
            ]
            for group in groups
        ],
    )
