"""Which functions an instance's outbound campaigns offer: what is wanted against what is there."""

from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from bootstrap.campaigns.properties import Instance, Properties
from bootstrap.errors import AbsentError, TimeUpError
from bootstrap.retrying import retry
from engagement.clock import Deadline

Result = TypeVar("Result")


class OutboundCampaigns(Protocol):
    """Connect's outbound campaigns, as they are needed here. Every method raises a `bootstrap.errors.ServiceError`."""

    def functions(self, instance: Instance) -> frozenset[str]:
        """Return the ARNs of the functions that the instance's journeys may choose, whoever added them."""

    def add(self, instance: Instance, function: str) -> None:
        """Add a function; without effect where it was added already."""

    def remove(self, instance: Instance, function: str) -> None:
        """Take a function away; AbsentError where it is not there."""


class Integrator:
    """Does the resource's work; safe to repeat at any point.

    Args:
        campaigns: Connect's outbound campaigns.
    """

    def __init__(self, campaigns: OutboundCampaigns) -> None:
        self._campaigns = campaigns

    def add(self, properties: Properties, deadline: Deadline) -> tuple[str, ...]:
        """Add the functions that the instance lacks, and return them in the properties' order.

        Raises:
            BootstrapError: the service refused, or time or attempts are used up.
        """
        instance = properties.instance
        present = _call(lambda: self._campaigns.functions(instance), deadline)
        missing = tuple(function for function in properties.functions if function not in present)
        for function in missing:
            self._add(instance, function, deadline)
        return missing

    def remove(self, instance: Instance, functions: Iterable[str], deadline: Deadline) -> tuple[str, ...]:
        """Take away those of the functions that are there, and return them; none where the instance itself is gone.

        Raises:
            BootstrapError: the service refused, or time or attempts are used up.
        """
        try:
            present = _call(lambda: self._campaigns.functions(instance), deadline)
        except AbsentError:
            return ()
        return tuple(
            function for function in functions if function in present and self._remove(instance, function, deadline)
        )

    def _add(self, instance: Instance, function: str, deadline: Deadline) -> None:
        _call(lambda: self._campaigns.add(instance, function), deadline)

    def _remove(self, instance: Instance, function: str, deadline: Deadline) -> bool:
        try:
            _call(lambda: self._campaigns.remove(instance, function), deadline)
        except AbsentError:
            return False
        return True


def _call(work: Callable[[], Result], deadline: Deadline) -> Result:
    def attempt() -> Result:
        # Asked before every attempt: Lambda freezes a thread that was left behind, and a later invocation wakes it.
        if deadline.passed():
            raise TimeUpError(
                "No time was left to call Connect's outbound campaigns. Give the bootstrap function a longer Timeout"
            )
        return work()

    return retry(attempt, deadline)
