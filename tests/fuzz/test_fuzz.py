"""A short campaign on every run of the tests; `make fuzz` runs the long one."""

import json

import pytest

from tests.fuzz.campaign import MOST_DEFECTS, Findings, run
from tests.fuzz.identities import one_customer, two_customers
from tests.fuzz.mutator import Mutator
from tests.fuzz.targets import TARGETS, ingest

COUNT = 100 * len(TARGETS)
"""Cases: a few seconds."""


@pytest.fixture(scope="module")
def found() -> dict[str, Findings]:
    """A campaign over every target."""
    return run(COUNT, seed=3)


def test_no_case_meets_an_error_that_has_no_type_or_loses_a_neighbour(found: dict[str, Findings]) -> None:
    """No document promises what comes in; whatever does must end as a record, a parked one, or a typed error."""
    assert [defect for findings in found.values() for defect in findings.defects] == []
    assert all(findings.outcomes.total() == COUNT // len(TARGETS) for findings in found.values())


def test_the_cases_reach_every_kind_of_end(found: dict[str, Findings]) -> None:
    """A fuzz whose cases are all refused at the door tries the door alone."""
    assert set(found["ingest: events"].outcomes) >= {"accepted", "some parked", "refused", "failed"}
    assert set(found["writer: queue messages"].outcomes) >= {"settled", "some returned"}
    assert set(found["bootstrap: requests"].outcomes) == {"answered SUCCESS", "answered FAILED", "nobody to answer"}
    assert set(found["identity: one customer"].outcomes) == {"one: number", "one: address", "one: id"}
    assert set(found["identity: two customers"].outcomes) >= {"two: number", "two: address", "two: id"}


def test_a_defect_is_found_named_by_its_case_and_not_counted_for_ever() -> None:
    """A campaign that cannot fail proves nothing."""

    def breaks(mutator: Mutator) -> str:
        return str([0][mutator.randrange(1, 3)])

    found = run(100, seed=4, targets={"sound": lambda _: "fine", "broken": breaks})

    assert found["sound"].defects == []
    assert found["sound"].outcomes["fine"] == 50
    assert len(found["broken"].defects) == MOST_DEFECTS
    assert found["broken"].defects[0].startswith("case 4/1:")
    assert "IndexError" in found["broken"].defects[0]


def test_a_lost_customer_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """The judge must see what it is there for: here the queue swallows what it says it took."""
    monkeypatch.setattr("tests.fakes.queue.FakeQueue._take", _swallow)

    [findings] = run(50, seed=5, targets={"ingest": ingest}).values()

    assert "assert (line" in findings.defects[0]


def test_a_spelling_that_makes_another_customer_is_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here nobody looks for what is invisible."""
    monkeypatch.setattr("ingest.fields.identity.plain", str.strip)

    [findings] = run(100, seed=6, targets={"one": one_customer}).values()

    assert findings.defects


def test_two_customers_who_become_one_are_a_defect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here long ids are cut off instead of digested."""
    monkeypatch.setattr("ingest.fields.identity.fitting", lambda identifier: identifier[:8])

    [findings] = run(300, seed=7, targets={"two": two_customers}).values()

    assert findings.defects


def _swallow(_: object, entries: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    return {"Successful": [{"Id": entry["Id"], "MessageId": "swallowed"} for entry in entries]}


def test_the_same_case_is_the_same_again() -> None:
    """What was found must be found again by its name."""
    document = {"a": [1, {"b": "c"}]}

    first, again, other = (Mutator(case).mutated(document, 5) for case in ("6/1", "6/1", "6/2"))

    assert repr(first) == repr(again) != repr(other)
    assert json.dumps(document) == '{"a": [1, {"b": "c"}]}'
