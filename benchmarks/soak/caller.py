"""The journey's part: invokes the functions, and repeats whole events whose invocation failed."""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.soak.traffic import Poison, Sending, Traffic
from local.demo.events import Event
from local.demo.invoking import CustomerAnswer, Functions, Invocation, Status, invoke_all

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sqs import SQSClient

ROUNDS = 40
"""Times that an event is repeated before the caller gives up."""
PAUSE = 0.5
"""Seconds between two rounds."""


@dataclass(slots=True)
class CallerResult:
    """What the functions answered.

    Attributes:
        answers: For each event's name, what each successful invocation with it said of its customers.
        failures: Failed invocations by the error's kind; an answer that names a failed customer is one.
        invocations: All of them.
        given_up: Events whose last invocation failed.
    """

    answers: dict[str, list[Sequence[CustomerAnswer]]] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    invocations: int = 0
    given_up: list[str] = field(default_factory=list)

    def join(self, other: "CallerResult") -> None:
        """Add what other events came to."""
        self.answers |= other.answers
        self.failures += other.failures
        self.invocations += other.invocations
        self.given_up += other.given_up


class Caller(threading.Thread):
    """Sends one profile's traffic, in a thread of its own; `failed_with` is set if it could not."""

    def __init__(
        self, functions: "LambdaClient", sqs: "SQSClient", channel: Functions, queue_url: str, traffic: Traffic
    ) -> None:
        super().__init__(name="caller", daemon=True)
        self.result = CallerResult()
        self.failed_with: Exception | None = None
        self._functions = functions
        self._sqs = sqs
        self._channel = channel
        self._queue_url = queue_url
        self._traffic = traffic
        self._stopping = threading.Event()

    def run(self) -> None:
        """Send all of it."""
        try:
            self._send()
        except Exception as error:  # noqa: BLE001 - a thread's failure is raised by the thread that waits for it
            self.failed_with = error

    def stop(self) -> None:
        """Send no more."""
        self._stopping.set()

    def _send(self) -> None:
        jobs = [self._job(sending) for sending in self._traffic.sendings]
        # the repeats of whole events come after the others, as a journey's own retries would
        jobs += [self._job(sending) for sending in self._traffic.sendings for _ in range(sending.times - 1)]
        for message in self._traffic.poison:
            self._put(message)
        for _ in range(ROUNDS):
            jobs = self._round(jobs)
            if not jobs or self._stopping.wait(PAUSE):
                break
        self.result.given_up += [event.name for event, _ in jobs]

    def _job(self, sending: Sending) -> tuple[Event, str]:
        return sending.event, self._channel.of(sending.event, otherwise=True)

    def _put(self, message: Poison) -> None:
        self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=message.body)

    def _round(self, jobs: Sequence[tuple[Event, str]]) -> list[tuple[Event, str]]:
        """Invoke once for each job, and return those that failed."""
        failed: list[tuple[Event, str]] = []
        for job, invocation in zip(jobs, invoke_all(self._functions, jobs), strict=True):
            self.result.invocations += 1
            failure = _failure(invocation)
            if failure is None:
                self.result.answers.setdefault(invocation.event, []).append(invocation.answers)
            else:
                self.result.failures[failure] += 1
                failed.append(job)
            if self._stopping.is_set():
                break
        return failed


def _failure(invocation: Invocation) -> str | None:
    """Return the kind of an invocation's failure; None if every customer was accepted."""
    if invocation.failure is not None:
        return invocation.failure.split(":")[0]
    left = next((answer for answer in invocation.answers if answer.status is Status.FAILED), None)
    return None if left is None else f"answered: {left.reason}"
