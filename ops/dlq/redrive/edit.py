"""Edits a parked message's body by a JSON merge patch (RFC 7396) or in an editor, and shows what that changes."""

import json
import os
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.wire import decode
from ops.dlq.masking import is_plain, mask
from ops.errors import UsageError

ANY_ID = "0" * 32
ABSENT = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One member that an edit changes.

    Attributes:
        path: The names that lead to it.
        old: Its value before; `ABSENT` if it was not there.
        new: The same afterwards.
    """

    path: tuple[str, ...]
    old: Any
    new: Any

    def shown(self, *, unmask: bool) -> str:
        """Return the change as a line; the old value masked unless ``unmask``, the new one as it was typed."""
        place = ".".join(self.path) or "the whole body"
        old = "(absent)" if self.old is ABSENT else self._old(unmask=unmask)
        new = "(removed)" if self.new is ABSENT else json.dumps(self.new)
        return f"{place}: {old} -> {new}"

    def _old(self, *, unmask: bool) -> str:
        return json.dumps(self.old) if unmask or self.old is None or is_plain(self.path, self.old) else mask(self.old)


def patch_of(given: str) -> Mapping[str, Any]:
    """Return the merge patch that was typed, or that ``@FILE`` holds.

    Raises:
        UsageError: it is no JSON object.
    """
    try:
        text = Path(given[1:]).read_text(encoding="utf-8") if given.startswith("@") else given
        patch = json.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"--edit takes a JSON merge patch, or @FILE with one: {error}") from error
    if not isinstance(patch, dict):
        raise UsageError("--edit takes a JSON merge patch that is an object")
    return patch


def merge(target: Any, patch: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return ``target`` with ``patch`` applied, as RFC 7396 has it."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        else:
            merged[name] = merge(merged.get(name), value)
    return merged


def edited(body: str, patch: Mapping[str, Any]) -> str | None:
    """Return the body with the patch applied, and the id that follows from it; None if it is no JSON object.

    The record's id is made of journey, customer and offer: an edited record must carry the id that ingest would have
    given it, or it would not replace the other versions of the same record.
    """
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(members, dict):
        return None
    return json.dumps(_with_its_id(merge(members, patch)), separators=(",", ":"))


def by_hand(body: str, command: str) -> str:
    """Return the body as the operator leaves it in an editor, with the id that follows from it.

    Raises:
        UsageError: the editor failed, or what it left is no JSON.
    """
    with TemporaryDirectory() as directory:  # for its owner alone
        file = Path(directory) / "message.json"
        # for its owner alone too, whatever the umask is: an editor may link or move the file
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as begun:
            begun.write(_indented(body))
        try:
            ended = subprocess.run([*shlex.split(command), str(file)], check=False).returncode  # noqa: S603 - the user's own
            members = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError) as error:
            raise UsageError(f"nothing was sent: what {command} left is no JSON: {error}") from error
    if ended:
        raise UsageError(f"nothing was sent: {command} ended with code {ended}")
    return json.dumps(_with_its_id(members) if isinstance(members, dict) else members, separators=(",", ":"))


def difference(old: str, new: str) -> list[Change]:
    """Return what an edit changes: everything, if the old body was no JSON."""
    try:
        return list(changes(json.loads(old), json.loads(new)))
    except (ValueError, RecursionError):
        return [Change((), old, json.loads(new))]


def _indented(body: str) -> str:
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False) + "\n"
    except (ValueError, RecursionError):
        return body


def changes(old: Any, new: Any, path: tuple[str, ...] = ()) -> Iterator[Change]:  # noqa: ANN401 - any JSON value
    """Yield what differs between two JSON values."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in dict.fromkeys([*old, *new]):
            yield from changes(old.get(name, ABSENT), new.get(name, ABSENT), (*path, name))
    elif old is ABSENT or new is ABSENT or old != new or isinstance(old, bool) is not isinstance(new, bool):
        yield Change(path, old, new)


def _with_its_id(members: dict[str, Any]) -> dict[str, Any]:
    if "version" not in members:
        return members  # an event: its function gives the id
    try:
        record = decode(json.dumps({**members, "recordId": ANY_ID}))
    except InvalidRecordError:
        return members
    return {**members, "recordId": record.own_id}
