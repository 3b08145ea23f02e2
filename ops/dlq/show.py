"""`ops dlq show`: parked messages one by one, personal data masked."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from engagement.wire import timestamp
from ops.context import CliContext
from ops.dlq.causes import general
from ops.dlq.filters import Filters
from ops.dlq.masking import masked
from ops.dlq.message import DlqMessage
from ops.dlq.open_queue import open_queue, scan_through, warn_if_incomplete
from ops.exits import Exit
from ops.output import Rows
from ops.screen import Screen

NOT_PERSONAL = frozenset(
    {"reason", "detail", "stage", "firstSeen", "receives", "redrives", "fingerprint", "recordId", "offerViewed"}
)
"""The message attributes that hold nothing personal: `engagement.parking`."""
LINES = ("reason", "detail", "stage", "recordId", "offer", "journey", "firstSeen", "parkedAt", "receiveCount")


def show_messages(context: CliContext, wanted: Filters, limit: int, *, of_domain: bool, unmask: bool) -> Exit:
    """Show at most ``limit`` of the messages that pass the filters."""
    screen, queue = context.screen, open_queue(context, of_domain=of_domain)
    messages: list[DlqMessage] = []
    summary = scan_through(queue, screen, wanted, messages.append, limit)
    documents = [document(message, unmask=unmask) for message in messages]
    screen.document({"queue": queue.name, "messages": documents}, Rows.of(("messageId", *LINES), documents))
    for message, members in zip(messages, documents, strict=True):
        _show(screen, message, members)
    if messages:
        return Exit.FINE
    screen.line(summary.why_nothing)
    warn_if_incomplete(summary, screen)
    return Exit.PROBLEMS


def document(message: DlqMessage, *, unmask: bool) -> Mapping[str, Any]:
    """Return a message as JSON; without anything personal unless ``unmask``."""
    return {
        "messageId": message.message_id,
        "reason": message.reason,
        "detail": message.detail if unmask else general(message.detail),
        "stage": message.stage,
        "recordId": message.record_id,
        "offer": message.offer,
        "journey": message.journey,
        "firstSeen": timestamp(message.first_seen),
        "parkedAt": timestamp(message.parked_at),
        "receiveCount": message.receive_count,
        "attributes": dict(message.attributes) if unmask else _masked_attributes(message.attributes),
        "body": message.body if unmask else masked(message.body),
    }


def _show(screen: Screen, message: DlqMessage, members: Mapping[str, Any]) -> None:
    screen.line(f"message {message.message_id}", "bold")
    for name in LINES:
        if members[name] not in (None, ""):
            screen.line(f"  {name}: {members[name]}")
    for name in ("receives", "redrives", "offerViewed"):
        if name in message.attributes:
            screen.line(f"  {name}: {message.attributes[name]}")
    screen.line("  body:")
    for line in _lines(members["body"]):
        screen.line(f"    {line}")
    screen.line()


def _masked_attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    shown = {name: value for name, value in attributes.items() if name in NOT_PERSONAL}
    return {name: general(value) if name == "detail" else value for name, value in shown.items()}


def _lines(body: object) -> Sequence[str]:
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            return [str(body)]
    return json.dumps(body, indent=2, ensure_ascii=False).splitlines()
