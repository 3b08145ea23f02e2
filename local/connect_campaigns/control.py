"""The control plane, under `/_emulator/`; not signed, not counted, not subject to faults.

GET /_emulator/health
GET /_emulator/stats          counts, and strikes of each fault rule
GET /_emulator/instances      every instance with its integrations
PUT /_emulator/instances      a JSON list of ids: the instances that there are from now on
PUT /_emulator/faults         replace the faults, in the Customer Profiles emulator's form (400 with the reason)
PUT /_emulator/permissions    which operations each listed access key may call; a key that is not listed may call all
"""

import json
from collections.abc import Callable, Mapping

from customer_profiles_emulator.application import Answer, Request, json_answer
from customer_profiles_emulator.control import PREFIX
from customer_profiles_emulator.fault_rules import FaultSpecificationError
from customer_profiles_emulator.faults import Faults
from customer_profiles_emulator.permissions import Permissions, PermissionSpecificationError
from customer_profiles_emulator.stats import Stats
from local.connect_campaigns.application import IAM_PREFIX, Application
from local.connect_campaigns.instances import Instances


class ControlPlane:
    """What tests steer and read the endpoint by.

    Args:
        application: Whose faults and permissions are steered.
        instances: What there is.
        stats: What was counted.
    """

    def __init__(self, application: Application, instances: Instances, stats: Stats) -> None:
        self._application = application
        self._instances = instances
        self._stats = stats
        self._routes: Mapping[tuple[str, str], Callable[[Request], object]] = {
            ("GET", "health"): lambda _: {"status": "ok"},
            ("GET", "stats"): lambda _: self._stats.snapshot() | {"faults_struck": self._application.faults.struck},
            ("GET", "instances"): lambda _: self._instances.snapshot(),
            ("PUT", "instances"): self._put_instances,
            ("PUT", "faults"): self._put_faults,
            ("PUT", "permissions"): self._put_permissions,
        }

    def handle(self, request: Request) -> Answer:
        """Answer a request of the control plane; never raises."""
        action = self._routes.get((request.method, request.path.removeprefix(PREFIX)))
        if action is None:
            return _refused(404, f"the control plane has no {request.method} {request.path}")
        try:
            return json_answer(200, action(request))
        except (FaultSpecificationError, PermissionSpecificationError) as error:
            return _refused(400, str(error))
        except (ValueError, RecursionError):
            return _refused(400, "the body is not what this path takes, or no JSON")

    def _put_instances(self, request: Request) -> object:
        ids = json.loads(request.body)
        if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
            raise ValueError("instances are a list of ids")
        self._instances.enable(ids)
        return self._instances.snapshot()

    def _put_faults(self, request: Request) -> object:
        specification = json.loads(request.body)
        self._application.faults = Faults(specification, self._application.names)
        return specification

    def _put_permissions(self, request: Request) -> object:
        permissions = Permissions(json.loads(request.body), self._application.names, IAM_PREFIX)
        self._application.permissions = permissions
        return permissions.specification


def _refused(status: int, reason: str) -> Answer:
    return json_answer(status, {"error": reason})
