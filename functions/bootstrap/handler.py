"""The bootstrap function: CloudFormation calls it to register the object type, and always gets an answer."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from bootstrap.answer import Answer, Status, encode
from bootstrap.cutoff import within
from bootstrap.errors import BootstrapError
from bootstrap.profiles import CustomerProfiles
from bootstrap.properties import Properties, Target, delete_with_stack
from bootstrap.registration import Registrar
from bootstrap.request import ReplyTo, Request, RequestType, read_reply_to, read_request
from bootstrap.response_url import ResponseUrl
from bootstrap.retrying import retry
from engagement.clock import Clock, Deadline, SystemClock
from engagement.errors import EngagementError, InvalidEventError
from engagement.invocation import Context
from engagement.telemetry import Telemetry

TIME_TO_ANSWER = 30.0
"""Seconds of the invocation that are kept for the answer: several attempts of six seconds, and their pauses."""
LONGEST_CALL = 9.0
"""Seconds that one call of Customer Profiles can take: two to connect, six to answer, one of pace."""
LONGEST_ANSWER = 7.0
"""Seconds that one attempt to answer can take: two to connect, four to be read, and a margin."""

NOT_REGISTERED = "not-registered"
"""The PhysicalResourceId of a Create that failed: the Delete that CloudFormation sends for it must touch nothing."""
NO_QUEUE = "none"


class AnswerBox(Protocol):
    """Where answers are put: see `bootstrap.response_url.ResponseUrl`."""

    def put(self, url: str, body: bytes) -> None:
        """Send the answer, once; UnansweredError where it was not taken."""


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """The function, put together.

    Attributes:
        registrar: Returns what does the work; called inside the time and the errors that are answered for.
        answers: Where answers are put.
        clock: Time.
        telemetry: Log lines.
    """

    registrar: Callable[[], Registrar]
    answers: AnswerBox
    clock: Clock
    telemetry: Telemetry

    def invoke(self, event: object, context: Context) -> None:
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

    def _do(self, request: Request, reply_to: ReplyTo, deadline: Deadline) -> Answer:
        if request.type is RequestType.DELETE:
            return self._delete(request, reply_to, deadline)
        return self._register(request, deadline)

    def _register(self, request: Request, deadline: Deadline) -> Answer:
        properties = Properties.read(request.properties)
        registration = self.registrar().register(properties, deadline)
        target = properties.target
        queue_url = registration.domain.dead_letter_queue_url
        self.telemetry.info(
            "object type registered" if registration.changed else "object type already as wanted",
            resource=target.physical_id,
            changed=registration.changed,
        )
        if queue_url is None:
            self.telemetry.warning(
                "the domain has no dead-letter queue: objects that Customer Profiles accepts and then cannot attach"
                " to a profile are lost without a trace; give the domain one (UpdateDomain, DeadLetterQueueUrl)",
                domain=target.domain_name,
            )
        data = {
            "DomainName": target.domain_name,
            "ObjectTypeName": target.object_type_name,
            "DomainDeadLetterQueueUrl": queue_url or NO_QUEUE,
        }
        return Answer(Status.SUCCESS, target.physical_id, "Registered", data)

    def _delete(self, request: Request, reply_to: ReplyTo, deadline: Deadline) -> Answer:
        # The id says what this resource is: after a change of name the properties may say something else.
        target = Target.of_physical_id(reply_to.physical_id)
        physical_id = reply_to.physical_id or NOT_REGISTERED
        if target is None:
            return Answer(Status.SUCCESS, physical_id, "Nothing was registered")
        if not delete_with_stack(request.properties):
            self.telemetry.info("object type and its objects left alone", resource=physical_id)
            return Answer(Status.SUCCESS, physical_id, "Left alone")
        deleted = self.registrar().delete(target, deadline)
        self.telemetry.info("object type deleted" if deleted else "object type already gone", resource=physical_id)
        return Answer(Status.SUCCESS, physical_id, "Deleted")

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
    return Bootstrap(
        # cached as well: the pace of PutProfileObjectType holds over invocations
        registrar=cache(lambda: Registrar(CustomerProfiles.connect(), clock)),
        answers=ResponseUrl(),
        clock=clock,
        telemetry=Telemetry.from_environment(),
    )


def handler(event: object, context: Context) -> None:
    """AWS Lambda's entry point."""
    try:
        bootstrap().invoke(event, context)
    except EngagementError as error:
        # Whoever invokes the function by hand needs the text, not the stack of a typed error.
        raise error.with_traceback(None) from None
