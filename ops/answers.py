"""What an answer of AWS must look like before anything is read of it; what does not is no answer.

Between ops and AWS there may be a proxy, a sign-in page, a cache. botocore reads whatever comes with status 200: a page
counts as an answer without members, and so as "there is nothing"; other JSON than a map ends in a fault of its own.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError

JSON_PROTOCOLS = frozenset({"json", "rest-json"})
XML_PROTOCOLS = frozenset({"query"})
FIRST_OTHER = 300
"""The first HTTP status that is no success."""


class UnreadableAnswerError(BotoCoreError):
    """An answer is not one that the service can have given: what became of the call is unknown."""

    fmt = "the answer to {operation} is not the service's: {why}"


def check(operation_model: Any, response_dict: dict[str, Any], **_: object) -> None:  # noqa: ANN401 - botocore has no types
    """Refuse an HTTP answer that is not of the service's protocol; a handler of botocore's event ``before-parse``.

    Raises:
        UnreadableAnswerError: it claims success, and is none.
    """
    protocol, shape = str(operation_model.service_model.resolved_protocol), operation_model.output_shape
    if operation_model.has_streaming_output and response_dict["status_code"] < FIRST_OTHER:
        return
    if protocol in XML_PROTOCOLS and response_dict["status_code"] < FIRST_OTHER:
        if f"<{operation_model.name}Response".encode() not in response_dict["body"]:
            raise UnreadableAnswerError(operation=operation_model.name, why=_looks_like(response_dict["body"]))
        return
    if protocol not in JSON_PROTOCOLS:
        return
    members = _map_of(response_dict["body"])
    if response_dict["status_code"] >= FIRST_OTHER:
        if members is None:
            response_dict["body"] = b"{}"  # botocore reads a code of it, and only a map may have one
        return
    known = {} if shape is None else _in_body(shape)
    if known and (members is None or (members and not members.keys() & known.keys())):
        raise UnreadableAnswerError(operation=operation_model.name, why=_looks_like(response_dict["body"]))


def _in_body(shape: Any) -> Mapping[str, Any]:  # noqa: ANN401 - botocore has no types
    """Return the members of an answer that travel in its body, by the names that they have there."""
    return {
        member.serialization.get("name", name): member
        for name, member in shape.members.items()
        if "location" not in member.serialization
    }


def _map_of(body: bytes) -> Mapping[str, Any] | None:
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return members if isinstance(members, dict) else None


def _looks_like(body: bytes) -> str:
    """Say of a body what helps to find its sender, and nothing that it holds."""
    if not body.strip():
        return "it is empty"
    return "it is a page" if body.lstrip()[:1] == b"<" else f"{len(body):,} bytes of something else"


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """What SQS says of each entry of a batch.

    Attributes:
        successful: The entries that took effect, by their ids.
        failed: SQS's code for those that did not, by their ids.
    """

    successful: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)


def batch_answer(answer: object, ids: Collection[str]) -> BatchAnswer:
    """Return what SQS says of the entries with these ids.

    An entry counts where the answer names it once, in the form of the API reference. An answer that names an entry
    which the request did not have is another request's, and says nothing.
    """
    members = answer if isinstance(answer, Mapping) else {}
    successful, failed = _entries(members.get("Successful")), _entries(members.get("Failed"))
    named = [entry.get("Id") for entry in [*successful, *failed]]
    if not all(isinstance(name, str) and name in ids for name in named):
        return BatchAnswer()
    once = {name for name in named if named.count(name) == 1}
    return BatchAnswer(
        {entry["Id"]: entry for entry in successful if entry["Id"] in once},
        {entry["Id"]: entry["Code"] for entry in failed if entry["Id"] in once and _is_code(entry.get("Code"))},
    )


def _entries(listed: object) -> Sequence[Mapping[str, Any]]:
    return [entry if isinstance(entry, Mapping) else {} for entry in listed] if isinstance(listed, list) else []


def _is_code(value: object) -> bool:
    return isinstance(value, str) and bool(value)
