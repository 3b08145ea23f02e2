"""Custom::ProfileObjectType: what its three requests mean."""

from collections.abc import Callable

from bootstrap.answer import Answer, Status
from bootstrap.domain import warnings
from bootstrap.ownership import Claim
from bootstrap.properties import Properties, Target, delete_with_stack
from bootstrap.registration import Deletion, Registrar, Registration
from bootstrap.request import Request, RequestType
from bootstrap.stack import Stack
from engagement.clock import Deadline
from engagement.telemetry import Metric, Telemetry

NOT_REGISTERED = "not-registered"
"""The PhysicalResourceId of a Create that failed: the Delete that CloudFormation sends for it must touch nothing."""
NO_QUEUE = "none"
NO_WARNINGS = "none"


class Resource:
    """The resource, whichever stack's.

    Args:
        registrar: Returns what does the work, once it is needed: to make it can fail, and that must be answered too.
        telemetry: Log lines and metrics.
    """

    def __init__(self, registrar: Callable[[], Registrar], telemetry: Telemetry) -> None:
        self._registrar = registrar
        self._telemetry = telemetry

    def do(self, request: Request, physical_id: str | None, deadline: Deadline) -> Answer:
        """Do what is asked of the resource ``physical_id``; no call of the service starts after ``deadline``.

        Raises:
            SettingsError: a property is missing or out of range.
            InvalidEventError: the request names no stack.
            BootstrapError: the settings do not fit, the type is another's, the service refused, or time or attempts are
                used up.
        """
        if request.type is RequestType.DELETE:
            return self._delete(request, physical_id or NOT_REGISTERED, deadline)
        return self._register(request, physical_id, deadline)

    def _register(self, request: Request, physical_id: str | None, deadline: Deadline) -> Answer:
        properties = Properties.read(request.properties)
        target = properties.target
        registration = self._registrar().register(
            properties, Stack.of(request.stack_id), deadline, registered=physical_id == target.physical_id
        )
        self._telemetry.info(
            "object type registered" if registration.changed else "object type already as wanted",
            resource=target.physical_id,
            changed=registration.changed,
            claim=str(registration.claim),
        )
        self._tell_adoption(registration, target)
        self._tell_queue(registration, target)
        told = list(warnings(registration.domain, target.domain_name))
        for warning in told:
            self._telemetry.warning(warning, domain=target.domain_name)
        data = {
            "DomainName": target.domain_name,
            "ObjectTypeName": target.object_type_name,
            "DomainDeadLetterQueueUrl": registration.domain.dead_letter_queue_url or NO_QUEUE,
            "DomainWarnings": "; ".join(told) or NO_WARNINGS,
        }
        return Answer(Status.SUCCESS, target.physical_id, "Registered", data)

    def _tell_adoption(self, registration: Registration, target: Target) -> None:
        if registration.claim is Claim.ADOPTED:
            self._telemetry.warning(
                "the object type was there before and was adopted: it belongs to this stack from now on, and is not"
                " deleted with it",
                resource=target.physical_id,
                before=registration.previous_owner or "no stack's",
            )

    def _tell_queue(self, registration: Registration, target: Target) -> None:
        queue_url = registration.domain.dead_letter_queue_url
        if registration.domain != registration.found:
            self._telemetry.info(
                "the domain was given its dead-letter queue",
                domain=target.domain_name,
                queue_url=queue_url,
                # who has to undo it needs to know; what is in the old queue stays there
                before=registration.found.dead_letter_queue_url or NO_QUEUE,
            )
        if queue_url is None:
            self._telemetry.warning(
                "the domain has no dead-letter queue: objects that Customer Profiles accepts and then cannot attach"
                " to a profile are lost without a trace; give the domain one (parameter DomainDeadLetterQueueUrl)",
                domain=target.domain_name,
            )
        self._telemetry.emit({Metric.DOMAIN_WITHOUT_DEAD_LETTER_QUEUE: int(queue_url is None)})

    def _delete(self, request: Request, physical_id: str, deadline: Deadline) -> Answer:
        # The id says what this resource is: after a change of name the properties may say something else.
        target = Target.of_physical_id(physical_id)
        if target is None:
            return Answer(Status.SUCCESS, physical_id, "Nothing was registered")
        if not delete_with_stack(request.properties):
            self._telemetry.info("object type and its objects left alone", resource=physical_id)
            return Answer(Status.SUCCESS, physical_id, "Left alone")
        deletion = self._registrar().delete(target, Stack.of(request.stack_id), deadline)
        tell = self._telemetry.info if deletion in {Deletion.DELETED, Deletion.GONE} else self._telemetry.warning
        tell(str(deletion), resource=physical_id)
        return Answer(Status.SUCCESS, physical_id, str(deletion))
