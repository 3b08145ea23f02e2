"""A proxy on the functions' way to SQS that fails on demand: the local SQS itself never does.

It keeps, for each record, the digest of every body that was sent to the engagement queue: a parked message must have
one of them, whatever the writer sent to the dead-letter queue.
"""

import hashlib
import http.client
import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from benchmarks.proxy import Answer, Call, Proxy

SEND = "AmazonSQS.SendMessageBatch"
CHANGE = "AmazonSQS.ChangeMessageVisibilityBatch"
REFUSAL = b'{"__type":"com.amazonaws.sqs#ServiceUnavailable","message":"injected"}'
JSON = {"Content-Type": "application/x-amz-json-1.0"}
SLOW = 1.8
"""Seconds: the functions' clients wait for two."""


@dataclass(frozen=True, slots=True)
class SendFaults:
    """Faults of SendMessageBatch, and one of ChangeMessageVisibilityBatch; shares from 0 to 1.

    Attributes:
        entry_failed: Of the entries: not sent, and in ``Failed`` with SenderFault false.
        call_refused: Of the calls: answered with 503, nothing sent.
        answer_lost: Of the calls: everything sent, then the connection reset.
        sent_twice: Of the calls: everything sent twice, as a standard queue may deliver it.
        backoff_refused: Of the calls that set visibilities: answered with 503, so that the queue's own applies.
        answer_dripped: Of the calls: everything sent, then answered a byte at a time, for minutes.
        call_slowed: Of the calls: answered nearly as late as the functions' time-out allows.
        park_answer_lost: Of the calls that send to the dead-letter queue: as ``answer_lost``.
    """

    entry_failed: float = 0.0
    call_refused: float = 0.0
    answer_lost: float = 0.0
    sent_twice: float = 0.0
    backoff_refused: float = 0.0
    answer_dripped: float = 0.0
    call_slowed: float = 0.0
    park_answer_lost: float = 0.0

    def named(self) -> dict[str, float]:
        """Return the shares by the names under which they are counted."""
        return {
            "entries failed": self.entry_failed,
            "calls refused": self.call_refused,
            "answers lost": self.answer_lost,
            "calls sent twice": self.sent_twice,
            "backoffs refused": self.backoff_refused,
            "SQS answers dripping": self.answer_dripped,
            "SQS calls slowed": self.call_slowed,
            "park answers lost": self.park_answer_lost,
        }


class QueueProxy(Proxy):
    """A proxy of SQS.

    Args:
        upstream: The address of the real one.
        queue_url: The engagement queue, of which the bodies are noted.
        seed: Of the faults' random source.

    Attributes:
        faults: Those in force.
        injected: How often each fault, named as `SendFaults.named` does, was injected.
        bodies: For each record's id, the digests of all bodies that were sent of it.
    """

    def __init__(self, upstream: str, queue_url: str, seed: int = 7) -> None:
        self.faults = SendFaults()
        self.injected: Counter[str] = Counter()
        self.bodies: dict[str, set[str]] = {}
        self._engagement = urlsplit(queue_url).path
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        super().__init__(upstream, self._serve)

    def _serve(self, call: Call, body: bytes) -> None:
        target = call.headers.get("X-Amz-Target")
        if target == SEND:
            self._send_batch(call, body)
        elif target == CHANGE and self._injects("backoffs refused"):
            call.reply(http.client.SERVICE_UNAVAILABLE, REFUSAL, JSON)
        else:
            answer = call.forward(body)
            call.reply(answer.status, answer.body, answer.headers)

    def _send_batch(self, call: Call, body: bytes) -> None:
        if self._injects("calls refused"):
            call.reply(http.client.SERVICE_UNAVAILABLE, REFUSAL, JSON)
            return
        batch = json.loads(body)
        failed = [entry for entry in batch["Entries"] if self._injects("entries failed")]
        sent = [entry for entry in batch["Entries"] if entry not in failed]
        is_park = urlsplit(batch["QueueUrl"]).path != self._engagement  # there is only the dead-letter queue besides
        if not is_park:
            self._note(sent)
        answer = Answer(http.client.OK, b"{}", JSON)
        if sent:
            forwarded = json.dumps({**batch, "Entries": sent}).encode()
            answer = call.forward(forwarded)
            if self._injects("calls sent twice"):
                call.forward(forwarded)
        if self._injects("SQS calls slowed"):
            time.sleep(SLOW)
        if self._injects("answers lost") or (is_park and self._injects("park answers lost")):
            call.reset()
        elif self._injects("SQS answers dripping"):
            call.drip(answer.body)
        else:
            is_partial = failed and answer.status == http.client.OK
            call.reply(answer.status, _with_failed(answer.body, failed) if is_partial else answer.body, answer.headers)

    def _injects(self, fault: str) -> bool:
        """Draw whether a fault is injected now; count it if so."""
        share = self.faults.named()[fault]
        if share == 0:
            return False
        with self._lock:
            injected = self._random.random() < share
            self.injected[fault] += injected
        return injected

    def _note(self, entries: list[dict[str, Any]]) -> None:
        for entry in entries:
            body = str(entry.get("MessageBody"))
            if (record_id := _record_id(body)) is not None:
                with self._lock:
                    self.bodies.setdefault(record_id, set()).add(digest(body))


def digest(body: str) -> str:
    """Return what two bodies share only where they are the same, byte for byte."""
    return hashlib.sha256(body.encode()).hexdigest()


def _record_id(body: str) -> str | None:
    try:
        document = json.loads(body)
    except ValueError:
        return None
    found = document.get("recordId") if isinstance(document, dict) else None
    return found if isinstance(found, str) else None


def _with_failed(answer: bytes, failed: list[dict[str, Any]]) -> bytes:
    document = json.loads(answer)
    document.setdefault("Successful", [])
    document["Failed"] = document.get("Failed", []) + [
        {"Id": entry["Id"], "Code": "InternalError", "Message": "injected", "SenderFault": False} for entry in failed
    ]
    return json.dumps(document).encode()
