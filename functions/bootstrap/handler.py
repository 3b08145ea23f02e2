"""The bootstrap function: CloudFormation calls it for the template's custom resources, and always gets a response."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from bootstrap.profiles import CustomerProfiles
from bootstrap.provisioning import ObjectTypeProvisioner
from bootstrap.resource import ObjectTypeResource
from campaigns.connect_campaigns import ConnectCampaigns
from campaigns.resource import CampaignsResource, Integration
from custom_resource.errors import ResponseNotSentError
from custom_resource.request import Request, RequestEnvelope, ResourceType, read_envelope, read_request
from custom_resource.response import NOT_CREATED, Response, Status, encode
from custom_resource.response_url import RETRY, ResponseUrl
from custom_resource.service_calls import LONGEST_CALL
from engagement.call_timeout import ThreadCallTimeout
from engagement.clock import Clock, Deadline, SystemClock
from engagement.errors import EngagementError, InvalidEventError
from engagement.lambda_context import LambdaContext
from engagement.retry import retry
from engagement.telemetry import Telemetry

TIME_TO_RESPOND = 30.0
"""Seconds of the invocation that are kept for the response: several attempts of seven seconds, and their pauses."""
LONGEST_RESPONSE = 7.0
"""Seconds that one attempt to respond can take: two to connect, four to be read, and a margin."""


class CustomResource(Protocol):
    """What does the work of one resource type."""

    def handle(self, request: Request, deadline: Deadline) -> Response:
        """Do what the request asks for; an EngagementError is the reason why it failed."""


class ResponseSender(Protocol):
    """Where responses are sent: see `custom_resource.response_url.ResponseUrl`."""

    def put(self, url: str, body: bytes) -> None:
        """Send a response, once; ResponseNotSentError if it was not taken."""


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The function, put together.

    Attributes:
        resources: What does the work, for each resource type.
        sender: Sends responses.
        clock: Time.
        telemetry: Log lines and metrics.
    """

    resources: Mapping[ResourceType, CustomResource]
    sender: ResponseSender
    clock: Clock
    telemetry: Telemetry

    def invoke(self, event: object, context: LambdaContext) -> None:
        """Do what CloudFormation asks for and respond, whatever happens.

        Raises:
            InvalidEventError: the event is no request of CloudFormation, so that nobody waits for a response.
        """
        self.telemetry.begin(context.aws_request_id)
        end = Deadline.after(self.clock, context.get_remaining_time_in_millis() / 1000)
        try:
            envelope, members = read_envelope(event)
        except InvalidEventError as error:
            self.telemetry.error("invalid event", detail=str(error))
            raise
        try:
            request = read_request(members)
            last_call = Deadline(self.clock, end.at - TIME_TO_RESPOND - LONGEST_CALL)
            response = self.resources[request.resource_type].handle(request, last_call)
        except EngagementError as error:
            response = self._failed(envelope, str(error))
        except Exception as error:  # noqa: BLE001 - a defect of ours must not hang the stack either
            self.telemetry.error("unexpected error", traceback=traceback.format_exc())
            response = self._failed(
                envelope,
                f"Unexpected {type(error).__name__}: a defect of the bootstrap function."
                f" Its log has the traceback, under request {context.aws_request_id}",
            )
        self._send(response, envelope, Deadline(self.clock, end.at - LONGEST_RESPONSE))

    def _failed(self, envelope: RequestEnvelope, reason: str) -> Response:
        self.telemetry.error("request failed", resource=envelope.physical_resource_id, reason=reason)
        # An Update that fails keeps its id: with another one CloudFormation would delete what is still in use.
        return Response(Status.FAILED, envelope.physical_resource_id or NOT_CREATED, reason)

    def _send(self, response: Response, envelope: RequestEnvelope, deadline: Deadline) -> None:
        try:
            retry(lambda: self.sender.put(envelope.response_url, encode(response, envelope)), deadline, RETRY)
        except ResponseNotSentError as error:
            self.telemetry.error(
                "CloudFormation was not answered; its operation fails once ServiceTimeout is over",
                status=str(response.status),
                detail=str(error),
            )


@cache
def bootstrap() -> Bootstrap:
    """Return this environment's function, put together once, at the first invocation."""
    clock = SystemClock()
    telemetry = Telemetry.from_environment()
    timeout = ThreadCallTimeout(LONGEST_CALL)
    # cached as well: the pace of PutProfileObjectType holds over invocations
    provisioner = cache(lambda: ObjectTypeProvisioner(CustomerProfiles.connect(), clock, timeout))
    integration = cache(lambda: Integration(ConnectCampaigns.connect(), timeout))
    resources: Mapping[ResourceType, CustomResource] = {
        ResourceType.PROFILE_OBJECT_TYPE: ObjectTypeResource(provisioner, telemetry),
        ResourceType.CONNECT_CAMPAIGNS_INTEGRATION: CampaignsResource(integration, telemetry),
    }
    return Bootstrap(resources, ResponseUrl(ThreadCallTimeout(LONGEST_RESPONSE)), clock, telemetry)


def handler(event: object, context: LambdaContext) -> None:
    """AWS Lambda's entry point."""
    try:
        bootstrap().invoke(event, context)
    except EngagementError as error:
        # A caller by hand needs the text, not the stack of a typed error.
        raise error.with_traceback(None) from None
