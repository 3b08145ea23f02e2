"""The response to CloudFormation.

Contract: CloudFormation user guide, "Custom resource response objects": at most 4,096 bytes, a Reason if the Status is
FAILED, a PhysicalResourceId that is never empty and has at most 1 KB.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import accumulate, takewhile

from custom_resource.request import RequestEnvelope

MAX_BYTES = 4096
MAX_PHYSICAL_ID = 1024
"""Bytes of a PhysicalResourceId at most. Ours are shorter; CloudFormation made none that is longer."""
NOT_CREATED = "not-registered"
"""The PhysicalResourceId of a Create that failed: the Delete that CloudFormation sends for it must touch nothing."""
_CLIPPED = " ..."


class Status(StrEnum):
    """Whether CloudFormation may go on with the stack."""

    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Response:
    """The result of a request.

    Attributes:
        status: Status.
        physical_resource_id: PhysicalResourceId: the resource's id from now on.
        reason: Reason: what happened and what to do; CloudFormation shows it if the status is FAILED.
        data: Data: the resource's attributes, for Fn::GetAtt.
    """

    status: Status
    physical_resource_id: str
    reason: str
    data: Mapping[str, str] = field(default_factory=dict)


def encode(response: Response, envelope: RequestEnvelope) -> bytes:
    """Return the body for the ResponseURL, the reason clipped so that the whole keeps to CloudFormation's limit.

    Pure ASCII: whatever the reason quotes, half a character included, can be sent.
    """
    body = {
        "Status": str(response.status),
        "PhysicalResourceId": _clip(response.physical_resource_id, MAX_PHYSICAL_ID),
        "StackId": envelope.stack_id,
        "RequestId": envelope.request_id,
        "LogicalResourceId": envelope.logical_resource_id,
        "Data": dict(response.data),
    }
    room = MAX_BYTES - len(json.dumps({**body, "Reason": ""}))
    return json.dumps({**body, "Reason": _clip(response.reason, room)}).encode()


def _clip(text: str, room: int) -> str:
    """Return as much of ``text`` as takes ``room`` bytes once it is written as JSON."""
    if _size(text) <= room:
        return text
    sizes = accumulate(map(_size, text), initial=len(_CLIPPED))
    kept = sum(1 for _ in takewhile(lambda size: size <= room, sizes)) - 1
    return text[: max(0, kept)] + _CLIPPED


def _size(text: str) -> int:
    return len(json.dumps(text)) - len('""')
