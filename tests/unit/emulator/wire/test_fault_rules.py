"""Fault specifications that make no sense are refused."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_profiles_emulator.service_model import operations
from customer_profiles_emulator.wire.fault_rules import KINDS, FaultSpecificationError, parse_specification


@pytest.mark.parametrize(
    ("specification", "complaint"),
    [
        ([], "is a JSON object"),
        ({"rule": []}, "unknown members: rule"),
        ({"seed": 1.5}, "seed"),
        ({"rules": {}}, "rules is a list"),
        ({"rules": ["throttle"]}, "rule 0 is a JSON object"),
        ({"rules": [{"kind": "throttle"}, {"kind": "explode"}]}, "rule 1: kind 'explode'"),
        ({"rules": [{}]}, "kind None"),
        ({"rules": [{"kind": ["throttle"]}]}, "rule 0: kind"),
        ({"rules": [{"kind": "throttle", "often": 1}]}, "unknown members: often"),
        ({"rules": [{"kind": "throttle", "share": 30}]}, "share 30"),
        ({"rules": [{"kind": "throttle", "share": True}]}, "share True"),
        ({"rules": [{"kind": "throttle", "operations": ["PutObject"]}]}, "PutObject"),
        ({"rules": [{"kind": "throttle", "operations": [{}]}]}, "operations"),
        ({"rules": [{"kind": "throttle", "times": 0}]}, "times 0"),
        ({"rules": [{"kind": "throttle", "times": True}]}, "times True"),
        ({"rules": [{"kind": "throttle", "seconds": 1}]}, "seconds goes with"),
        ({"rules": [{"kind": "delay"}]}, "seconds None"),
        ({"rules": [{"kind": "drip"}]}, "seconds None"),
        ({"rules": [{"kind": "hang", "seconds": 1}]}, "seconds goes with"),
        ({"rules": [{"kind": "lying_page", "per_item": True}]}, "per_item goes with"),
        ({"rules": [{"kind": "delay", "seconds": [2, 1]}]}, "seconds"),
        ({"rules": [{"kind": "delay", "seconds": [1]}]}, "seconds"),
        ({"rules": [{"kind": "delay", "seconds": -1}]}, "seconds"),
        ({"rules": [{"kind": "throttle", "status": 500}]}, "status goes with"),
        ({"rules": [{"kind": "server_error", "status": 404}]}, "status 404"),
        ({"rules": [{"kind": "throttle", "per_item": 1}]}, "per_item 1"),
        ({"rules": [{"kind": "outage", "per_item": True}]}, "per_item goes with"),
    ],
)
def test_the_complaint_names_the_rule_and_the_value(specification: Any, complaint: str) -> None:
    """A soak with a fault that was never injected proves nothing."""
    with pytest.raises(FaultSpecificationError, match=complaint):
        parse_specification(specification, operations())


def test_every_kind_parses() -> None:
    """Each kind with what it needs and nothing else."""
    rules = [{"kind": kind, **({"seconds": 0.1} if kind in {"delay", "drip", "sent_twice"} else {})} for kind in KINDS]

    parsed, seed = parse_specification({"seed": "night", "rules": rules}, operations())

    assert [rule.kind for rule in parsed] == list(KINDS)
    assert seed == "night"


@settings(deadline=None)
@given(st.text() | st.dictionaries(st.sampled_from(["seed", "rules", "x"]), st.lists(st.none() | st.integers())))
def test_no_specification_breaks_the_parser(specification: object) -> None:
    """It is parsed or refused, whatever it is: any other exception fails this test."""
    with suppress(FaultSpecificationError):
        rules, _ = parse_specification(specification, operations())
        assert rules == []
