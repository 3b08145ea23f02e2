"""The bootstrap function over fakes: one request in, the one answer out."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from io import StringIO
from itertools import count
from typing import Any

from aws_lambda_powertools import Logger, Metrics

from bootstrap.campaigns.integration import Integrator
from bootstrap.campaigns.resource import CampaignsResource
from bootstrap.handler import Bootstrap
from bootstrap.properties import Target
from bootstrap.registration import Domain, Registrar
from bootstrap.resource import Resource
from engagement.telemetry import Telemetry
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import resource_request
from tests.fakes.invocation import FakeContext
from tests.fakes.log import lines_of
from tests.fakes.object_types import FakeObjectTypes
from tests.fakes.outbound_campaigns import FakeOutboundCampaigns

TARGET = Target("amazon-connect-any-company", "MarketingAssignedOffers")
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/domain-dead-letters"
UNUSED_URL = "http://answers.example/answer"
services = count()


@dataclass(slots=True)
class FakeAnswerBox:
    """Keeps answers; fails with ``errors`` first."""

    answers: list[dict[str, Any]] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)

    def put(self, url: str, body: bytes) -> None:
        """Keep the answer."""
        if self.errors:
            raise self.errors.pop(0)
        assert url.startswith("http")
        self.answers.append(json.loads(body))


class Function:
    """The bootstrap function over fakes."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.object_types = FakeObjectTypes({TARGET.domain_name: Domain(QUEUE_URL)})
        self.box = FakeAnswerBox()
        self.log = StringIO()
        # Powertools keeps one logger, with its stream, for each service name
        telemetry = Telemetry(Logger(service=f"bootstrap-{next(services)}", stream=self.log), Metrics("Test", "test"))
        registrar = Registrar(self.object_types, self.clock)
        self.telemetry = telemetry
        self.campaigns = FakeOutboundCampaigns()
        integrator = Integrator(self.campaigns)
        self.bootstrap = Bootstrap(
            Resource(lambda: registrar, telemetry),
            self.box,
            self.clock,
            telemetry,
            CampaignsResource(lambda: integrator, telemetry),
        )

    def __call__(
        self, kind: str, properties: dict[str, Any] | None = None, *, seconds: float = 120.0, **changes: object
    ) -> dict[str, Any]:
        """Send a request and return the one answer."""
        self.box.answers.clear()
        self.bootstrap.invoke(
            resource_request(kind, UNUSED_URL, properties, **changes), FakeContext(seconds, self.clock)
        )
        [answer] = self.box.answers
        return answer

    def work_by(self, registrar: Callable[[], Registrar]) -> None:
        """Let something else do the work."""
        self.bootstrap = replace(self.bootstrap, resource=Resource(registrar, self.telemetry))

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What was logged, each line as JSON."""
        return lines_of(self.log)
