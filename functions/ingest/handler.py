"""The two channel functions, "viewed" and "not viewed": one code, of which OFFER_VIEWED says which it is."""

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
from ingest.report import report_customers, report_shared_user_ids, report_warnings
from ingest.settings import IngestSettings
from ingest.shared_user_ids import SharedUserIdMonitor
from ingest.sources.contract import InvocationContext
from ingest.sources.registry import recognise

THREADS = 8
"""Batches sent at once. SendMessageBatch takes some 15 ms: 10,000 customers are sent in about two seconds."""
LONGEST_CALL = 6.0
"""Seconds that one SendMessageBatch can take, whatever SQS does.

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
    """One channel function with all that it needs.

    Attributes:
        settings: What distinguishes this deployment.
        queues: Where customers can end.
        clock: Time.
        telemetry: Log lines and metrics.
        timeout: Ends the calls of SQS in time.
        shared_user_ids: The user ids that this execution environment has seen lately.
    """

    settings: IngestSettings
    queues: Queues
    clock: Clock
    telemetry: Telemetry
    timeout: CallTimeout
    shared_user_ids: SharedUserIdMonitor = field(default_factory=SharedUserIdMonitor)

    def invoke(self, event: object, context: LambdaContext) -> dict[str, Any]:
        """Accept the event's customers and answer in the caller's format.

        Raises:
            InvalidEventError: the event is of no known format.
            UnsentError: SQS did not accept every customer, and the caller's format has no answer for that.
        """
        self.telemetry.begin(context.aws_request_id)
        remaining = context.get_remaining_time_in_millis() / 1000
        deadline = Deadline.after(self.clock, remaining - LONGEST_CALL - ANSWERING)
        invocation = InvocationContext(
            viewed=self.settings.viewed,
            offer_name=self.settings.offer_name,
            connect_offer_name_from=self.settings.connect_offer_name_from,
            now=self.clock.now(),
            phone_region=self.settings.default_phone_region,
        )
        try:
            source, members = recognise(event)
            acceptance = accept(source, members, invocation, self.queues, deadline)
        except InvalidEventError as error:
            self.telemetry.error("invalid event", detail=str(error))
            raise
        report_customers(source.NAME, acceptance.outcomes, self.timeout.take_count(), self.telemetry)
        report_warnings(acceptance.warnings, self.telemetry)
        newly_shared = self.shared_user_ids.note(acceptance.records, invocation.now)
        report_shared_user_ids(acceptance.customers, newly_shared, self.telemetry)
        if acceptance.failure is not None:
            raise acceptance.failure
        return acceptance.answer


@cache
def channel() -> Channel:
    """Return this environment's channel function; settings are read and the client created at the first invocation."""
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
        # Lambda answers the caller with the error's type, text and stack; the type and text say all there is to know.
        raise error.with_traceback(None) from None
