import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, record_id
from ingest.assembly import (
    MAX_CONTEXT,
    MAX_CONTEXT_TEXT,
    Occasion,
    assemble,
    context_of,
    identifier,
    optional_id,
    optional_text,
    reading,
)
from ingest.envelope import Envelope, EventOfOne
from ingest.offer import Offer
from ingest.remark import Doubt, Remark
from tests.samples import CUSTOMER, ENDPOINT, JOURNEY, NOW, engagement_record

OCCASION = Occasion(
    JOURNEY,
    viewed=True,
    engaged_at=NOW,
    accepted_at=NOW,
    context={"TreatmentId": "0"},
    offer=Offer("30% Off Renewal", is_named=True),
)


def test_a_record_is_put_together() -> None:
    """Every member comes from the event, and the id from them."""
    record = assemble(OCCASION, CUSTOMER, "endpoint-1", ENDPOINT)

    assert record == engagement_record()
    assert record.record_id == record_id(JOURNEY, CUSTOMER, "30% Off Renewal", viewed=True)
    assert record.accepted_at == NOW


def test_engaged_and_accepted_are_two_moments() -> None:
    """A journey's schedule may lie long before the call."""
    earlier = NOW - timedelta(days=3)
    record = assemble(replace(OCCASION, engaged_at=earlier), CUSTOMER, "e", {})

    assert (record.engaged_at, record.accepted_at) == (earlier, NOW)


def test_nobody_can_have_no_record() -> None:
    """The object could be attached to no profile."""
    with pytest.raises(InvalidRecordError) as caught:
        assemble(OCCASION, Customer(), "endpoint-1", {})

    assert caught.value.reason is Reason.NO_IDENTITY


def test_an_endpoint_that_is_no_json_is_malformed() -> None:
    """Nothing behind could write it."""
    with pytest.raises(InvalidRecordError) as caught:
        assemble(OCCASION, CUSTOMER, "endpoint-1", {"Metrics": {"visits": float("inf")}})

    assert caught.value.reason is Reason.MALFORMED_CUSTOMER


def test_half_characters_in_an_endpoint_are_replaced() -> None:
    """One name cut in two must not cost the customer the record."""
    assert assemble(OCCASION, CUSTOMER, "e", {"Name": "Zo\ud800"}).endpoint == {"Name": "Zo\ufffd"}


def test_a_reading_holds_the_record_or_its_error() -> None:
    """One customer's error must not end the reading of the others."""
    error = InvalidRecordError(Reason.NO_IDENTITY, "nobody")

    def fail() -> Any:
        raise error

    event = EventOfOne(Envelope({}), {})
    remarks = [Remark(Doubt.UNREADABLE_TIME, "a detail")]

    assert reading("key", event, remarks, engagement_record).result == engagement_record()
    assert reading("key", event, remarks, engagement_record).remarks == remarks
    assert reading("key", event, remarks, fail).result is error


def test_without_an_offer_there_is_no_record() -> None:
    """The error is one of the event's, and each customer has one of their own."""
    error = InvalidRecordError(Reason.INVALID_OFFER, "a detail")

    with pytest.raises(InvalidRecordError, match="a detail") as caught:
        assemble(replace(OCCASION, offer=error), CUSTOMER, "e", {})

    assert caught.value is not error


def test_a_name_from_the_settings_is_no_part_of_the_id() -> None:
    """Settings change between a call and its repeat, and the event would be written twice."""
    one = assemble(replace(OCCASION, offer=Offer("today's")), CUSTOMER, "e", {})
    other = assemble(replace(OCCASION, offer=Offer("tomorrow's")), CUSTOMER, "e", {})

    assert one.record_id == other.record_id
    assert (one.offer_name, one.offer_identifies) == ("today's", False)


def test_without_a_journeys_id_the_offer_identifies_whoever_names_it() -> None:
    """Nothing else tells two offers apart."""
    nobody = replace(OCCASION, journey=replace(JOURNEY, id=None))
    one = assemble(replace(nobody, offer=Offer("one")), CUSTOMER, "e", {})
    other = assemble(replace(nobody, offer=Offer("other")), CUSTOMER, "e", {})

    assert one.record_id != other.record_id
    assert one.offer_identifies
    assert one.record_id == one.own_id


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a \n b ", "a b"),
        ("", None),
        (" ", None),
        (None, None),
        (5, "5"),
        (True, None),
        ("a\x00", None),
        ("x" * 256, None),
    ],
)
def test_an_optional_member_is_text_or_absent(value: object, text: str | None) -> None:
    """No document promises it: a journey that sends another type must not lose its customers."""
    assert optional_text({"name": value}, "name") == text


def test_an_absent_member_is_none() -> None:
    """Absence is the usual case."""
    assert optional_text({}, "name") is None
    assert optional_id({}, "name") is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a \n b ", "a b"),
        ("x" * 255, "x" * 255),
        (0, "0"),
        (1759654800000, "1759654800000"),
        (5.0, "5"),
        (1.5, "1.5"),
        (-7, "-7"),
        ("", None),
        (" \t", None),
        (None, None),
        ([], None),
        ({}, None),
    ],
)
def test_an_id_is_text_or_absent(value: object, text: str | None) -> None:
    """A caller whose ids are numbers has runs like any other."""
    assert identifier(value) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x" * 256, "x" * 257),
        ("a\x00", "b\x00"),
        ("\ud800", "\ud801"),
        (True, False),
        (["a"], ["b"]),
        ({"run": 1}, {"run": 2}),
        (10**200, 10**201),
        (1e300, 1e301),
        (math.inf, -math.inf),
    ],
)
def test_two_ids_that_no_record_can_hold_stay_two(one: object, other: object) -> None:
    """Taken for absent, two runs would be one, and the later offer would replace the earlier."""
    found = (identifier(one), identifier(other))

    assert None not in found
    assert found[0] != found[1]
    assert all(len(str(text)) <= 255 for text in found)
    assert found == (identifier(one), identifier(other))


@pytest.mark.parametrize("levels", [100_000])
def test_an_id_that_nothing_can_write_is_an_id_all_the_same(levels: int) -> None:
    """A few bytes of brackets must not fail the event."""
    value: Any = []
    for _ in range(levels):
        value = [value]

    assert identifier(value) is not None
    assert identifier(10**5_000) is not None


def test_the_members_of_an_id_have_no_order() -> None:
    """JSON's objects have none."""
    assert identifier({"a": 1, "b": 2}) == identifier({"b": 2, "a": 1})


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
