"""A file of parked messages, one JSON object a line: complete or not there at all."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ops.errors import OpsError, UsageError


@contextmanager
def exporting(path: Path) -> Iterator[Callable[[Mapping[str, Any]], None]]:
    """Write lines to a file that only its owner may read; it gets its name when all are on the disk.

    Raises:
        UsageError: there is such a file already, or it cannot be made.
        OpsError: the disk did not take it.
    """
    if path.exists():
        raise UsageError(f"{path} exists already; give another name")
    partial = path.with_name(f"{path.name}.part")
    try:
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UsageError(f"{partial} is left of an export that did not end; remove it, or give another name") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from error
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield lambda members: _write(file.write, members)
            file.flush()
            os.fsync(file.fileno())
        # a link fails where the name was taken meanwhile; a rename would overwrite it
        os.link(partial, path)
    except OSError as error:
        raise OpsError(f"{path} could not be written: {error.strerror}") from error
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()


def _write(write: Callable[[str], int], members: Mapping[str, Any]) -> None:
    write(json.dumps(members, ensure_ascii=True, separators=(",", ":")) + "\n")
