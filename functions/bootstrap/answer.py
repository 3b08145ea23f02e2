"""The answer to CloudFormation.

Contract: CloudFormation user guide, "Custom resource response objects": at most 4,096 bytes, a Reason where the
status is FAILED, a PhysicalResourceId that is never empty and has at most 1 KB.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate, takewhile

from bootstrap.request import ReplyTo

MAX_BYTES = 4096
MAX_PHYSICAL_ID = 1024
"""Bytes of a PhysicalResourceId at most. Ours are shorter; a longer one is no resource of CloudFormation's."""
_CLIPPED = " ..."


class Status(StrEnum):
    """Whether the stack may go on."""

    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a request.

    Attributes:
        status: Whether the stack may go on.
        physical_id: The resource's id from now on.
        reason: What happened and what to do; shown by CloudFormation where the status is FAILED.
        data: The resource's attributes, for Fn::GetAtt.
    """

    status: Status
    physical_id: str
    reason: str
    data: Mapping[str, str] = field(default_factory=dict)


def encode(answer: Answer, reply_to: ReplyTo) -> bytes:
    """Return the body for the ResponseURL, the reason clipped so that the whole keeps to CloudFormation's limit.

    Pure ASCII: whatever the reason quotes, half a character included, can be sent.
    """
    body = {
        "Status": str(answer.status),
        "PhysicalResourceId": _clip(answer.physical_id, MAX_PHYSICAL_ID),
        "StackId": reply_to.stack_id,
        "RequestId": reply_to.request_id,
        "LogicalResourceId": reply_to.logical_id,
        "Data": dict(answer.data),
    }
    room = MAX_BYTES - len(json.dumps({**body, "Reason": ""}))
    return json.dumps({**body, "Reason": _clip(answer.reason, room)}).encode()


def _clip(text: str, room: int) -> str:
    """Return as much of ``text`` as takes ``room`` bytes once it is written as JSON."""
    if _size(text) <= room:
        return text
    sizes = accumulate(map(_size, text), initial=len(_CLIPPED))
    kept = sum(1 for _ in takewhile(lambda size: size <= room, sizes)) - 1
    return text[: max(0, kept)] + _CLIPPED


def _size(text: str) -> int:
    return len(json.dumps(text)) - len('""')
