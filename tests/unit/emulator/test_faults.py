"""Which requests meet which fault."""

from typing import Any

from customer_profiles_emulator.errors import ConcurrentUpdateError, ServiceUnavailableError, ThrottlingError
from customer_profiles_emulator.fault_rules import Drop
from customer_profiles_emulator.faults import Fate, Faults
from customer_profiles_emulator.model import operations

PUT = "PutProfileObject"


def faults(*rules: dict[str, Any], seed: int = 7) -> Faults:
    """The rules in force."""
    return Faults({"seed": seed, "rules": list(rules)}, operations())


def test_no_rules_leave_everything_alone() -> None:
    """The state of every emulator that was told nothing."""
    assert faults().fate(PUT) == Fate()


def test_the_same_seed_meets_the_same_requests_with_the_same_faults() -> None:
    """A failing soak must fail again."""

    def fates(seed: int) -> list[bool]:
        injected = faults({"kind": "throttle", "share": 0.3}, seed=seed)
        return [injected.fate(PUT).error is not None for _ in range(500)]

    assert fates(1) == fates(1)
    assert fates(1) != fates(2)


def test_a_share_is_about_kept() -> None:
    """Thirty per cent of a thousand is three hundred, give or take."""
    injected = faults({"kind": "throttle", "share": 0.3})

    struck = sum(isinstance(injected.fate(PUT).error, ThrottlingError) for _ in range(1_000))

    assert 250 <= struck <= 350
    assert injected.struck == [struck]


def test_a_rule_strikes_only_its_operations() -> None:
    """A throttled writer must not fail the test that reads back what it wrote."""
    injected = faults({"kind": "access_denied", "operations": [PUT]})

    assert injected.fate(PUT).error is not None
    assert injected.fate("SearchProfiles") == Fate()


def test_a_rule_stops_after_its_times() -> None:
    """Fail twice, then work: the usual test of a retry."""
    injected = faults({"kind": "concurrent_update", "times": 2})

    errors = [injected.fate(PUT).error for _ in range(3)]

    assert [isinstance(error, ConcurrentUpdateError) for error in errors] == [True, True, False]


def test_delays_add_up_and_the_first_failing_rule_decides() -> None:
    """A slow service that then fails is what time-outs meet."""
    injected = faults(
        {"kind": "delay", "seconds": 0.5},
        {"kind": "delay", "seconds": [1, 2]},
        {"kind": "server_error", "status": 503},
        {"kind": "throttle"},
    )

    fate = injected.fate(PUT)

    assert 1.5 <= fate.delay <= 2.5
    assert isinstance(fate.error, ServiceUnavailableError)


def test_connections_drop_before_or_after_the_work() -> None:
    """After the work, the record is written although the caller never learns it."""
    assert faults({"kind": "drop_before_write"}).fate(PUT).drop is Drop.BEFORE_WRITE
    assert faults({"kind": "drop_after_write"}).fate(PUT).drop is Drop.AFTER_WRITE
    assert faults({"kind": "outage"}).fate(PUT).drop is Drop.BEFORE_WRITE


def test_a_per_item_rule_leaves_requests_alone() -> None:
    """It makes batches fail in part, which nothing else does."""
    injected = faults({"kind": "throttle", "per_item": True})

    assert injected.fate("BatchPutProfileObject") == Fate()
    assert isinstance(injected.item_error("BatchPutProfileObject"), ThrottlingError)
