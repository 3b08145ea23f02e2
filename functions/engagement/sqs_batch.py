"""What SQS's batch calls have in common: their limits, their entries, and how their answers are read.

An answer is believed only if it answers this very call: between a caller and SQS there may be a proxy or a cache.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from engagement.errors import UnreadableAnswerError

Item = TypeVar("Item")

MAX_ENTRIES = 10
"""Entries in one batch call."""
MAX_BYTES = 1_048_576
"""Bytes in one message and in one whole SendMessageBatch, attributes included."""
MAX_VISIBILITY = 43_200
"""Seconds; the longest visibility timeout."""

_DATA_TYPE = "String"


@dataclass(frozen=True, slots=True)
class Entry:
    """One message to send.

    Attributes:
        body: The message's body.
        group: MessageGroupId: on a standard queue it keeps one noisy journey from starving the others.
        attributes: Message attributes, all of data type String; never personal data.
    """

    body: str
    group: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Bytes that SQS counts for this entry: the body, and each attribute's name, data type and value."""
        attributes = sum(len(name) + len(_DATA_TYPE) + len(value.encode()) for name, value in self.attributes.items())
        return len(_encoded(self.body)) + attributes

    def wire(self, entry_id: str) -> dict[str, Any]:
        """Return the entry as SendMessageBatch takes it."""
        wire: dict[str, Any] = {"Id": entry_id, "MessageBody": self.body}
        if self.group is not None:
            wire["MessageGroupId"] = self.group
        if self.attributes:
            wire["MessageAttributes"] = {
                name: {"DataType": _DATA_TYPE, "StringValue": value} for name, value in self.attributes.items()
            }
        return wire

    def is_confirmed_by(self, success: Mapping[str, Any]) -> bool:
        """Return whether SQS took this very body, as far as an entry of ``Successful`` says so."""
        digest = success.get("MD5OfMessageBody")
        return digest is None or digest == hashlib.md5(_encoded(self.body), usedforsecurity=False).hexdigest()


def batches(
    items: Iterable[Item],
    size: Callable[[Item], int] = lambda _: 0,
    max_entries: int = MAX_ENTRIES,
) -> Iterator[list[Item]]:
    """Yield the items in order, in batches that one call takes.

    Args:
        items: What to batch.
        size: Returns an item's bytes, of which a batch holds `MAX_BYTES`; an item beyond them gets its own batch.
        max_entries: Items in one batch.
    """
    batch: list[Item] = []
    total = 0
    for item in items:
        item_size = size(item)
        if batch and (len(batch) == max_entries or total + item_size > MAX_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(item)
        total += item_size
    if batch:
        yield batch


class BatchIds:
    """The entry ids of one call, which no other call shares: an answer to another one names none of them.

    Args:
        size: Entries in the call.
    """

    def __init__(self, size: int) -> None:
        call = secrets.token_hex(4)
        self.ids: Sequence[str] = [f"{position}-{call}" for position in range(size)]

    def read(self, answer: object) -> tuple[dict[str, Mapping[str, Any]], dict[str, Mapping[str, Any]]]:
        """Return what the answer says has succeeded and what has failed, by entry id.

        An entry that the answer does not name is in neither.

        Raises:
            UnreadableAnswerError: this is no answer to the call: no map, or an entry without an id, with one that was
                not asked for, or with the same as another.
        """
        if not isinstance(answer, dict):
            raise UnreadableAnswerError
        succeeded, failed = list(_entries(answer, "Successful")), list(_entries(answer, "Failed"))
        named = [entry.get("Id") for entry in (*succeeded, *failed)]
        if not all(isinstance(one, str) and one in self.ids for one in named) or len(set(named)) < len(named):
            raise UnreadableAnswerError
        return {entry["Id"]: entry for entry in succeeded}, {entry["Id"]: entry for entry in failed}


def _entries(answer: Mapping[str, Any], name: str) -> Iterator[Mapping[str, Any]]:
    entries = answer.get(name)
    if entries is None:
        return
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UnreadableAnswerError
    yield from entries


def _encoded(body: str) -> bytes:
    return body.encode("utf-8", "surrogatepass")
