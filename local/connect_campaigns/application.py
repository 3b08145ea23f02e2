"""One request to one answer, without sockets, in the order of the Customer Profiles emulator."""

import time
from collections.abc import Mapping

from customer_profiles_emulator.application import UNKNOWN, Answer, Request, authenticate, json_answer
from customer_profiles_emulator.binding import bind
from customer_profiles_emulator.errors import OperationNotEmulatedError, ServiceError
from customer_profiles_emulator.fault_rules import Drop
from customer_profiles_emulator.faults import Fate, Faults
from customer_profiles_emulator.model import operations as model_of
from customer_profiles_emulator.permissions import Permissions, access_key
from customer_profiles_emulator.routing import Route, Router
from customer_profiles_emulator.stats import Stats
from customer_profiles_emulator.validation import check
from local.connect_campaigns.errors import translated
from local.connect_campaigns.instances import Instances
from local.connect_campaigns.operations import Operation, operations

SERVICE = "connectcampaignsv2"
IAM_PREFIX = "connect-campaigns"
"""Service authorization reference: the service has another name in policies than in the SDKs."""


class Application:
    """The service's side of the endpoint.

    Attributes:
        faults: In force.
        permissions: In force.

    Args:
        instances: What there is.
        stats: Counts what happens.
        faults: In force from the start.
    """

    def __init__(self, instances: Instances, stats: Stats, faults: object) -> None:
        model = model_of(SERVICE)
        self.names = frozenset(model)
        self.faults = Faults(faults, self.names)
        self.permissions = Permissions({}, self.names, IAM_PREFIX)
        self._stats = stats
        self._router = Router(model.values())
        self._operations: Mapping[str, Operation] = operations(instances)

    def handle(self, request: Request) -> Answer:
        """Answer a request; never raises."""
        name, fate = UNKNOWN, Fate()
        try:
            route = self._router.match(request.method, request.path)
            name = route.operation.name
            authenticate(request)
            self._authorise(name, request)
            fate = self._suffer(name)
            answer, outcome = self._perform(route, request, fate), "ok"
        except ServiceError as error:
            said = translated(error)
            answer, outcome = _error_answer(said), said.code
        if fate.drop is not None:
            answer, outcome = Answer(drop=True), fate.drop.value
        self._stats.operation(name, outcome)
        return answer

    def _authorise(self, operation: str, request: Request) -> None:
        caller = access_key(request.headers.get("authorization", ""))
        self._stats.caller(caller, operation)
        self.permissions.check(caller, operation)

    def _suffer(self, operation: str) -> Fate:
        fate = self.faults.fate(operation)
        if fate.delay:
            time.sleep(fate.delay)
        if fate.error is not None:
            raise fate.error
        return fate

    def _perform(self, route: Route, request: Request, fate: Fate) -> Answer:
        if fate.drop is Drop.BEFORE_WRITE:
            return Answer(drop=True)
        operation = self._operations.get(route.operation.name)
        if operation is None:
            raise OperationNotEmulatedError(f"{route.operation.name} is not emulated")
        content = bind(route, request.query, request.headers, request.body)
        check(route.operation.input, content)
        return json_answer(200, operation(content))


def _error_answer(error: ServiceError) -> Answer:
    """Return an error as the model has it: its name in a header, its text in the member `message`."""
    return json_answer(error.status, {"message": error.message}, {"x-amzn-ErrorType": error.code})
