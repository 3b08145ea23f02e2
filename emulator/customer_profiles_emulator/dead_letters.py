"""The domain's dead-letter queue in SQS, for objects that were accepted and could not be attached.

The queue is the domain's DeadLetterQueueUrl (API reference, CreateDomain: "used for reporting errors associated with
ingesting data"); the form of the message is (unverified). The SQS client is botocore's own: AWS_ENDPOINT_URL and the
usual variables decide where it goes.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import botocore.exceptions
import botocore.session
from botocore.config import Config

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An object that found no profile.

    Attributes:
        text: the object as it came.
        accepted_at: when it was accepted, in seconds since the epoch.
        reason: why it could not be attached.
    """

    domain: str
    type_name: str
    text: str
    accepted_at: float
    reason: str


class DeadLetterQueue(Protocol):
    """Sends dead letters to a queue."""

    def send(self, queue_url: str, letter: DeadLetter) -> bool:
        """Send one; whether the queue has it."""


class SqsDeadLetterQueue:
    """Sends to SQS. A failure is returned, not raised: the caller was answered before."""

    def send(self, queue_url: str, letter: DeadLetter) -> bool:
        """Send one; whether SQS took it."""
        body = {
            "domainName": letter.domain,
            "objectTypeName": letter.type_name,
            "object": letter.text,
            "acceptedAt": letter.accepted_at,
            "errorMessage": letter.reason,
        }
        try:
            self._client.send_message(QueueUrl=queue_url, MessageBody=json.dumps(body, ensure_ascii=False))
        except (botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError) as error:
            _logger.warning("A dead letter could not be sent: %s", type(error).__name__)
            return False
        return True

    @cached_property
    def _client(self) -> Any:  # noqa: ANN401 - botocore makes a client's methods at run time
        # Made at first use: most emulators never send one. Short time-outs: other dead letters wait behind it.
        config = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})
        return botocore.session.get_session().create_client("sqs", config=config)
