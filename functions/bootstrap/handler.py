"""The bootstrap function: CloudFormation calls it for its custom resources, and always gets an answer."""

import traceback
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from bootstrap.answer import Answer, Status, encode
from bootstrap.campaigns.connect import ConnectCampaigns
from bootstrap.campaigns.integration import Integrator
from bootstrap.campaigns.resource import CampaignsResource
from bootstrap.cutoff import within
from bootstrap.errors import BootstrapError
from bootstrap.profiles import CustomerProfiles
from bootstrap.registration import Registrar
from bootstrap.request import ReplyTo, Request, ResourceType, read_reply_to, read_request
from bootstrap.resource import NOT_REGISTERED, Resource
from bootstrap.response_url import ResponseUrl
from bootstrap.retrying import retry
from engagement.clock import Clock, Deadline, SystemClock
from engagement.errors import EngagementError, InvalidEventError
from engagement.lambda_context import LambdaContext
from engagement.telemetry import Telemetry

TIME_TO_ANSWER = 30.0
"""Seconds of the invocation that are kept for the answer: several attempts of six seconds, and their pauses."""
LONGEST_CALL = 9.0
"""Seconds that one call of a service can take: two to connect, six to answer, one of pace."""
LONGEST_ANSWER = 7.0
"""Seconds that one attempt to answer can take: two to connect, four to be read, and a margin."""


class AnswerBox(Protocol):
    """Where answers are put: see `bootstrap.response_url.ResponseUrl`."""

    def put(self, url: str, body: bytes) -> None:
        """Send the answer, once; UnansweredError where it was not taken."""


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The function, put together.

    Attributes:
        resource: What does the work of the object type.
        answers: Where answers are put.
        clock: Time.
        telemetry: Log lines and metrics.
        campaigns: What does the work of Connect's outbound campaigns.
    """

    resource: Resource
    answers: AnswerBox
    clock: Clock
    telemetry: Telemetry
    campaigns: CampaignsResource

    def invoke(self, event: object, context: LambdaContext) -> None:
        """Do what CloudFormation asks for and answer it, whatever happens.

        Raises:
            InvalidEventError: nobody waits for an answer: the event is no request of CloudFormation.
        """
        self.telemetry.begin(context.aws_request_id)
        end = Deadline.after(self.clock, context.get_remaining_time_in_millis() / 1000)
        try:
            reply_to, members = read_reply_to(event)
        except InvalidEventError as error:
            self.telemetry.error("invalid event", detail=str(error))
            raise
        cut = Deadline(self.clock, end.at - TIME_TO_ANSWER)
        last_call = Deadline(self.clock, cut.at - LONGEST_CALL)
        try:
            request = read_request(members)
            answer = within(cut, lambda: self._do(request, reply_to, last_call))
        except EngagementError as error:
            answer = self._failed(reply_to, str(error))
        except Exception as error:  # noqa: BLE001 - a defect of ours must not hang the stack either
            self.telemetry.error("unexpected error", traceback=traceback.format_exc())
            answer = self._failed(
                reply_to,
                f"Unexpected {type(error).__name__}: a defect of the bootstrap function."
                f" Its log has the traceback, under request {context.aws_request_id}",
            )
        self._reply(answer, reply_to, Deadline(self.clock, end.at - LONGEST_ANSWER))

    def _do(self, request: Request, reply_to: ReplyTo, last_call: Deadline) -> Answer:
        if request.resource_type is ResourceType.CONNECT_CAMPAIGNS_INTEGRATION:
            return self.campaigns.do(request, reply_to.physical_id, last_call)
        return self.resource.do(request, reply_to.physical_id, last_call)

    def _failed(self, reply_to: ReplyTo, reason: str) -> Answer:
        self.telemetry.error("request failed", resource=reply_to.physical_id, reason=reason)
        # An Update that fails keeps its id: with another one CloudFormation would delete what is still in use.
        return Answer(Status.FAILED, reply_to.physical_id or NOT_REGISTERED, reason)

    def _reply(self, answer: Answer, reply_to: ReplyTo, deadline: Deadline) -> None:
        try:
            retry(lambda: self.answers.put(reply_to.url, encode(answer, reply_to)), deadline)
        except BootstrapError as error:
            self.telemetry.error(
                "CloudFormation was not answered; its operation fails once ServiceTimeout is over",
                status=str(answer.status),
                detail=str(error),
            )


@cache
def bootstrap() -> Bootstrap:
    """Return this environment's function, put together once, at the first invocation."""
    clock = SystemClock()
    telemetry = Telemetry.from_environment()
    # cached as well: the pace of PutProfileObjectType holds over invocations
    registrar = cache(lambda: Registrar(CustomerProfiles.connect(), clock))
    integrator = cache(lambda: Integrator(ConnectCampaigns.connect()))
    return Bootstrap(
        Resource(registrar, telemetry), ResponseUrl(), clock, telemetry, CampaignsResource(integrator, telemetry)
    )


def handler(event: object, context: LambdaContext) -> None:
    """AWS Lambda's entry point."""
    try:
        bootstrap().invoke(event, context)
    except EngagementError as error:
        # Whoever invokes the function by hand needs the text, not the stack of a typed error.
        raise error.with_traceback(None) from None
