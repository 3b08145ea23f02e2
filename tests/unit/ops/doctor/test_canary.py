"""The canary: sent, read back, removed; and what is said when one of these fails."""

from dataclasses import dataclass, field

import pytest

from engagement.record import Customer
from engagement.wire import decode
from ops.doctor.canary import CUSTOMER, Canary, canary_record
from ops.doctor.finding import Finding, Verdict
from ops.errors import OpsError
from ops.profile_objects import Attached
from tests.fakes.clock import FakeClock


@dataclass
class FakeService:
    """A pipeline that takes ``delay`` seconds, and the profiles at its end."""

    clock: FakeClock
    delay: float = 3.0
    removable: bool = True
    refuses: bool = False
    removed_profiles: list[str] = field(default_factory=list)
    profile_stays: str = ""
    sent: dict[str, float] = field(default_factory=dict)

    def send(self, body: str) -> None:
        self.sent[decode(body).record_id] = self.clock.monotonic()

    def of_record(self, record_id: str, customer: Customer) -> list[Attached]:
        assert customer == CUSTOMER
        arrived = record_id in self.sent and self.clock.monotonic() >= self.sent[record_id] + self.delay
        return [Attached("profile-1", "key-1", {"recordId": record_id})] if arrived else []

    def remove(self, attached: Attached) -> None:
        if self.refuses:
            raise OpsError("access denied")
        if self.removable:
            del self.sent[attached.record_id]

    def remove_profile(self, profile_id: str) -> str:
        self.removed_profiles.append(profile_id)
        return self.profile_stays

    def round_trip(self) -> Finding:
        return Canary(self.send, self, self.remove_profile, self.clock, 60.0).round_trip()


def test_a_canary_arrives_and_leaves_nothing() -> None:
    """The check itself must not be what an agent sees."""
    service = FakeService(FakeClock())
    finding = service.round_trip()

    assert (finding.verdict, service.sent, service.removed_profiles) == (Verdict.OK, {}, ["profile-1"])
    assert "in 3.0 s" in finding.seen


def test_a_profile_that_cannot_be_removed_is_said() -> None:
    """Not every endpoint offers it."""
    finding = FakeService(FakeClock(), profile_stays="no DeleteProfile").round_trip()

    assert finding.verdict is Verdict.OK
    assert "ops-doctor-canary stays: no DeleteProfile" in finding.seen


def test_a_canary_that_does_not_arrive_is_a_problem_and_can_be_traced() -> None:
    """The doctor must end, and say where to look on."""
    clock = FakeClock()
    finding = FakeService(clock, delay=1000).round_trip()

    assert finding.verdict is Verdict.PROBLEM
    assert f"ops trace {canary_record(FakeClock().now()).record_id}" in finding.fix
    assert clock.monotonic() <= 61


@pytest.mark.parametrize(
    ("service", "seen"),
    [
        (FakeService(FakeClock(), refuses=True), "could not be removed: access denied"),
        (FakeService(FakeClock(), removable=False), "still there after its removal"),
    ],
)
def test_an_offer_that_stays_on_the_profile_is_a_problem(service: FakeService, seen: str) -> None:
    """An operator has to remove it by hand."""
    finding = service.round_trip()

    assert finding.verdict is Verdict.PROBLEM
    assert seen in finding.seen
    assert "by hand" in finding.fix


def test_each_canary_is_a_record_of_its_own_for_one_customer_who_is_nobody() -> None:
    """A repeat replaces, and would prove nothing; a customer for each would litter the domain."""
    clock = FakeClock()
    first = canary_record(clock.now())
    clock.advance(0.001)
    second = canary_record(clock.now())

    assert first.record_id != second.record_id
    assert first.customer == second.customer == CUSTOMER
