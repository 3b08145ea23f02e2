"""How parked messages are shown."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from engagement.wire import timestamp
from ops.dlq.causes import Group, general
from ops.dlq.letter import Letter
from ops.dlq.masking import masked
from ops.screen import Column, Screen
from ops.text import count, moment

OURS = ("reason", "detail", "stage", "firstSeen", "receives", "redrives", "fingerprint", "recordId", "offerViewed")
"""The message attributes that hold nothing personal: `engagement.parking`."""
CAUSES = (
    Column("cause"),
    Column("reason", flexible=True),
    Column("stage"),
    Column("messages", right=True),
    Column("distinct", right=True),
    Column("first seen", flexible=True),
    Column("last seen", flexible=True),
    Column("detail", flexible=True),
)


def causes(screen: Screen, groups: Sequence[Group]) -> None:
    """Show messages by cause, with a line above that sums them up."""
    first, last = min(group.first_seen for group in groups), max(group.last_seen for group in groups)
    total = sum(group.messages for group in groups)
    screen.line(
        f"{count(len(groups), 'cause')}, {count(total, 'message')}, first seen {moment(first)}, last {moment(last)}",
        "bold",
    )
    screen.table(
        CAUSES,
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


def document(letter: Letter, *, unmask: bool) -> Mapping[str, Any]:
    """Return a message as JSON; without anything personal unless ``unmask``."""
    return {
        "messageId": letter.message_id,
        "reason": letter.reason,
        "detail": letter.detail if unmask else general(letter.detail),
        "stage": letter.stage,
        "recordId": letter.record_id,
        "offer": letter.offer,
        "journey": letter.journey,
        "firstSeen": timestamp(letter.first_seen),
        "parkedAt": timestamp(letter.parked_at),
        "looks": letter.receives,
        "attributes": dict(letter.attributes) if unmask else _masked_attributes(letter.attributes),
        "body": letter.body if unmask else masked(letter.body),
    }


def letter(screen: Screen, shown: Letter, *, unmask: bool) -> None:
    """Show one message."""
    members = document(shown, unmask=unmask)
    screen.line(f"message {shown.message_id}", "bold")
    for name in ("reason", "detail", "stage", "recordId", "offer", "journey", "firstSeen", "parkedAt", "looks"):
        if members[name] not in (None, ""):
            screen.line(f"  {name}: {members[name]}")
    for name in ("receives", "redrives", "offerViewed"):
        if name in shown.attributes:
            screen.line(f"  {name}: {shown.attributes[name]}")
    screen.line("  body:")
    for line in _lines(members["body"]):
        screen.line(f"    {line}")
    screen.line()


def _masked_attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    return {name: general(value) if name == "detail" else value for name, value in attributes.items() if name in OURS}


def _lines(body: object) -> Sequence[str]:
    if isinstance(body, str):
        try:
            body = json.loads(body)
        except (ValueError, RecursionError):
            return [str(body)]
    return json.dumps(body, indent=2, ensure_ascii=False).splitlines()
