"""Custom::ConnectCampaignsIntegration: what its Create, Update and Delete do to an instance's outbound campaigns."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Protocol

from campaigns.properties import Instance, Properties
from custom_resource.errors import CustomResourceError, NotFoundError
from custom_resource.request import Request, RequestType
from custom_resource.response import NOT_CREATED, Response, Status
from custom_resource.service_calls import ServiceCalls
from engagement.call_timeout import CallTimeout
from engagement.clock import Deadline
from engagement.errors import SettingsError
from engagement.telemetry import Telemetry


class OutboundCampaigns(Protocol):
    """Connect's outbound campaigns, as needed here; every method raises `custom_resource.errors.ServiceError`."""

    def functions(self, instance: Instance) -> frozenset[str]:
        """Return the ARNs of the functions that the instance's journeys may choose, other stacks' included."""

    def add(self, instance: Instance, function: str) -> None:
        """Add a function; without effect if it was added already."""

    def remove(self, instance: Instance, function: str) -> None:
        """Remove a function; NotFoundError if it is not there."""


class Integration:
    """Adds functions to outbound campaigns and removes them; safe to repeat at any point.

    Args:
        campaigns: Connect's outbound campaigns.
        timeout: Ends a call that hangs.
    """

    def __init__(self, campaigns: OutboundCampaigns, timeout: CallTimeout) -> None:
        self._campaigns = campaigns
        self._call = ServiceCalls("Connect's outbound campaigns", timeout)

    def add(self, properties: Properties, deadline: Deadline) -> tuple[str, ...]:
        """Add the functions that the instance lacks, and return them in the properties' order.

        Raises:
            CustomResourceError: the service refused, or time or attempts are used up.
        """
        instance = properties.instance
        present = self._call(lambda: self._campaigns.functions(instance), deadline)
        missing = tuple(function for function in properties.functions if function not in present)
        for function in missing:
            self._add(instance, function, deadline)
        return missing

    def remove(self, instance: Instance, functions: Iterable[str], deadline: Deadline) -> tuple[str, ...]:
        """Remove those of the functions that are there, and return them; none if the instance itself is gone.

        Raises:
            CustomResourceError: the service refused, or time or attempts are used up.
        """
        try:
            present = self._call(lambda: self._campaigns.functions(instance), deadline)
        except NotFoundError:
            return ()
        return tuple(
            function for function in functions if function in present and self._remove(instance, function, deadline)
        )

    def _add(self, instance: Instance, function: str, deadline: Deadline) -> None:
        self._call(lambda: self._campaigns.add(instance, function), deadline)

    def _remove(self, instance: Instance, function: str, deadline: Deadline) -> bool:
        try:
            self._call(lambda: self._campaigns.remove(instance, function), deadline)
        except NotFoundError:
            return False
        return True


class CampaignsResource:
    """The resource of any stack.

    Args:
        integration: Returns what does the work once it is needed, since making it can fail and that must be answered.
        telemetry: Log lines.
    """

    def __init__(self, integration: Callable[[], Integration], telemetry: Telemetry) -> None:
        self._integration = integration
        self._telemetry = telemetry

    def handle(self, request: Request, deadline: Deadline) -> Response:
        """Do what the request asks for; no call of the service starts after ``deadline``.

        Raises:
            SettingsError: a property is missing, malformed, or of another account or Region.
            CustomResourceError: the service refused, or time or attempts are used up.
        """
        if request.type is RequestType.DELETE:
            return self._delete(request, request.physical_resource_id or NOT_CREATED, deadline)
        wanted = Properties.read(request.properties)
        added = self._integration().add(wanted, deadline)
        self._log("functions added to outbound campaigns", wanted.instance, added)
        if request.type is RequestType.UPDATE:
            self._remove_old(request, wanted, deadline)
        data = {"ConnectInstanceArn": wanted.instance.arn}
        return Response(Status.SUCCESS, wanted.instance.physical_id, "Integrated", data)

    def _remove_old(self, request: Request, wanted: Properties, deadline: Deadline) -> None:
        """Remove the functions that OldResourceProperties name and the properties no longer do."""
        old = _read(request.old_properties)
        if old is None:
            return
        if old.instance == wanted.instance:
            stale = [function for function in old.functions if function not in wanted.functions]
            self._remove(old.instance, stale, deadline)
        elif old.instance.physical_id != request.physical_resource_id:
            # An Update to another instance has failed and is rolled back: CloudFormation sends no Delete for that one.
            self._clean_up(old, deadline)
        # Else the instance is replaced: CloudFormation sends a Delete for the old one.

    def _delete(self, request: Request, physical_id: str, deadline: Deadline) -> Response:
        instance, properties = Instance.of_physical_id(physical_id), _read(request.properties)
        if properties is None:
            # what could not be read was never integrated: Create and Update read before they call
            return Response(Status.SUCCESS, physical_id, "Nothing was integrated")
        if instance is None:
            # The Create failed, at the first function or at the second; its stack is rolled back, and must be.
            self._clean_up(properties, deadline)
            return Response(Status.SUCCESS, physical_id, "Cleaned up")
        # The id says which instance this resource is: after a change the properties may name the new one.
        self._remove(instance, properties.functions, deadline)
        return Response(Status.SUCCESS, physical_id, "Removed")

    def _clean_up(self, properties: Properties, deadline: Deadline) -> None:
        """Remove what may have been added; a failure is logged and never holds up a roll-back."""
        try:
            self._remove(properties.instance, properties.functions, deadline)
        except CustomResourceError as error:
            self._telemetry.warning(
                "functions of a failed deployment may be left in outbound campaigns; remove them there",
                resource=properties.instance.arn,
                functions=properties.functions,
                detail=str(error),
            )

    def _remove(self, instance: Instance, functions: Sequence[str], deadline: Deadline) -> None:
        if functions:
            removed = self._integration().remove(instance, functions, deadline)
            self._log("functions removed from outbound campaigns", instance, removed)

    def _log(self, message: str, instance: Instance, functions: tuple[str, ...]) -> None:
        self._telemetry.info(message, resource=instance.arn, functions=functions)


def _read(raw: object) -> Properties | None:
    """Return the properties; None if they were refused, so that nothing was ever done by them."""
    if isinstance(raw, dict):
        with suppress(SettingsError):
            return Properties.read(raw)
    return None
