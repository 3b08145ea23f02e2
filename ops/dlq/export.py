"""`ops dlq export`: parked messages in a file, one JSON object a line; complete or not there at all."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from ops.context import CliContext
from ops.dlq.filters import Filters
from ops.dlq.message import DlqMessage
from ops.dlq.open_queue import open_queue, scan_through, warn_if_incomplete
from ops.dlq.show import document
from ops.errors import OpsError, UsageError
from ops.exits import Exit
from ops.text import count


def export_messages(context: CliContext, wanted: Filters, path: Path, *, of_domain: bool, unmask: bool) -> Exit:
    """Write the messages that pass the filters to a file."""
    screen, queue = context.screen, open_queue(context, of_domain=of_domain)
    with writing(path, unmask=unmask) as write:
        summary = scan_through(queue, screen, wanted, write)
    screen.document({"queue": queue.name, **summary.document, "file": str(path), "masked": not unmask})
    masked = "" if unmask else ", personal data masked: --unmask writes what can be read back"
    screen.line(f"{count(summary.selected, 'message')} written to {path}{masked}")
    warn_if_incomplete(summary, screen)
    return Exit.FINE if summary.complete else Exit.PROBLEMS


@contextmanager
def writing(path: Path, *, unmask: bool) -> Iterator[Callable[[DlqMessage], None]]:
    """Write messages to a file that only its owner may read; it gets its name when all are on the disk.

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
            yield lambda message: _write(file.write, message, unmask=unmask)
            file.flush()
            os.fsync(file.fileno())
        # a link fails if the name was taken meanwhile; a rename would overwrite it
        os.link(partial, path)
    except OSError as error:
        raise OpsError(f"{path} could not be written: {error.strerror}") from error
    finally:
        with suppress(FileNotFoundError):
            partial.unlink()


def _write(write: Callable[[str], int], message: DlqMessage, *, unmask: bool) -> None:
    write(json.dumps(document(message, unmask=unmask), ensure_ascii=True, separators=(",", ":")) + "\n")
