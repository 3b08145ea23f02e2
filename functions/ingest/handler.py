"""The two channel functions, "viewed" and "not viewed": one code, told apart by OFFER_VIEWED."""

import os
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from engagement.call_timeout import CallTimeout, ThreadCallTimeout, timed
from engagement.clock import Clock, Deadline, SystemClock
from engagement.errors import EngagementError, InvalidEventError
from engagement.lambda_context import LambdaContext
from engagement.sqs_sender import SqsBatchSender
from engagement.telemetry import Telemetry
from ingest.acceptance import Queues, accept
from ingest.report import report, report_remarks, report_shared_user_ids
from ingest.settings import IngestSettings
from ingest.sharing import Sightings
from ingest.source import Step
from ingest.sources import recognise

THREADS = 8
"""Batches sent at once. SendMessageBatch takes some 15 ms: 10,000 customers are sent in about two seconds."""
LONGEST_CALL = 6.0
"""Seconds that one SendMessageBatch can take, whatever answers.

Two attempts of 0.5 s to connect and 2 s to answer, and a pause, fit into it.
"""
ANSWERING = 1.0
"""Seconds kept for the log line, the metrics and the answer."""
SQS_CONFIG = Config(
    connect_timeout=0.5,
    read_timeout=2,
    max_pool_connections=THREADS,
    retries={"mode": "standard", "total_max_attempts": 2},
)


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel function, put together.

    Attributes:
        settings: What distinguishes this deployment.
        queues: Where customers can end.
        clock: Time.
        telemetry: Log lines and metrics.
        timeout: Ends the calls of SQS in time.
    """

    settings: IngestSettings
    queues: Queues
    clock: Clock
    telemetry: Telemetry
    timeout: CallTimeout
    sightings: Sightings = field(default_factory=Sightings)

    def invoke(self, event: object, context: LambdaContext) -> dict[str, Any]:
        """Take the event's customers over and answer in the caller's contract.

        Raises:
            InvalidEventError: the event follows no known contract.
            UnsentError: SQS did not take every customer, and the caller's contract has no answer for that.
        """
        self.telemetry.begin(context.aws_request_id)
        remaining = context.get_remaining_time_in_millis() / 1000
        deadline = Deadline.after(self.clock, remaining - LONGEST_CALL - ANSWERING)
        step = Step(
            viewed=self.settings.viewed,
            offer_name=self.settings.offer_name,
            connect_offer_name_from=self.settings.connect_offer_name_from,
            now=self.clock.now(),
            phone_region=self.settings.default_phone_region,
        )
        try:
            source, members = recognise(event)
            acceptance = accept(source, members, step, self.queues, deadline)
        except InvalidEventError as error:
            self.telemetry.error("invalid event", detail=str(error))
            raise
        report(source.NAME, acceptance.outcomes, self.timeout.take_count(), self.telemetry)
        report_remarks(acceptance.remarks, self.telemetry)
        passing = self.sightings.passing(acceptance.readings, step.now)
        report_shared_user_ids(acceptance.readings, passing, self.telemetry)
        acceptance.raise_if_unsent(source)
        return acceptance.answer


@cache
def channel() -> Channel:
    """Return this environment's channel function: settings read and client created once, at the first invocation."""
    settings = IngestSettings.read(os.environ)
    clock = SystemClock()
    timeout = ThreadCallTimeout(LONGEST_CALL)
    sqs = timed(boto3.client("sqs", config=SQS_CONFIG), timeout)
    return Channel(
        settings=settings,
        queues=Queues(
            engagement=SqsBatchSender(sqs, settings.queue_url, clock, THREADS),
            dead_letters=SqsBatchSender(sqs, settings.dead_letter_queue_url, clock, THREADS),
        ),
        clock=clock,
        telemetry=Telemetry.from_environment(),
        timeout=timeout,
    )


def handler(event: object, context: LambdaContext) -> dict[str, Any]:
    """AWS Lambda's entry point."""
    try:
        return channel().invoke(event, context)
    except EngagementError as error:
        # Lambda answers the caller with the error's type, text and stack: a typed error needs no stack to explain it.
        raise error.with_traceback(None) from None
