"""Custom::ConnectCampaignsIntegration: what its three requests mean."""

from collections.abc import Callable
from contextlib import suppress

from bootstrap.answer import Answer, Status
from bootstrap.campaigns.integration import Integrator
from bootstrap.campaigns.properties import Instance, Properties
from bootstrap.errors import BootstrapError
from bootstrap.request import Request, RequestType
from engagement.clock import Deadline
from engagement.errors import SettingsError
from engagement.telemetry import Telemetry

NOT_INTEGRATED = "not-integrated"


class CampaignsResource:
    """The resource, whichever stack's.

    Args:
        integrator: Returns what does the work, once it is needed: to make it can fail, and that must be answered too.
        telemetry: Log lines.
    """

    def __init__(self, integrator: Callable[[], Integrator], telemetry: Telemetry) -> None:
        self._integrator = integrator
        self._telemetry = telemetry

    def do(self, request: Request, physical_id: str | None, deadline: Deadline) -> Answer:
        """Do what is asked of the resource ``physical_id``; no call of the service starts after ``deadline``.

        Raises:
            SettingsError: a property is missing, malformed, or of another account or Region.
            BootstrapError: the service refused, or time or attempts are used up.
        """
        if request.type is RequestType.DELETE:
            return self._delete(request, physical_id or NOT_INTEGRATED, deadline)
        wanted = Properties.read(request.properties)
        added = self._integrator().add(wanted, deadline)
        self._tell("functions added to outbound campaigns", wanted.instance, added)
        if request.type is RequestType.UPDATE:
            self._remove_former(request, wanted, physical_id, deadline)
        data = {"ConnectInstanceArn": wanted.instance.arn}
        return Answer(Status.SUCCESS, wanted.instance.physical_id, "Integrated", data)

    def _remove_former(self, request: Request, wanted: Properties, physical_id: str | None, deadline: Deadline) -> None:
        """Take away what the properties had before and have no more.

        What an instance that is replaced has is left to the Delete that CloudFormation sends for it. But where the
        former instance is not that one, an update to it has failed and is rolled back: nobody else will look there.
        """
        former = _read(request.old_properties)
        if former is None:
            return
        if former.instance == wanted.instance:
            stale = [function for function in former.functions if function not in wanted.functions]
            self._remove(former.instance, stale, deadline)
        elif former.instance.physical_id != physical_id:
            self._clear_away(former, deadline)

    def _delete(self, request: Request, physical_id: str, deadline: Deadline) -> Answer:
        instance, properties = Instance.of_physical_id(physical_id), _read(request.properties)
        if properties is None:
            # what could not be read was never integrated: Create and Update read before they call
            return Answer(Status.SUCCESS, physical_id, "Nothing was integrated")
        if instance is None:
            # The Create failed, at the first function or at the second; its stack is rolled back, and must be.
            self._clear_away(properties, deadline)
            return Answer(Status.SUCCESS, physical_id, "Cleared away")
        # The id says which instance this resource is: after a change the properties may name the new one.
        self._remove(instance, properties.functions, deadline)
        return Answer(Status.SUCCESS, physical_id, "Removed")

    def _clear_away(self, properties: Properties, deadline: Deadline) -> None:
        """Take away what may have been added; what cannot be is told, and holds up nothing."""
        try:
            self._remove(properties.instance, properties.functions, deadline)
        except BootstrapError as error:
            self._telemetry.warning(
                "functions of a failed deployment may be left in outbound campaigns; take them away there",
                resource=properties.instance.arn,
                functions=properties.functions,
                detail=str(error),
            )

    def _remove(self, instance: Instance, functions: tuple[str, ...] | list[str], deadline: Deadline) -> None:
        if functions:
            removed = self._integrator().remove(instance, functions, deadline)
            self._tell("functions removed from outbound campaigns", instance, removed)

    def _tell(self, what: str, instance: Instance, functions: tuple[str, ...]) -> None:
        self._telemetry.info(what, resource=instance.arn, functions=functions)


def _read(raw: object) -> Properties | None:
    """Return the properties; None where they were refused, so that nothing was ever done by them."""
    if isinstance(raw, dict):
        with suppress(SettingsError):
            return Properties.read(raw)
    return None
