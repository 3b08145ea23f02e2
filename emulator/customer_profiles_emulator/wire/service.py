"""A service: one request to one answer, without sockets.

A request is routed, authenticated, authorised, failed on demand, counted against its quota, bound, checked and
executed, in this order: that of AWS's front doors as far as it can be seen. A caller without permission learns nothing
of the request's faults, and a throttled request is not looked at.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from customer_profiles_emulator.transport.errors import OperationNotEmulatedError, ServiceError, ThrottlingError
from customer_profiles_emulator.transport.messages import Answer, DeliveryFault, Request, error_answer, json_answer
from customer_profiles_emulator.wire.fault_rules import Drop, ForeignAnswer, InjectedFault
from customer_profiles_emulator.wire.faults import Faults
from customer_profiles_emulator.wire.inputs import bind, check
from customer_profiles_emulator.wire.model import Route, Router, operations_of
from customer_profiles_emulator.wire.permissions import Permissions, authenticated_key
from customer_profiles_emulator.wire.quotas import Quotas
from customer_profiles_emulator.wire.stats import Stats

Handler = Callable[[dict[str, Any]], dict[str, Any]]
"""From an operation's input, valid by the model, to its output; raises a `ServiceError` for a refusal."""

_UNKNOWN = "Unknown"


def _unchanged(error: ServiceError) -> ServiceError:
    return error


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceDescription:
    """What a service is called, and how it words its errors.

    Attributes:
        name: botocore's name of the service.
        iam_prefix: its prefix in policies (service authorization reference).
        message_member: the member of an error's body that holds its text.
        translate: gives an error the name that it has in this service's model.
    """

    name: str
    iam_prefix: str
    message_member: str = "Message"
    translate: Callable[[ServiceError], ServiceError] = _unchanged


class Service:
    """A service of which some operations have handlers; the others answer 501.

    Attributes:
        operations: the names of all operations of the model.
        faults: in force.
        permissions: in force; nothing is forbidden at the start.
        quotas: in force.
        stats: what was counted.
    """

    def __init__(  # noqa: PLR0913 - the composition root's parts, by name
        self,
        description: ServiceDescription,
        handlers: Mapping[str, Handler],
        *,
        faults: Faults,
        stats: Stats,
        quotas: Quotas | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Wire the parts; without `quotas` nothing is throttled, and `sleep` waits for injected delays."""
        model = operations_of(description.name)
        self.operations: Collection[str] = model.keys()
        self.faults = faults
        self.permissions = Permissions({}, self.operations, description.iam_prefix)
        self.quotas = Quotas({}, time.monotonic) if quotas is None else quotas
        self.stats = stats
        self._description = description
        self._handlers = handlers
        self._router = Router(model.values())
        self._sleep = sleep
        self._last_answer = Answer()  # to any request: the fault `others_answer` sends it again

    def handle(self, request: Request) -> Answer:
        """Answer a request; never raises."""
        operation, fault = _UNKNOWN, InjectedFault()
        try:
            route = self._router.match(request.method, request.path)
            operation = route.operation.name
            self._authorise(operation, request)
            fault = self._inject(operation)
            answer, outcome = self._perform(route, request, fault)
        except ServiceError as raised:
            error = self._description.translate(raised)
            answer, outcome = error_answer(error, self._description.message_member), error.code
        if fault.drop is not None:
            answer, outcome = Answer(drop=True), fault.drop.value
        if fault.delivery is not None:
            answer = replace(answer, delivery=fault.delivery)
        self.stats.operation(operation, outcome)
        return answer

    def _authorise(self, operation: str, request: Request) -> None:
        caller = authenticated_key(request)
        self.stats.caller(caller, operation)
        self.permissions.check(caller, operation)

    def _inject(self, operation: str) -> InjectedFault:
        fault = self.faults.draw(operation)
        if fault.delay:
            self._sleep(fault.delay)
        if fault.error is not None:
            raise fault.error
        return fault

    def _perform(self, route: Route, request: Request, fault: InjectedFault) -> tuple[Answer, str]:
        """The answer, and the outcome by which it is counted."""
        if fault.drop is Drop.BEFORE_WRITE:
            return Answer(drop=True), "ok"
        if fault.foreign is not None:
            return self._foreign(fault.foreign), "foreign"
        if fault.delivery is not None and fault.delivery.fault is DeliveryFault.HANG:
            return Answer(), DeliveryFault.HANG.value
        answer = self._last_answer = json_answer(200, self._execute(route, request))
        return answer, "ok"

    def _foreign(self, foreign: ForeignAnswer) -> Answer:
        if foreign.body is None:
            return self._last_answer
        return Answer(foreign.status, foreign.body, {"Content-Type": foreign.content_type})

    def _execute(self, route: Route, request: Request) -> dict[str, Any]:
        operation = route.operation
        handler = self._handlers.get(operation.name)
        if handler is None:
            raise OperationNotEmulatedError(f"{operation.name} is not emulated")
        if not self.quotas.take(operation.name):
            raise ThrottlingError("Rate exceeded")
        content = bind(route, request)
        check(operation.input, content)
        return handler(content)
