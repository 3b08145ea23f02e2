"""Which requests meet which fault."""

from typing import Any

import pytest

from customer_profiles_emulator.service_model import operations
from customer_profiles_emulator.transport.errors import ConcurrentUpdateError, ServiceUnavailableError, ThrottlingError
from customer_profiles_emulator.wire.fault_rules import Drop, FaultSpecificationError, InjectedFault
from customer_profiles_emulator.wire.faults import Faults

PUT = "PutProfileObject"


def faults(*rules: dict[str, Any], seed: int = 7) -> Faults:
    """The rules in force."""
    return Faults({"seed": seed, "rules": list(rules)}, operations())


def test_no_rules_leave_everything_alone() -> None:
    """The state of an emulator that is started without faults."""
    assert faults().draw(PUT) == InjectedFault()


def test_the_same_seed_meets_the_same_requests_with_the_same_faults() -> None:
    """A failing soak must fail again."""

    def failed(seed: int) -> list[bool]:
        injected = faults({"kind": "throttle", "share": 0.3}, seed=seed)
        return [injected.draw(PUT).error is not None for _ in range(500)]

    assert failed(1) == failed(1)
    assert failed(1) != failed(2)


def test_a_share_is_about_kept() -> None:
    """Thirty per cent of a thousand is three hundred, give or take."""
    injected = faults({"kind": "throttle", "share": 0.3})

    failed = sum(isinstance(injected.draw(PUT).error, ThrottlingError) for _ in range(1_000))

    assert 250 <= failed <= 350
    assert injected.applied == [failed]


def test_a_rule_applies_only_to_its_operations() -> None:
    """A throttled writer must not fail the test that reads back what it wrote."""
    injected = faults({"kind": "access_denied", "operations": [PUT]})

    assert injected.draw(PUT).error is not None
    assert injected.draw("SearchProfiles") == InjectedFault()


def test_a_rule_stops_after_its_times() -> None:
    """Fail twice, then work: the usual test of a retry."""
    injected = faults({"kind": "concurrent_update", "times": 2})

    errors = [injected.draw(PUT).error for _ in range(3)]

    assert [isinstance(error, ConcurrentUpdateError) for error in errors] == [True, True, False]


def test_delays_add_up_and_the_first_failing_rule_decides() -> None:
    """A slow service that then fails is what time-outs meet."""
    injected = faults(
        {"kind": "delay", "seconds": 0.5},
        {"kind": "delay", "seconds": [1, 2]},
        {"kind": "server_error", "status": 503},
        {"kind": "throttle"},
    )

    fault = injected.draw(PUT)

    assert 1.5 <= fault.delay <= 2.5
    assert isinstance(fault.error, ServiceUnavailableError)


def test_connections_drop_before_or_after_the_work() -> None:
    """After the work, the record is written although the caller never learns it."""
    assert faults({"kind": "drop_before_write"}).draw(PUT).drop is Drop.BEFORE_WRITE
    assert faults({"kind": "drop_after_write"}).draw(PUT).drop is Drop.AFTER_WRITE
    assert faults({"kind": "outage"}).draw(PUT).drop is Drop.BEFORE_WRITE


def test_a_per_item_rule_leaves_requests_alone() -> None:
    """It makes batches fail in part, which nothing else does."""
    injected = faults({"kind": "throttle", "per_item": True})

    assert injected.draw("BatchPutProfileObject") == InjectedFault()
    assert isinstance(injected.draw_item("BatchPutProfileObject"), ThrottlingError)


def test_a_replaced_specification_starts_from_its_seed() -> None:
    """A soak sets the same faults before each of its runs."""
    injected = faults({"kind": "throttle", "share": 0.3})
    before = [injected.draw(PUT).error is not None for _ in range(50)]

    injected.replace(injected.specification)

    assert injected.applied == [0]
    assert [injected.draw(PUT).error is not None for _ in range(50)] == before


def test_a_specification_that_makes_no_sense_leaves_the_one_before_in_force() -> None:
    """A misspelt rule must not end an outage."""
    injected = faults({"kind": "outage"})

    with pytest.raises(FaultSpecificationError):
        injected.replace({"rules": [{"kind": "explode"}]})

    assert injected.draw(PUT).drop is Drop.BEFORE_WRITE
