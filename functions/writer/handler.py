"""The writer: an SQS batch in, a partial batch response out."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from engagement.clock import Clock, Deadline, SystemClock
from engagement.errors import InvalidEventError
from engagement.invocation import Context
from engagement.outbox import Outbox
from engagement.telemetry import Metric, Telemetry
from writer.dead_letters import Sender, park
from writer.delivery import Outcome, Returned, ToPark, Written, deliver
from writer.message import read_event
from writer.profiles import CustomerProfiles
from writer.retry import Retry
from writer.settings import WriterSettings

PARKING = 6.0
"""Seconds kept for parking: two attempts of 0.5 s to connect and 2 s to answer, and a pause."""
LONGEST_CALL = 6.0
"""Seconds that one PutProfileObject can take: 1 s to connect, 5 s to answer."""
PARKING_THREADS = 2
SQS_CONFIG = Config(connect_timeout=0.5, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 2})


def profiles_config(threads: int) -> Config:
    """Return the client's settings: a connection for each thread, and no retries, which are `Retry`'s."""
    return Config(connect_timeout=1, read_timeout=5, max_pool_connections=threads, retries={"total_max_attempts": 1})


@dataclass(frozen=True, slots=True)
class Writer:
    """The writer, put together."""

    profiles: CustomerProfiles
    dead_letters: Sender
    threads: int
    clock: Clock
    telemetry: Telemetry

    def invoke(self, event: object, context: Context) -> dict[str, Any]:
        """Deliver the batch and return the ids of the messages that go back to the queue.

        Raises:
            InvalidEventError: this is no SQS event.
        """
        self.telemetry.begin(context.aws_request_id)
        time_left = context.get_remaining_time_in_millis() / 1000
        retry = Retry(self.clock)
        last_call = Deadline.after(self.clock, time_left - PARKING - LONGEST_CALL)
        last_parking = Deadline.after(self.clock, time_left - PARKING)
        try:
            messages = read_event(event)
        except InvalidEventError as error:
            self.telemetry.error("invalid event", detail=str(error))
            raise
        delivered = deliver(
            messages, lambda written: retry(lambda: self.profiles.put(written), last_call), self.threads
        )
        outcomes = park(delivered, self.dead_letters, last_parking)
        self._report(outcomes)
        return {
            "batchItemFailures": [
                {"itemIdentifier": outcome.message.message_id} for outcome in outcomes if isinstance(outcome, Returned)
            ]
        }

    def _report(self, outcomes: Sequence[Outcome]) -> None:
        written = [outcome for outcome in outcomes if isinstance(outcome, Written)]
        parked = [outcome for outcome in outcomes if isinstance(outcome, ToPark)]
        returned = [outcome for outcome in outcomes if isinstance(outcome, Returned)]
        duplicates = sum(outcome.duplicate for outcome in written)
        log = self.telemetry.warning if parked or returned else self.telemetry.info
        log(
            "batch delivered",
            received=len(outcomes),
            written=len(written),
            duplicates=duplicates,
            parked=len(parked),
            returned=len(returned),
            reasons=dict(Counter(str(outcome.reason) for outcome in parked)),
            causes=dict(Counter(outcome.cause for outcome in returned)),
        )
        self.telemetry.count(
            {
                Metric.RECORDS_RECEIVED: len(outcomes),
                Metric.RECORDS_WRITTEN: len(written),
                Metric.RECORDS_DUPLICATE: duplicates,
                Metric.RECORDS_PARKED: len(parked),
                Metric.RECORDS_RETURNED: len(returned),
            }
        )


@cache
def writer() -> Writer:
    """Return this environment's writer: settings read and clients created once, at the first invocation."""
    settings = WriterSettings.read(os.environ)
    clock = SystemClock()
    return Writer(
        profiles=CustomerProfiles(
            boto3.client("customer-profiles", config=profiles_config(settings.threads)),
            settings.domain_name,
            settings.object_type_name,
        ),
        dead_letters=Outbox(
            boto3.client("sqs", config=SQS_CONFIG),
            settings.dead_letter_queue_url,
            (BotoCoreError, ClientError),
            clock,
            PARKING_THREADS,
        ),
        threads=settings.threads,
        clock=clock,
        telemetry=Telemetry.from_environment(),
    )


def handler(event: object, context: Context) -> dict[str, Any]:
    """AWS Lambda's entry point."""
    return writer().invoke(event, context)
