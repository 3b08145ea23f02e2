"""The writer on a fake Customer Profiles, a fake dead-letter queue and virtual time."""

import json
from dataclasses import dataclass, field
from io import StringIO
from itertools import count
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from botocore.exceptions import BotoCoreError, ClientError

from engagement.outbox import Outbox
from engagement.telemetry import Telemetry
from tests.fakes.clock import FakeClock
from tests.fakes.invocation import FakeContext
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE, FakeCustomerProfiles
from tests.fakes.queue import URL, FakeQueue
from writer.handler import Writer
from writer.profiles import CustomerProfiles

_numbers = count()


@dataclass
class FakeWriter:
    """The function's own code; only the service, the queue and the clock are fakes.

    Attributes:
        threads: Calls at once.
    """

    threads: int = 4
    clock: FakeClock = field(default_factory=FakeClock)
    profiles: FakeCustomerProfiles = field(default_factory=FakeCustomerProfiles)
    log: StringIO = field(default_factory=StringIO)

    def __post_init__(self) -> None:
        self.dead_letters = FakeQueue(self.clock)
        # Loggers of one name share the output of the first of them.
        logger = Logger(service=f"writer-{next(_numbers)}", stream=self.log)
        self._writer = Writer(
            profiles=CustomerProfiles(self.profiles, DOMAIN, OBJECT_TYPE),
            dead_letters=Outbox(self.dead_letters, URL, (BotoCoreError, ClientError), self.clock, threads=2),
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
    def lines(self) -> list[dict[str, Any]]:
        """What was logged."""
        return [json.loads(line) for line in self.log.getvalue().splitlines()]
