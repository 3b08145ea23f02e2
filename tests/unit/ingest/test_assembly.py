from dataclasses import replace
from datetime import timedelta

import pytest

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, record_id
from ingest.assembly import CommonFields, assemble, offer_or_error, offer_warnings
from ingest.fields.offer import Offer
from ingest.sources.contract import EventWarning, WarningReason
from tests.samples import CUSTOMER, ENDPOINT, JOURNEY, NOW, engagement_record

COMMON = CommonFields(
    JOURNEY,
    viewed=True,
    engaged_at=NOW,
    accepted_at=NOW,
    context={"TreatmentId": "0"},
    offer=Offer("30% Off Renewal", is_named=True),
)


def test_a_record_is_put_together() -> None:
    """Every member comes from the event, and the id from them."""
    record = assemble(COMMON, CUSTOMER, "endpoint-1", ENDPOINT)

    assert record == engagement_record()
    assert record.record_id == record_id(JOURNEY, CUSTOMER, "30% Off Renewal", viewed=True)
    assert record.accepted_at == NOW


def test_engaged_and_accepted_are_two_moments() -> None:
    """A journey's schedule may lie long before the call."""
    earlier = NOW - timedelta(days=3)
    record = assemble(replace(COMMON, engaged_at=earlier), CUSTOMER, "e", {})

    assert (record.engaged_at, record.accepted_at) == (earlier, NOW)


def test_nobody_can_have_no_record() -> None:
    """The object could be attached to no profile."""
    with pytest.raises(InvalidRecordError) as caught:
        assemble(COMMON, Customer(), "endpoint-1", {})

    assert caught.value.reason is Reason.NO_IDENTITY


def test_an_endpoint_that_is_no_json_is_malformed() -> None:
    """Nothing behind could write it."""
    with pytest.raises(InvalidRecordError) as caught:
        assemble(COMMON, CUSTOMER, "endpoint-1", {"Metrics": {"visits": float("inf")}})

    assert caught.value.reason is Reason.MALFORMED_CUSTOMER


def test_half_characters_in_an_endpoint_are_replaced() -> None:
    """One name cut in two must not cost the customer the record."""
    assert assemble(COMMON, CUSTOMER, "e", {"Name": "Zo\ud800"}).endpoint == {"Name": "Zo\ufffd"}


def test_without_an_offer_there_is_no_record() -> None:
    """The error is one of the event's, and each customer has one of their own."""
    error = InvalidRecordError(Reason.INVALID_OFFER, "a detail")

    with pytest.raises(InvalidRecordError, match="a detail") as caught:
        assemble(replace(COMMON, offer=error), CUSTOMER, "e", {})

    assert caught.value is not error


def test_a_name_from_the_settings_is_no_part_of_the_id() -> None:
    """Settings change between a call and its repeat, and the event would be written twice."""
    one = assemble(replace(COMMON, offer=Offer("today's")), CUSTOMER, "e", {})
    other = assemble(replace(COMMON, offer=Offer("tomorrow's")), CUSTOMER, "e", {})

    assert one.record_id == other.record_id
    assert (one.offer_name, one.offer_identifies) == ("today's", False)


def test_without_a_journeys_id_the_offer_identifies_whoever_names_it() -> None:
    """Nothing else tells two offers apart."""
    nobody = replace(COMMON, journey=replace(JOURNEY, id=None))
    one = assemble(replace(nobody, offer=Offer("one")), CUSTOMER, "e", {})
    other = assemble(replace(nobody, offer=Offer("other")), CUSTOMER, "e", {})

    assert one.record_id != other.record_id
    assert one.offer_identifies
    assert one.record_id == one.own_id


def test_custom_data_that_should_name_the_offer_and_does_not_is_a_warning() -> None:
    """The customers have records with the settings' offer, which may be the wrong one."""
    unnamed = offer_or_error('{"team": "retention"}', "Free coffee")

    assert offer_warnings(unnamed) == [
        EventWarning(WarningReason.OFFER_NOT_NAMED, "the custom data is JSON without offerName")
    ]


def test_an_offer_that_is_named_or_that_cannot_be_read_is_no_warning() -> None:
    """The second parks the customers, which says enough."""
    assert offer_warnings(offer_or_error("2 for 1", "Free coffee")) == []
    assert offer_warnings(offer_or_error("{", "Free coffee")) == []
