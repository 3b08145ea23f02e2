import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engagement.errors import InvalidRecordError
from engagement.parking import Stage
from engagement.reasons import Reason
from ingest.envelope import Envelope, SingleCustomerEvent, written
from ingest.parked_event import MEMBER, first_call, parked, restore
from ingest.settings import OfferNameFrom
from ingest.sources.contract import InvocationContext, ParsedCustomer
from tests.fakes.channel import FakeChannel
from tests.samples import NOW, connect_event, endpoint, engagement_record, pinpoint_event, profile

INVOCATION = InvocationContext(
    viewed=False, offer_name="30% Off Renewal", connect_offer_name_from=OfferNameFrom.SETTINGS, now=NOW
)
REMEMBERED = written(first_call(INVOCATION))

LARGEST_BODY = 1_044_480
"""1 MiB, which is the most that SQS takes, less 4 KiB for the attributes."""
ERROR = InvalidRecordError(Reason.NO_IDENTITY, "nobody")


def alone(event: dict[str, Any]) -> SingleCustomerEvent:
    """Return an event that is all customer."""
    return SingleCustomerEvent(Envelope({}), event)


def test_the_event_of_the_one_customer_is_parked() -> None:
    """Corrected, it can be sent to the same function again."""
    event = pinpoint_event()

    message = parked(ParsedCustomer("endpoint-1", alone(event), ERROR), ERROR, INVOCATION)

    assert json.loads(message.body) == {**event, **first_call(INVOCATION)}
    assert (message.reason, message.detail) == (Reason.NO_IDENTITY, "nobody")
    assert (message.stage, message.first_seen, message.viewed) == (Stage.INGEST, NOW, False)
    assert message.record_id is None


def test_a_known_record_id_is_parked_with_it() -> None:
    """The answer names the id, so an operator will search for it."""
    record = engagement_record()

    assert parked(ParsedCustomer("e", alone({}), record), ERROR, INVOCATION).record_id == record.record_id


def test_an_infinite_number_is_parked_as_it_came() -> None:
    """The word Infinity is no JSON: no other tool could read the parked body."""
    event = {"a": [float("inf"), -float("inf"), float("nan")], "b": 'Infinity "NaN" -Infinity'}

    body = parked(ParsedCustomer("e", alone(event), ERROR), ERROR, INVOCATION).body

    assert body == '{"a":[1e999,-1e999,null],"b":"Infinity \\"NaN\\" -Infinity",' + REMEMBERED[1:]


def test_what_no_message_can_hold_is_named_by_size_and_digest() -> None:
    """The customer can still be found at the origin."""
    event = {"Address": "x" * 1_048_576}
    written = json.dumps(event, separators=(",", ":")).encode()

    message = parked(ParsedCustomer("endpoint-1", alone(event), ERROR), ERROR, INVOCATION)

    assert json.loads(message.body) == {
        "omitted": {
            "customer": "endpoint-1",
            "bytes": len(written),
            "sha256": hashlib.sha256(written).hexdigest(),
        }
    }
    assert message.reason is Reason.RECORD_TOO_LARGE


def test_what_cannot_be_written_is_named() -> None:
    """The parked message must be smaller than any stack."""
    event: dict[str, Any] = {}
    for _ in range(100_000):
        event = {"a": event}

    message = parked(ParsedCustomer("k" * 1_000, alone(event), ERROR), ERROR, INVOCATION)

    assert json.loads(message.body) == {"omitted": {"customer": "k" * 255, "why": "nested too deeply"}}
    assert message.reason is Reason.NO_IDENTITY


def test_a_customer_without_an_id_is_parked_too() -> None:
    """Its body is all there is to know."""
    message = parked(ParsedCustomer(None, alone({"a": "x" * 1_048_576}), ERROR), ERROR, INVOCATION)

    assert json.loads(message.body)["omitted"]["customer"] is None


def test_the_largest_body_fits_a_message_with_its_attributes() -> None:
    """A message just too large would be refused by the last queue there is."""
    error = InvalidRecordError(Reason.MALFORMED_CUSTOMER, "d" * 1_000)
    event = {"a": "x" * (LARGEST_BODY - len('{"a":""}') - len(REMEMBERED))}

    message = parked(ParsedCustomer("e", alone(event), error), error, INVOCATION)

    assert len(message.body) == LARGEST_BODY - 1  # a brace less
    assert message.entry().attributes["reason"] == "malformed_customer"
    assert message.entry().size <= 1_048_576


def test_copies_share_a_fingerprint_whatever_they_remember() -> None:
    """An event that is repeated parks its customers again, at another time: they are the same customers."""
    reading = ParsedCustomer("e", alone({"a": 1}), ERROR)
    later = replace(INVOCATION, now=NOW + timedelta(hours=1), offer_name="Free Delivery")

    first, again = parked(reading, ERROR, INVOCATION), parked(reading, ERROR, later)

    assert first.body != again.body
    assert first.entry().attributes["fingerprint"] == again.entry().attributes["fingerprint"]
    assert first.fingerprint == hashlib.sha256(b'{"a":1}').hexdigest()


