"""A service whose every answer is the one given."""

import json
from collections.abc import Sequence
from io import BytesIO
from typing import Any

from tests.fakes.queues import ENGAGEMENT


class Answers:
    """A client of SQS and Lambda whose every answer is the one given."""

    def __init__(self, answer: object = None, error: Exception | None = None) -> None:
        self.answer = answer
        self.error = error
        self.calls = 0

    def invoke(self, **_: Any) -> object:
        self.calls += 1
        if self.error is not None:
            raise self.error
        return self.answer

    def send_message_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> object:  # noqa: N803 - boto3's names
        assert QueueUrl == ENGAGEMENT
        self.calls += 1
        if self.error is not None:
            raise self.error
        return self.answer(Entries) if callable(self.answer) else self.answer


def said(payload: object) -> dict[str, Any]:
    """Return the answer of a function that returned this payload."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return {"StatusCode": 200, "Payload": BytesIO(body)}
