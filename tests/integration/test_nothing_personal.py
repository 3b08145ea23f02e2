"""A full run of the samples, under faults: no word of it names a customer, wherever the functions leave one.

What they leave: log lines, metrics (EMF blobs among the lines), message attributes, what a failed invocation says.
Traces hold what Lambda itself puts there: no annotation is made, since no function has a library to make one with.
"""

import json
from pathlib import Path

import pytest

from tests.integration.worked import EVENTS, Worked
from tests.personal_data import PersonalData

ROOT = Path(__file__).parents[2]
PERSONAL = PersonalData.of(EVENTS)

pytestmark = pytest.mark.xdist_group("after work")


def test_no_log_line_and_no_metric_names_a_customer(after_work: Worked) -> None:
    """Logs are kept for months, read by many, and belong to no customer's data."""
    assert PERSONAL.found_in("\n".join(after_work.log_lines)) == set()


def test_no_message_attribute_names_a_customer(after_work: Worked) -> None:
    """Attributes are shown in consoles and copied into tickets."""
    assert PERSONAL.found_in("\n".join(after_work.attributes)) == set()


def test_what_a_failed_invocation_says_names_no_customer(after_work: Worked) -> None:
    """Lambda logs it, and the journey's own log keeps it."""
    assert "invalid_event" in after_work.errors[0]
    assert PERSONAL.found_in("\n".join(after_work.errors)) == set()


def test_every_function_every_metric_and_every_outcome_was_looked_at(after_work: Worked) -> None:
    """Nothing found in nothing would prove nothing."""
    parsed = [json.loads(line) for line in after_work.log_lines if line.startswith("{")]
    services = {"viewed-offer", "not-viewed-offer", "writer", "bootstrap"}
    messages = {line["message"] for line in parsed if "message" in line}
    attributes = " ".join(after_work.attributes)

    assert {line["service"] for line in parsed if "_aws" not in line and "service" in line} == services
    assert {line["service"] for line in parsed if "_aws" in line} >= services - {"bootstrap"}
    assert {"customers accepted", "batch delivered", "invalid event"} <= messages
    assert all(reason in attributes for reason in ("no_identity", "malformed_customer", "not_json", "not_a_record"))
    assert len(after_work.attributes) > 300


def test_the_search_finds_every_kind_where_it_belongs(after_work: Worked) -> None:
    """The same search over the same messages' bodies, where the data is meant to be: a search that can fail."""
    found = PERSONAL.found_in("\n".join(after_work.bodies))

    assert {kind for kind, _ in found} == set(PERSONAL.values) == {"user id", "name", "e-mail address", "phone number"}
    for kind, values in PERSONAL.values.items():
        assert len({value for one, value in found if one == kind}) > 0.9 * len(values), kind


@pytest.mark.parametrize("kind", ["user id", "name", "e-mail address", "phone number"])
def test_one_value_in_one_line_would_be_found(after_work: Worked, kind: str) -> None:
    """Even behind the escapes of JSON, or in another case."""
    value = max(PERSONAL.values[kind])
    for line in (json.dumps({"detail": f"no {value.upper()} here"}), f"[ERROR] KeyError: '{value}'"):
        assert PERSONAL.found_in("\n".join([*after_work.log_lines, line])) == {(kind, value)}


def test_no_function_can_annotate_a_trace() -> None:
    """Tracing is Lambda's own; a library to add to it is neither in the layer nor imported."""
    assert "aws-xray-sdk" not in (ROOT / "requirements" / "layer.txt").read_text(encoding="utf-8")
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "functions").rglob("*.py")]
    assert code
    assert not [text for text in code if "Tracer" in text or "xray" in text]
