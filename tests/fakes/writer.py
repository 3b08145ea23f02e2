"""The writer on a fake Customer Profiles, a fake queue with its dead letters, and virtual time."""

import json
from dataclasses import dataclass, field
from io import StringIO
from itertools import count
from typing import Any

from aws_lambda_powertools import Logger, Metrics

from engagement.call_timeout import timed
from engagement.sqs_sender import SqsBatchSender
from engagement.telemetry import Telemetry
from tests.fakes import sqs
from tests.fakes.call_timeout import FakeCallTimeout
from tests.fakes.clock import FakeClock
from tests.fakes.invocation import FakeContext
from tests.fakes.log import lines_of
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE, FakeCustomerProfiles
from tests.fakes.queue import URL, FakeQueue
from tests.fakes.sqs import FakeSqs
from writer.backoff import Backoff, VisibilityTimeouts
from writer.budget import Budget
from writer.handler import LONGEST_CALL, SETTLING, SYSTEMIC_BACKOFF, Writer
from writer.parking_policy import LastReceive, ParkingLimit
from writer.profiles import CustomerProfiles
from writer.settlement import Settlement
from writer.swapped_answers import SwappedAnswers

BOUNDLESS = 1e9
"""Writes a second that keep nobody waiting: waits of several threads would add up on the one virtual clock."""
RECORD_LINES = {"record written", "record parked", "record returned"}

_numbers = count()


@dataclass
class FakeWriter:
    """The function's own code; only the service, the queues and the clock are fakes.

    Attributes:
        threads: Calls at once.
        writes_per_second: This environment's share of the budget.
        max_receives: The queue's maxReceiveCount.
        park_without_limit: What an operator said about records that look bad.
        queue: Where messages come from, for those tests that have them come again.
        dead_letters: Where they are parked.
    """

    threads: int = 4
    writes_per_second: float = BOUNDLESS
    max_receives: int = 300
    park_without_limit: bool = False
    clock: FakeClock = field(default_factory=FakeClock)
    profiles: FakeCustomerProfiles = field(default_factory=FakeCustomerProfiles)
    log: StringIO = field(default_factory=StringIO)
    queue: FakeSqs = field(default_factory=FakeSqs)
    dead_letters: FakeQueue = field(default_factory=FakeQueue)

    def __post_init__(self) -> None:
        self.queue.clock = self.dead_letters.clock = self.profiles.clock = self.clock
        self.queue.max_receives, self.queue.dead_letters = self.max_receives, self.dead_letters
        writes, settling = FakeCallTimeout(self.clock, LONGEST_CALL), FakeCallTimeout(self.clock, SETTLING)
        # Loggers of one name share the output of the first of them.
        logger = Logger(service=f"writer-{next(_numbers)}", stream=self.log)
        self._writer = Writer(
            profiles=CustomerProfiles(timed(self.profiles, writes), DOMAIN, OBJECT_TYPE),
            budget=Budget(self.writes_per_second, self.clock),
            swapped_answers=SwappedAnswers(),
            settlement=Settlement(
                parking_limit=ParkingLimit(enabled=not self.park_without_limit),
                last_receive=LastReceive(self.max_receives, self.clock),
                dead_letters=SqsBatchSender(timed(self.dead_letters, settling), URL, self.clock, threads=2),
                backoff=Backoff(first=30, longest=1_800, systemic=SYSTEMIC_BACKOFF),
                visibility=VisibilityTimeouts(timed(self.queue, settling), sqs.URL),
            ),
            timeouts=(writes, settling),
            threads=self.threads,
            clock=self.clock,
            telemetry=Telemetry(logger, Metrics(namespace="JourneyWriteBack", service="writer")),
        )

    def invoke(self, event: object, seconds: float = 30.0) -> list[str]:
        """Invoke the function with ``seconds`` left; return the ids of the messages that go back."""
        answer = json.loads(json.dumps(self._writer.invoke(event, FakeContext(seconds, self.clock))))
        assert set(answer) == {"batchItemFailures"}
        assert all(set(failure) == {"itemIdentifier"} for failure in answer["batchItemFailures"])
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]

    @property
    def pauses(self) -> list[float]:
        """Seconds slept between attempts, or for a budget that deserves the name."""
        return [seconds for seconds in self.clock.slept if seconds > 1 / BOUNDLESS * 1_000]

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What was logged of whole invocations."""
        return [line for line in self._logged if line["message"] not in RECORD_LINES]

    @property
    def record_lines(self) -> list[dict[str, Any]]:
        """What was logged of single records."""
        return [line for line in self._logged if line["message"] in RECORD_LINES]

    @property
    def _logged(self) -> list[dict[str, Any]]:
        return lines_of(self.log)
