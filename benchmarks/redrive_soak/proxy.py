"""A proxy between an operator and AWS that spoils answers, and kills the operator's process."""

import http.client
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from benchmarks.proxy import Answer, Call, Proxy

PAGE = b"<!doctype html><html><head><title>Sign in</title></head><body>Sign in to go on</body></html>"


class Spoilt(StrEnum):
    """What becomes of every answer of one operation.

    A call whose answer is lost has reached AWS; one that is answered with a page, or with nothing, never does.
    """

    AS_IT_IS = "as it is"
    LOST = "lost"
    PAGE = "a page"
    EMPTY = "empty"
    TWICE = "twice"


INSTEAD = {Spoilt.PAGE: PAGE, Spoilt.EMPTY: b""}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one operation.

    Attributes:
        operation: Its name, as AWS's API reference has it.
        answer: What becomes of its answers.
        before: Called when a call of it has arrived and AWS has not had it; whatever it returns, the call is dropped.
        after: Called when AWS has answered a call and the operator has not had the answer; the same.
        skip: Calls that pass before.
    """

    operation: str = ""
    answer: Spoilt = Spoilt.AS_IT_IS
    before: Callable[[], None] | None = None
    after: Callable[[], None] | None = None
    skip: int = 0


NO_FAULT = Fault()


class OperatorProxy(Proxy):
    """One address of AWS.

    Args:
        upstream: Where it really is.

    Attributes:
        fault: What is injected now.
        injected: How often it was.
        handles: The receipt handles that were received last, by message, whether they arrived or not.
    """

    def __init__(self, upstream: str) -> None:
        self.fault = NO_FAULT
        self.injected = 0
        self.handles: dict[str, str] = {}
        self._skipped = 0
        self._lock = threading.Lock()
        super().__init__(upstream, self._serve)

    def set(self, fault: Fault) -> None:
        """Inject a fault from now on, and count anew."""
        with self._lock:
            self.fault, self.injected, self._skipped = fault, 0, 0

    def _serve(self, call: Call, body: bytes) -> None:
        operation = _operation(call.headers.get("X-Amz-Target", ""), call.path)
        fault = self._injects(operation)
        if fault.before is not None:
            fault.before()
            call.reset()
            return
        if fault.answer in INSTEAD:
            call.reply(http.client.OK, INSTEAD[fault.answer], {"Content-Type": "text/html"})
            return
        answer = self._forward(call, operation, body)
        if fault.answer is Spoilt.TWICE:
            answer = self._forward(call, operation, body)
        if fault.after is not None:
            fault.after()
        if fault.after is not None or fault.answer is Spoilt.LOST:
            call.reset()
        else:
            call.reply(answer.status, answer.body, answer.headers)

    def _injects(self, operation: str) -> Fault:
        """Return the fault that a call of an operation gets, and count it."""
        with self._lock:
            if operation != self.fault.operation:
                return NO_FAULT
            if self._skipped < self.fault.skip:
                self._skipped += 1
                return NO_FAULT
            self.injected += 1
            return self.fault

    def _forward(self, call: Call, operation: str, body: bytes) -> Answer:
        """Forward a call, and remember the handles of a receive."""
        answer = call.forward(body)
        if operation == "ReceiveMessage" and answer.status == http.client.OK:
            messages = json.loads(answer.body).get("Messages") or []
            with self._lock:
                self.handles.update((message["MessageId"], message["ReceiptHandle"]) for message in messages)
        return answer


def _operation(target: str, path: str) -> str:
    """Return the operation that a call is of; empty for one that no fault here is about."""
    if target:
        return target.rpartition(".")[2]
    ends = {
        "/invocations": "Invoke",
        "/profiles/search": "SearchProfiles",
        "/profiles/objects": "ListProfileObjects",
    }
    return next((name for end, name in ends.items() if urlsplit(path).path.endswith(end)), "")
