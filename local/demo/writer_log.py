"""What the writer says of itself: one log line an invocation, with the counts of its outcomes."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from local.demo.account import WriterCounts

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

MESSAGE = "batch delivered"
COUNTED = ("received", "written", "duplicates", "parked", "returned")


def log_group(functions: "LambdaClient", function: str) -> str:
    """Return the log group that a function writes to."""
    configuration = functions.get_function_configuration(FunctionName=function)
    return configuration.get("LoggingConfig", {}).get("LogGroup") or f"/aws/lambda/{function}"


def counts(lines: Iterable[str]) -> WriterCounts:
    """Return the sums over the lines that count a batch; other lines, which a runtime writes between, are skipped."""
    batches = [line for line in map(_parsed, lines) if line.get("message") == MESSAGE]
    return WriterCounts(len(batches), *(sum(_number(batch.get(name)) for batch in batches) for name in COUNTED))


def _parsed(line: str) -> dict[str, object]:
    try:
        parsed = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
