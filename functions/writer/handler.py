"""The writer: an SQS batch in, a partial batch response out."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from engagement.call_timeout import CallTimeout, ThreadCallTimeout, timed
from engagement.clock import Clock, Deadline, SystemClock
from engagement.errors import InvalidEventError
from engagement.lambda_context import LambdaContext
from engagement.sqs_sender import SqsBatchSender
from engagement.telemetry import Telemetry
from engagement.writer_settings import WriterSettings
from writer.backoff import Backoff, VisibilityTimeouts
from writer.budget import Budget
from writer.calls import Calls
from writer.delivery import Returned, deliver
from writer.message import read_event
from writer.parking_policy import LastReceive, ParkingLimit
from writer.profiles import CustomerProfiles
from writer.report import Report
from writer.settlement import Settlement
from writer.swapped_answers import CAUSE, SwappedAnswers

SETTLING = 6.0
"""Seconds kept for parking and for visibility timeouts, and the whole of one such call, whatever answers.

Two attempts of 0.5 s to connect and 2 s to answer, and a pause, fit into it.
"""
SETTLING_STARTS = 1.0
"""Seconds in which the calls that settle can start, one after the other, after a last write that took its longest.

Without them a service that lets every call time out would leave no time for backoffs, and so use up the receives.
"""
ANSWERING = 1.0
"""Seconds kept for the log lines, the metrics and the answer."""
LONGEST_CALL = 6.0
"""Seconds; the call timeout of one PutProfileObject, whatever answers: 1 s to connect, 5 s to answer."""
PARKING_THREADS = 2
SYSTEMIC_BACKOFF = 300
"""Seconds; the shortest backoff after a fault that somebody must fix first."""
SQS_CONFIG = Config(connect_timeout=0.5, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})


def profiles_config(threads: int) -> Config:
    """Return the client's settings: a connection for each thread, and no retries, which are `writer.calls`'s."""
    return Config(connect_timeout=1, read_timeout=5, max_pool_connections=threads, retries={"total_max_attempts": 1})


@dataclass(frozen=True, slots=True)
class Writer:
    """The writer, put together.

    Attributes:
        profiles: The object type of the domain.
        budget: The writes a second of this environment.
        swapped_answers: Notices answers that are another record's.
        settlement: How batches are settled.
        timeouts: End the calls of Customer Profiles and of SQS in time.
        threads: Calls at once.
        clock: Time.
        telemetry: Log lines and metrics.
    """

    profiles: CustomerProfiles
    budget: Budget
    swapped_answers: SwappedAnswers
    settlement: Settlement
    timeouts: Sequence[CallTimeout]
    threads: int
    clock: Clock
    telemetry: Telemetry

    def invoke(self, event: object, context: LambdaContext) -> dict[str, Any]:
        """Deliver the batch and return the ids of the messages that go back to the queue.

        Raises:
            InvalidEventError: this is no SQS event.
        """
        self.telemetry.begin(context.aws_request_id)
        time_left = context.get_remaining_time_in_millis() / 1000
        last_settling = Deadline.after(self.clock, time_left - ANSWERING - SETTLING)
        last_call = Deadline.after(self.clock, time_left - ANSWERING - SETTLING - SETTLING_STARTS - LONGEST_CALL)
        calls = Calls(self.profiles.put, self.budget, last_call)
        try:
            messages = read_event(event)
        except InvalidEventError as error:
            self.telemetry.error("invalid event", detail=str(error))
            raise
        delivered = self.swapped_answers.return_swapped(deliver(messages, calls.write, self.threads, self.clock.now))
        if any(isinstance(outcome, Returned) and outcome.cause == CAUSE for outcome in delivered):
            self.profiles.distrust_connections()
        settled = self.settlement.settle(delivered, last_settling)
        outlasted = sum(timeout.take_count() for timeout in self.timeouts)
        Report(settled, calls, outlasted, self.clock.now()).log(self.telemetry)
        return {"batchItemFailures": [{"itemIdentifier": one.message.message_id} for one in settled.returned]}


@cache
def writer() -> Writer:
    """Return this environment's writer: settings read and clients created once, at the first invocation."""
    settings = WriterSettings.read(os.environ)
    clock = SystemClock()
    writes, settling = ThreadCallTimeout(LONGEST_CALL), ThreadCallTimeout(SETTLING)
    sqs = timed(boto3.client("sqs", config=SQS_CONFIG), settling)
    profiles = boto3.client("customer-profiles", config=profiles_config(settings.threads))
    return Writer(
        profiles=CustomerProfiles(timed(profiles, writes), settings.domain_name, settings.object_type_name),
        budget=Budget(settings.share, clock),
        swapped_answers=SwappedAnswers(),
        settlement=Settlement(
            parking_limit=ParkingLimit(enabled=not settings.park_without_limit),
            last_receive=LastReceive(settings.max_receives, clock),
            dead_letters=SqsBatchSender(sqs, settings.dead_letter_queue_url, clock, PARKING_THREADS),
            backoff=Backoff(settings.first_backoff, settings.longest_backoff, SYSTEMIC_BACKOFF),
            visibility=VisibilityTimeouts(sqs, settings.queue_url),
        ),
        timeouts=(writes, settling),
        threads=settings.threads,
        clock=clock,
        telemetry=Telemetry.from_environment(),
    )


def handler(event: object, context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda's entry point."""
    return writer().invoke(event, context)
