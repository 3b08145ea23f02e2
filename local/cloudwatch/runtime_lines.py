"""Lines as Lambda's Python runtime writes them, out of ministack's own.

Of an invocation that raised, ministack 1.5.33 writes Python's traceback, each line an event. Lambda's runtime writes
one event: `[ERROR] Type: message`, and the traceback below it (aws-lambda-python-runtime-interface-client, log format
Text). Of one that was cut off ministack writes the words without the moment and the request that stand before them.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

Line = tuple[int, str]
"""When, in milliseconds since the epoch, and what."""

FIRST = "Traceback (most recent call last):"
LAST = re.compile(r"^END RequestId: ")
RAISED = re.compile(r"^(?P<module>[A-Za-z_][\w.]*\.)?(?P<type>[A-Za-z_]\w*)(?P<message>:.*)?$", re.DOTALL)
CUT_OFF = re.compile(r"^Task timed out after ")
REQUEST = re.compile(r"^START RequestId: (\S+)")


def as_lambda_writes(lines: Iterable[Line]) -> Iterator[Line]:
    """Yield the lines of one log stream, those of a failed invocation as Lambda's runtime would write them."""
    request, traceback, since = "", list[str](), 0
    for at, line in lines:
        if found := REQUEST.match(line):
            request = found[1]
        if traceback and not LAST.match(line):
            traceback.append(line)
            continue
        if traceback:
            yield since, _raised(traceback)
            traceback = []
        if line == FIRST:
            traceback, since = [line], at
        elif CUT_OFF.match(line):
            yield at, f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%dT%H:%M:%S}.{at % 1000:03}Z {request} {line}"
        else:
            yield at, line
    if traceback:
        yield since, _raised(traceback)


def _raised(traceback: list[str]) -> str:
    """Return the runtime's one line: the exception that was raised last stands behind the last frame."""
    begins = max(number for number, line in enumerate(traceback) if line == FIRST)
    frames = [number for number, line in enumerate(traceback) if number > begins and line.startswith("  ")]
    behind = (frames[-1] if frames else begins) + 1
    found = RAISED.match("\n".join(traceback[behind:]))
    error = f"{found['type']}{found['message'] or ''}" if found else "\n".join(traceback[behind:])
    return "\n".join([f"[ERROR] {error}", *traceback[begins:behind]])
