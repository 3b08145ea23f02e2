"""Custom::ProfileObjectType: what its Create, Update and Delete do, and what an operator learns of it."""

from collections.abc import Callable, Iterator

from bootstrap.ownership import Ownership, Stack
from bootstrap.properties import ObjectTypeId, Properties, delete_with_stack
from bootstrap.provisioning import DeletionResult, Domain, ObjectTypeProvisioner, ProvisioningResult
from custom_resource.request import Request, RequestType
from custom_resource.response import NOT_CREATED, Response, Status
from engagement.clock import Deadline
from engagement.telemetry import Metric, Telemetry

CONNECT_PREFIX = "amazon-connect-"
"""How a domain's name begins that an Amazon Connect instance reaches.

The instance's service-linked role is granted the domains of this name alone (AmazonConnect_FullAccess has the same
pattern; two projects report it of AmazonConnectServiceLinkedRolePolicy).
"""
NO_QUEUE = "none"
NO_WARNINGS = "none"


class ObjectTypeResource:
    """The resource of any stack.

    Args:
        provisioner: Returns what does the work once it is needed, since making it can fail and that must be answered.
        telemetry: Log lines and metrics.
    """

    def __init__(self, provisioner: Callable[[], ObjectTypeProvisioner], telemetry: Telemetry) -> None:
        self._provisioner = provisioner
        self._telemetry = telemetry

    def handle(self, request: Request, deadline: Deadline) -> Response:
        """Do what the request asks for; no call of the service starts after ``deadline``.

        Raises:
            SettingsError: a property is missing or out of range.
            InvalidEventError: the request names no stack.
            CustomResourceError: the settings contradict one another, the type is another stack's, the service refused,
                or time or attempts are used up.
        """
        if request.type is RequestType.DELETE:
            return self._delete(request, request.physical_resource_id or NOT_CREATED, deadline)
        return self._register(request, deadline)

    def _register(self, request: Request, deadline: Deadline) -> Response:
        properties = Properties.read(request.properties)
        object_type = properties.object_type
        result = self._provisioner().register(
            properties,
            Stack.of(request.stack_id),
            deadline,
            registered=request.physical_resource_id == object_type.physical_id,
        )
        self._telemetry.info(
            "object type registered" if result.changed else "object type already as wanted",
            resource=object_type.physical_id,
            changed=result.changed,
            ownership=str(result.ownership),
        )
        self._log_adoption(result, object_type)
        self._log_queue(result, object_type.domain_name)
        warnings = list(domain_warnings(result.domain, object_type.domain_name))
        for warning in warnings:
            self._telemetry.warning(warning, domain=object_type.domain_name)
        data = {
            "DomainName": object_type.domain_name,
            "ObjectTypeName": object_type.name,
            "DomainDeadLetterQueueUrl": result.domain.dead_letter_queue_url or NO_QUEUE,
            "DomainWarnings": "; ".join(warnings) or NO_WARNINGS,
        }
        return Response(Status.SUCCESS, object_type.physical_id, "Registered", data)

    def _log_adoption(self, result: ProvisioningResult, object_type: ObjectTypeId) -> None:
        if result.ownership is Ownership.ADOPTED:
            self._telemetry.warning(
                "the object type was there before and was adopted: it belongs to this stack from now on, and is not"
                " deleted with it",
                resource=object_type.physical_id,
                before=result.previous_owner or "no stack's",
            )

    def _log_queue(self, result: ProvisioningResult, domain_name: str) -> None:
        queue_url = result.domain.dead_letter_queue_url
        if result.domain != result.domain_before:
            self._telemetry.info(
                "the domain was given its dead-letter queue",
                domain=domain_name,
                queue_url=queue_url,
                # needed to undo it; what is in the old queue stays there
                before=result.domain_before.dead_letter_queue_url or NO_QUEUE,
            )
        if queue_url is None:
            self._telemetry.warning(
                "the domain has no dead-letter queue: objects that Customer Profiles accepts and then cannot attach"
                " to a profile are lost without a trace; give the domain one (parameter DomainDeadLetterQueueUrl)",
                domain=domain_name,
            )
        self._telemetry.emit({Metric.DOMAIN_WITHOUT_DEAD_LETTER_QUEUE: int(queue_url is None)})

    def _delete(self, request: Request, physical_id: str, deadline: Deadline) -> Response:
        # The id says what this resource is: after a change of name the properties may say something else.
        object_type = ObjectTypeId.of_physical_id(physical_id)
        if object_type is None:
            return Response(Status.SUCCESS, physical_id, "Nothing was registered")
        if not delete_with_stack(request.properties):
            self._telemetry.info("object type and its objects left alone", resource=physical_id)
            return Response(Status.SUCCESS, physical_id, "Left alone")
        result = self._provisioner().delete(object_type, Stack.of(request.stack_id), deadline)
        is_gone = result in {DeletionResult.DELETED, DeletionResult.GONE}
        log = self._telemetry.info if is_gone else self._telemetry.warning
        log(str(result), resource=physical_id)
        return Response(Status.SUCCESS, physical_id, str(result))


def domain_warnings(domain: Domain, name: str) -> Iterator[str]:
    """Yield what an operator may not expect of the domain into which offers are written, a sentence each."""
    if not name.startswith(CONNECT_PREFIX):
        yield (
            f"an Amazon Connect instance reaches only domains whose name begins with {CONNECT_PREFIX}, and {name} does"
            " not: agents will not see the offers"
        )
    if domain.resolves_identities:
        yield (
            f"domain {name} has identity resolution on: profiles may be merged while a campaign runs, and an offer for"
            " a profile id that is gone by then makes a profile without a name"
        )
