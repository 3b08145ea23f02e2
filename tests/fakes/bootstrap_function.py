"""The bootstrap function over fakes: one request in, the one response out."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from io import StringIO
from itertools import count
from typing import Any

from aws_lambda_powertools import Logger, Metrics

from bootstrap.handler import Bootstrap, CustomResource
from bootstrap.properties import ObjectTypeId
from bootstrap.provisioning import Domain, ObjectTypeProvisioner
from bootstrap.resource import ObjectTypeResource
from campaigns.resource import CampaignsResource, Integration
from custom_resource.request import ResourceType
from custom_resource.service_calls import LONGEST_CALL
from engagement.telemetry import Telemetry
from tests.fakes.call_timeout import FakeCallTimeout
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import resource_request
from tests.fakes.invocation import FakeContext
from tests.fakes.log import lines_of
from tests.fakes.object_types import FakeObjectTypes
from tests.fakes.outbound_campaigns import FakeOutboundCampaigns

TARGET = ObjectTypeId("amazon-connect-any-company", "MarketingAssignedOffers")
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/domain-dead-letters"
UNUSED_URL = "http://answers.example/answer"
services = count()


@dataclass(slots=True)
class FakeResponseUrl:
    """Keeps responses; fails with ``errors`` first."""

    responses: list[dict[str, Any]] = field(default_factory=list)
    errors: list[Exception] = field(default_factory=list)

    def put(self, url: str, body: bytes) -> None:
        """Keep the response."""
        if self.errors:
            raise self.errors.pop(0)
        assert url.startswith("http")
        self.responses.append(json.loads(body))


class Function:
    """The bootstrap function over fakes."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.timeout = FakeCallTimeout(self.clock, LONGEST_CALL)
        self.object_types = FakeObjectTypes({TARGET.domain_name: Domain(QUEUE_URL)})
        self.sender = FakeResponseUrl()
        self.log = StringIO()
        # Powertools keeps one logger, with its stream, for each service name
        telemetry = Telemetry(Logger(service=f"bootstrap-{next(services)}", stream=self.log), Metrics("Test", "test"))
        provisioner = ObjectTypeProvisioner(self.object_types, self.clock, self.timeout)
        self.telemetry = telemetry
        self.campaigns = FakeOutboundCampaigns()
        integration = Integration(self.campaigns, self.timeout)
        resources: dict[ResourceType, CustomResource] = {
            ResourceType.PROFILE_OBJECT_TYPE: ObjectTypeResource(lambda: provisioner, telemetry),
            ResourceType.CONNECT_CAMPAIGNS_INTEGRATION: CampaignsResource(lambda: integration, telemetry),
        }
        self.bootstrap = Bootstrap(resources, self.sender, self.clock, telemetry)

    def __call__(
        self, kind: str, properties: dict[str, Any] | None = None, *, seconds: float = 120.0, **changes: object
    ) -> dict[str, Any]:
        """Send a request and return the one response."""
        self.sender.responses.clear()
        self.bootstrap.invoke(
            resource_request(kind, UNUSED_URL, properties, **changes), FakeContext(seconds, self.clock)
        )
        [response] = self.sender.responses
        return response

    def provision_by(self, provisioner: Callable[[], ObjectTypeProvisioner]) -> None:
        """Let something else do the work of the object type."""
        resource = ObjectTypeResource(provisioner, self.telemetry)
        self.bootstrap = replace(
            self.bootstrap, resources={**self.bootstrap.resources, ResourceType.PROFILE_OBJECT_TYPE: resource}
        )

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What was logged, each line as JSON."""
        return lines_of(self.log)
