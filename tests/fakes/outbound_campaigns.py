"""Connect's outbound campaigns in memory: `campaigns.resource.OutboundCampaigns` with faults on demand."""

from collections import defaultdict
from dataclasses import dataclass, field

from campaigns.properties import Instance
from campaigns.service_errors import explain
from custom_resource.service_failure import NO_ANSWER, ServiceFailure
from tests.fakes.clock import FakeClock

LIST = "ListConnectInstanceIntegrations"
PUT = "PutConnectInstanceIntegration"
DELETE = "DeleteConnectInstanceIntegration"


@dataclass(slots=True)
class FakeOutboundCampaigns:
    """Functions by instance id; `calls` keeps the operations in the order in which they were called."""

    instances: dict[str, set[str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    _failures: dict[str, list[ServiceFailure]] = field(default_factory=lambda: defaultdict(list))
    _refused_until: dict[str, tuple[FakeClock, float, ServiceFailure]] = field(default_factory=dict)

    def refuse(self, operation: str, code: str, message: str = "", status: int = 0, times: int = 1) -> None:
        """Refuse the next ``times`` calls of ``operation``."""
        self._failures[operation] += [ServiceFailure(operation, code, message, status, "request-1")] * times

    def refuse_until(  # noqa: PLR0917 - as `refuse`, and when it ends
        self, clock: FakeClock, seconds: float, operation: str, code: str, message: str, status: int
    ) -> None:
        """Refuse ``operation`` until the clock has gone on for that long."""
        self._refused_until[operation] = (clock, seconds, ServiceFailure(operation, code, message, status, "request-1"))

    def hang_up(self, operation: str, times: int = 1) -> None:
        """Leave the next ``times`` calls of ``operation`` without an answer."""
        self.refuse(operation, NO_ANSWER, times=times)

    def functions(self, instance: Instance) -> frozenset[str]:
        return frozenset(self._begin(LIST, instance, None))

    def add(self, instance: Instance, function: str) -> None:
        self._begin(PUT, instance, function).add(function)

    def remove(self, instance: Instance, function: str) -> None:
        present = self._begin(DELETE, instance, function)
        if function not in present:
            raise _absent(DELETE, instance, function)
        present.remove(function)

    def _begin(self, operation: str, instance: Instance, function: str | None) -> set[str]:
        self.calls.append(operation)
        if operation in self._refused_until:
            clock, seconds, failure = self._refused_until[operation]
            if clock.elapsed < seconds:
                raise explain(failure, instance, function)
        if self._failures[operation]:
            raise explain(self._failures[operation].pop(0), instance, function)
        if instance.id not in self.instances:
            raise _absent(operation, instance, function)
        return self.instances[instance.id]


def _absent(operation: str, instance: Instance, function: str | None) -> Exception:
    failure = ServiceFailure(operation, "ResourceNotFoundException", "does not exist", 404, "request-1")
    return explain(failure, instance, function)
