"""The control plane, under `/_emulator/`; not signed, not counted, not subject to faults.

GET    /_emulator/health
GET    /_emulator/stats         counts, and how often each fault rule has applied
GET    /_emulator/faults        the specification in force
PUT    /_emulator/faults        replace it (400 with the reason when it makes no sense)
DELETE /_emulator/faults        no faults from now on
GET    /_emulator/permissions   which operations each listed access key may call
PUT    /_emulator/permissions   replace it (400 likewise); a key that is not listed may call all

A service adds routes of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from customer_profiles_emulator.transport.messages import Answer, Request, json_answer
from customer_profiles_emulator.transport.server import CONTROL_PREFIX
from customer_profiles_emulator.wire.fault_rules import FaultSpecificationError
from customer_profiles_emulator.wire.permissions import PermissionSpecificationError
from customer_profiles_emulator.wire.service import Service

Routes = Mapping[tuple[str, str], Callable[[Request], Answer]]
"""What a control plane does, by method and by the path under its prefix."""


class ControlRequestError(ValueError):
    """A request of the control plane that makes no sense; the message says why."""


class ControlPlane:
    """What tests and soaks steer and read a service by.

    Args:
        service: whose faults, permissions and counts these are.
        routes: the service's own.
        gauges: counts that the service adds to `stats`, as they are at that moment.
    """

    def __init__(
        self,
        service: Service,
        routes: Routes = MappingProxyType({}),
        gauges: Callable[[], Mapping[str, Any]] = dict,
    ) -> None:
        self._service = service
        self._gauges = gauges
        self._routes: Routes = {
            ("GET", "health"): lambda _: json_answer(200, {"status": "ok"}),
            ("GET", "stats"): lambda _: json_answer(200, self.statistics()),
            ("GET", "faults"): lambda _: json_answer(200, service.faults.specification),
            ("PUT", "faults"): self._put_faults,
            ("DELETE", "faults"): self._delete_faults,
            ("GET", "permissions"): lambda _: json_answer(200, service.permissions.specification),
            ("PUT", "permissions"): self._put_permissions,
            **routes,
        }

    def handle(self, request: Request) -> Answer:
        """Answer a request of the control plane; never raises."""
        action = self._routes.get((request.method, request.path.removeprefix(CONTROL_PREFIX)))
        if action is None:
            return _refused(404, f"the control plane has no {request.method} {request.path}")
        try:
            return action(request)
        except (ControlRequestError, FaultSpecificationError, PermissionSpecificationError) as error:
            return _refused(400, str(error))

    def statistics(self) -> dict[str, Any]:
        """Return what `GET stats` answers."""
        return {**self._service.stats.snapshot(), **self._gauges(), "faults_struck": self._service.faults.applied}

    def _put_faults(self, request: Request) -> Answer:
        self._service.faults.replace(json_body(request))
        return json_answer(200, self._service.faults.specification)

    def _delete_faults(self, _: Request) -> Answer:
        self._service.faults.replace({})
        return json_answer(200, {})

    def _put_permissions(self, request: Request) -> Answer:
        self._service.permissions.replace(json_body(request))
        return json_answer(200, self._service.permissions.specification)


def json_body(request: Request) -> object:
    """The JSON document of a request.

    Raises:
        ControlRequestError: its body is no JSON.
    """
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise ControlRequestError("the body is not JSON") from error


def _refused(status: int, reason: str) -> Answer:
    return json_answer(status, {"error": reason})