THEN = InvocationContext(
    viewed=True, offer_name="30% Off Renewal", connect_offer_name_from=OfferNameFrom.CAMPAIGN, now=NOW
)
LATER = InvocationContext(
    viewed=True,
    offer_name="Free coffee",
    connect_offer_name_from=OfferNameFrom.SETTINGS,
    now=NOW + timedelta(days=100),
)


def test_a_call_is_remembered_and_restore() -> None:
    """The settings of the day of a redrive are not those of the day of the offer."""
    event: dict[str, Any] = {"Endpoints": {}}

    assert restore({**event, **first_call(THEN)}, LATER) == (event, THEN)


def test_an_event_that_remembers_nothing_is_as_it_is() -> None:
    """Journeys send no such member, and earlier versions parked without it."""
    event: dict[str, Any] = {"Endpoints": {}}

    assert restore(event, LATER) == (event, LATER)


@pytest.mark.parametrize(
    "written",
    [
        None,
        5,
        [],
        {},
        {"offerName": "", "connectOfferNameFrom": "", "acceptedAt": ""},
        {"offerName": 5, "connectOfferNameFrom": ["campaign"], "acceptedAt": 5},
        {"offerName": "x" * 256, "connectOfferNameFrom": "nowhere", "acceptedAt": "yesterday"},
        {"acceptedAt": "2026-11-23T09:00:00"},
        {"acceptedAt": "2999-01-01T00:00:00Z"},
        {"acceptedAt": "0001-01-01T00:00:00+01:00"},
    ],
)
def test_what_cannot_be_read_is_as_the_call_has_it(written: object) -> None:
    """An operator may have edited it; the function still knows its own settings."""
    assert restore({"Endpoints": {}, MEMBER: written}, LATER) == ({"Endpoints": {}}, LATER)


def test_an_edited_offer_counts() -> None:
    """An operator who knows what the customer was sent can say so."""
    member = {**first_call(THEN)[MEMBER], "offerName": "  2 for\n1 "}

    assert restore({MEMBER: member}, LATER)[1].offer_name == "2 for 1"


def months_later() -> FakeChannel:
    """Return the same function a hundred days and another offer later."""
    function = FakeChannel(offer_name="Free coffee")
    function.clock.advance(100 * 86_400)
    return function


def parked_by(event: dict[str, Any], **settings: Any) -> tuple[dict[str, Any], FakeChannel]:
    """Return the body under which an event's only customer is parked, and the function that parked it."""
    function = FakeChannel(**settings)
    function.invoke(event)
    [body] = function.dead_letters.bodies
    return json.loads(body), function


def test_a_customer_who_is_corrected_months_later_is_written_with_the_offer_of_the_day() -> None:
    """The agent must read what the customer was sent, and when."""
    body, _ = parked_by(pinpoint_event({"a": "malformed"}, ScheduledTime=None))
    later = months_later()

    later.invoke({**body, "Endpoints": {"a": endpoint(1)}})

    direct = FakeChannel()
    direct.invoke(pinpoint_event({"a": endpoint(1)}, ScheduledTime=None))
    [corrected], [wanted] = later.queued, direct.queued
    assert (corrected["offerName"], corrected["engagedAt"]) == ("30% Off Renewal", "2026-11-23T09:00:00.000Z")
    assert corrected == wanted


def test_a_connect_customer_keeps_the_first_day_and_the_source_of_the_offer() -> None:
    """The day is a part of the id: another one would double what a neighbour's repeat has written."""
    broken = profile(ProfileId=" ")
    body, _ = parked_by(connect_event([broken]), offer_name_from=OfferNameFrom.CAMPAIGN)
    body["Items"]["CustomerProfiles"] = [profile(1)]
    later, direct = months_later(), FakeChannel(offer_name_from=OfferNameFrom.CAMPAIGN)

    later.invoke(body)
    direct.invoke(connect_event([profile(1)]))

    assert later.queued == direct.queued
    assert later.queued[0]["offerName"] == "Renewal"


def test_a_customer_who_is_parked_again_keeps_the_first_call() -> None:
    """However often a redrive is tried."""
    body, first = parked_by(pinpoint_event({"a": None}))
    later = months_later()

    later.invoke(body)

    assert later.dead_letters.bodies == first.dead_letters.bodies
    [again] = later.dead_letters.messages
    assert again.attributes["firstSeen"] == "2026-11-23T09:00:00.000Z"


def test_what_was_parked_before_this_version_is_taken_as_a_call_of_now() -> None:
    """It remembers nothing, and must not be refused for it."""
    later = months_later()

    later.invoke(pinpoint_event({"a": endpoint(1)}, ScheduledTime=None))

    assert later.queued[0]["offerName"] == "Free coffee"
