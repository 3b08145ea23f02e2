"""Reads the answer to a batch call of SQS, and believes it only where it answers this very call."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engagement.errors import UnreadableAnswerError


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
