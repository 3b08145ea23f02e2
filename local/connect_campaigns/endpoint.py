"""The composition root: ids of instances to a running endpoint. Tests start it in their own process the same way."""

from collections.abc import Collection
from types import MappingProxyType

from customer_profiles_emulator.wire import (
    Answer,
    BadRequestError,
    ConcurrentUpdateError,
    ControlPlane,
    ControlRequestError,
    Faults,
    Request,
    Server,
    ServerSettings,
    Service,
    ServiceDescription,
    ServiceError,
    Stats,
    json_answer,
    json_body,
    operations_of,
)
from local.connect_campaigns.operations import Instances, handlers

SERVICE = "connectcampaignsv2"


class ValidationError(ServiceError):
    """The input breaks a constraint of the model."""

    code = "ValidationException"
    status = 400


class ConflictError(ServiceError):
    """Something else changes the resource."""

    code = "ConflictException"
    status = 409


def translated(error: ServiceError) -> ServiceError:
    """Return an error as this service's model names it; most have the same name in Customer Profiles' model."""
    if isinstance(error, ConcurrentUpdateError):
        return ConflictError("The request could not be processed because of conflict in the current state (injected)")
    return ValidationError(error.message) if isinstance(error, BadRequestError) else error


class Endpoint:
    """An endpoint of Connect's outbound campaigns in this process.

    Its control plane has two routes of its own: `GET /_emulator/instances`, every instance with its integrations, and
    `PUT /_emulator/instances`, a JSON list of ids: the instances that there are from now on.

    Attributes:
        instances: What there is.

    Args:
        instances: Ids of the instances with outbound campaigns enabled.
        port: On 127.0.0.1; 0 takes a free one.
        faults: In force from the start, in the Customer Profiles emulator's form.

    Raises:
        FaultSpecificationError: the faults make no sense.
    """

    def __init__(self, instances: Collection[str] = (), port: int = 0, faults: object = MappingProxyType({})) -> None:
        self.instances = Instances(instances)
        service = Service(
            ServiceDescription(
                name=SERVICE,
                iam_prefix="connect-campaigns",  # service authorization reference: not the SDKs' name
                message_member="message",
                translate=translated,
            ),
            handlers(self.instances),
            faults=Faults(faults, operations_of(SERVICE)),
            stats=Stats(),
        )
        routes = {("GET", "instances"): self._get_instances, ("PUT", "instances"): self._put_instances}
        self._server = Server(ServerSettings(port=port), service, ControlPlane(service, routes))

    @property
    def url(self) -> str:
        """Where clients find it."""
        return self._server.url

    def start(self) -> None:
        """Serve, in threads of its own."""
        self._server.start()

    def stop(self) -> None:
        """Stop serving; requests under way end first."""
        self._server.stop()

    def _get_instances(self, _: Request) -> Answer:
        return json_answer(200, self.instances.snapshot())

    def _put_instances(self, request: Request) -> Answer:
        ids = json_body(request)
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            raise ControlRequestError("instances are a JSON list of ids")
        self.instances.enable(ids)
        return json_answer(200, self.instances.snapshot())
