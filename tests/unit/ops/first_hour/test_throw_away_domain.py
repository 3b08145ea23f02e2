"""The throw-away domain: what was written is waited for."""

from typing import Any

from engagement.record import Customer
from ops.first_hour.throw_away_domain import ThrowAwayDomain
from ops.profile_objects import Attached
from tests.fakes.clock import FakeClock
from tests.unit.ops.first_hour.writable_profiles import FakeWritableProfiles

CUSTOMER = Customer(user_id="first-hour")


def _awaited(profiles: FakeWritableProfiles, clock: FakeClock) -> tuple[Attached | None, float]:
    client: Any = profiles
    return ThrowAwayDomain(client, "first-hour-1", clock, 5.0).awaited("Offers", lambda _: True, CUSTOMER)


def test_an_object_is_looked_for_every_second_until_a_profile_shows_it() -> None:
    """The answer says how long that took."""
    clock, profiles = FakeClock(), FakeWritableProfiles()
    profiles.before = lambda _: profiles.show_first_object() if clock.elapsed >= 3 else None

    found, took = _awaited(profiles, clock)
    assert found is not None
    assert (found.profile_id, took, clock.slept) == ("profile-1", 3.0, [1.0, 1.0, 1.0])


def test_an_object_that_no_profile_shows_is_given_up_after_the_patience() -> None:
    """It is five seconds here."""
    clock = FakeClock()

    assert _awaited(FakeWritableProfiles(), clock) == (None, 5.0)
    assert clock.slept == [1.0] * 5
