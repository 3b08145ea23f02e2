"""A channel function on fake queues and virtual time."""

import json
from dataclasses import dataclass, field
from io import StringIO
from itertools import count
from typing import Any

from aws_lambda_powertools import Logger, Metrics

from engagement.call_timeout import timed
from engagement.sqs_sender import SqsBatchSender
from engagement.telemetry import Telemetry
from ingest.acceptance import Queues
from ingest.handler import Channel
from ingest.settings import IngestSettings, OfferNameFrom
from tests.fakes.call_timeout import FakeCallTimeout
from tests.fakes.clock import FakeClock
from tests.fakes.invocation import FakeContext
from tests.fakes.log import lines_of
from tests.fakes.queue import URL, FakeQueue

RECORD_LINES = {"records queued", "record parked"}

_numbers = count()


def first(_batches: int) -> int:
    """Send batches in the order of the event, which a test can tell beforehand."""
    return 0


@dataclass
class FakeChannel:
    """The function's own code; only the queues and the clock are fakes.

    Attributes:
        viewed: Which of the two channel functions this is.
        offer_name_from: What names a Connect campaign's offer.
        threads: Batches sent at once.
        offer_name: The offer where the caller names none.
        phone_region: The country of phone numbers that name none.
    """

    viewed: bool = True
    offer_name_from: OfferNameFrom = OfferNameFrom.SETTINGS
    threads: int = 1
    offer_name: str = "30% Off Renewal"
    phone_region: str = ""
    clock: FakeClock = field(default_factory=FakeClock)
    log: StringIO = field(default_factory=StringIO)

    def __post_init__(self) -> None:
        self.queue = FakeQueue(self.clock)
        self.dead_letters = FakeQueue(self.clock)
        settings = IngestSettings(
            viewed=self.viewed,
            offer_name=self.offer_name,
            queue_url=URL,
            dead_letter_queue_url=URL,
            connect_offer_name_from=self.offer_name_from,
            default_phone_region=self.phone_region,
        )
        timeout = FakeCallTimeout(self.clock)
        queues = Queues(
            engagement=SqsBatchSender(timed(self.queue, timeout), URL, self.clock, self.threads, first=first),
            dead_letters=SqsBatchSender(timed(self.dead_letters, timeout), URL, self.clock, self.threads, first=first),
        )
        # Loggers of one name share the output of the first of them.
        logger = Logger(service=f"channel-{next(_numbers)}", stream=self.log)
        telemetry = Telemetry(logger, Metrics(namespace="JourneyWriteBack"))
        self._channel = Channel(settings, queues, self.clock, telemetry, timeout)

    def invoke(self, event: object, seconds: float = 15.0) -> dict[str, Any]:
        """Invoke the function with ``seconds`` left."""
        return self._channel.invoke(event, FakeContext(seconds, self.clock))

    @property
    def queued(self) -> list[dict[str, Any]]:
        """The records on the engagement queue."""
        return [json.loads(body) for body in self.queue.bodies]

    @property
    def reasons(self) -> list[str]:
        """The reasons of what was parked."""
        return [message.attributes["reason"] for message in self.dead_letters.messages]

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
