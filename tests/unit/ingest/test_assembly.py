from datetime import timedelta
from typing import Any

import pytest

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, record_id
from ingest.assembly import MAX_CONTEXT, MAX_CONTEXT_TEXT, Occasion, assemble, context_of, optional_text, reading
from tests.samples import CUSTOMER, ENDPOINT, JOURNEY, NOW, engagement_record

OCCASION = Occasion(JOURNEY, viewed=True, engaged_at=NOW, accepted_at=NOW, context={"TreatmentId": "0"})


def test_a_record_is_put_together() -> None:
    """Every member comes from the event, and the id from them."""
    record = assemble(OCCASION, CUSTOMER, "30% Off Renewal", "endpoint-1", ENDPOINT)

    assert record == engagement_record()
    assert record.record_id == record_id(JOURNEY, CUSTOMER, "30% Off Renewal", viewed=True)
    assert record.accepted_at == NOW


def test_engaged_and_accepted_are_two_moments() -> None:
    """A journey's schedule may lie long before the call."""
    earlier = NOW - timedelta(days=3)
    occasion = Occasion(JOURNEY, viewed=True, engaged_at=earlier, accepted_at=NOW, context={})

    record = assemble(occasion, CUSTOMER, "offer", "e", {})

    assert (record.engaged_at, record.accepted_at) == (earlier, NOW)


def test_nobody_can_have_no_record() -> None:
    """The object could be attached to no profile."""
    with pytest.raises(InvalidRecordError) as caught:
        assemble(OCCASION, Customer(), "offer", "endpoint-1", {})

    assert caught.value.reason is Reason.NO_IDENTITY


def test_an_endpoint_that_is_no_json_is_malformed() -> None:
    """Nothing behind could write it."""
    with pytest.raises(InvalidRecordError) as caught:
        assemble(OCCASION, CUSTOMER, "offer", "endpoint-1", {"Metrics": {"visits": float("inf")}})

    assert caught.value.reason is Reason.MALFORMED_CUSTOMER


def test_half_characters_in_an_endpoint_are_replaced() -> None:
    """One name cut in two must not cost the customer the record."""
    assert assemble(OCCASION, CUSTOMER, "offer", "e", {"Name": "Zo\ud800"}).endpoint == {"Name": "Zo\ufffd"}


def test_a_reading_holds_the_record_or_its_error() -> None:
    """One customer's error must not end the reading of the others."""
    error = InvalidRecordError(Reason.NO_IDENTITY, "nobody")

    def fail() -> Any:
        raise error

    assert reading("key", {}, engagement_record).result == engagement_record()
    assert reading("key", {}, fail).result is error


@pytest.mark.parametrize(
    ("value", "text"),
    [(" a \n b ", "a b"), ("", None), (" ", None), (None, None), (5, None), ("a\x00", None), ("x" * 256, None)],
)
def test_an_optional_member_is_text_or_absent(value: object, text: str | None) -> None:
    """No document promises it: a journey that sends another type must not lose its customers."""
    assert optional_text({"name": value}, "name") == text


def test_an_absent_member_is_none() -> None:
    """Absence is the usual case."""
    assert optional_text({}, "name") is None


def test_scalars_are_kept_as_context() -> None:
    """What Pinpoint sends beyond the documents may matter to the marketer."""
    scalars = {"text": '{\n\t"offerName": "30\u00a0%"}', "number": -5, "yes": True, "long": "x" * MAX_CONTEXT_TEXT}

    assert context_of(scalars) == scalars


@pytest.mark.parametrize(
    "members",
    [
        {"map": {}},
        {"list": []},
        {"none": None},
        {"float": 1.5},
        {"huge": 10**400},
        {"long": "x" * (MAX_CONTEXT_TEXT + 1)},
        {"half": "\ud800"},
        {"na\x00me": "a"},
        {"": "a"},
    ],
)
def test_what_cannot_travel_is_no_context(members: dict[str, Any]) -> None:
    """The whole event is nowhere kept; each record carries its context."""
    assert context_of(members) == {}


def test_context_has_a_limit_as_a_whole() -> None:
    """It travels with every record: thousands of members on thousands of customers would exhaust the memory."""
    members = {f"name{number:04}": "x" * 92 for number in range(10_000)}

    assert len(context_of(members)) == MAX_CONTEXT // 100
