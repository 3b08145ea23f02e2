import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.parking import Stage
from engagement.reasons import Reason
from engagement.sqs_batch import MAX_BYTES
from engagement.text import MAX_TEXT
from ingest.envelope import Envelope, EventOfOne, written
from ingest.memory import memory
from ingest.rejection import MAX_BODY_BYTES, parked
from ingest.settings import OfferNameFrom
from ingest.source import Reading, Step
from tests.samples import NOW, engagement_record, pinpoint_event

STEP = Step(viewed=False, offer_name="30% Off Renewal", connect_offer_name_from=OfferNameFrom.SETTINGS, now=NOW)
REMEMBERED = written(memory(STEP))

ERROR = InvalidRecordError(Reason.NO_IDENTITY, "nobody")


def alone(event: dict[str, Any]) -> EventOfOne:
    """Return an event that is all customer."""
    return EventOfOne(Envelope({}), event)


def test_the_event_of_the_one_customer_is_parked() -> None:
    """Mended, it can be handed to the same function again."""
    event = pinpoint_event()

    message = parked(Reading("endpoint-1", alone(event), ERROR), ERROR, STEP)

    assert json.loads(message.body) == {**event, **memory(STEP)}
    assert (message.reason, message.detail) == (Reason.NO_IDENTITY, "nobody")
    assert (message.stage, message.first_seen, message.viewed) == (Stage.INGEST, NOW, False)
    assert message.record_id is None


def test_a_known_record_id_is_parked_with_it() -> None:
    """The answer names the id, so an operator will search for it."""
    record = engagement_record()

    assert parked(Reading("e", alone({}), record), ERROR, STEP).record_id == record.record_id


def test_an_infinite_number_is_parked_as_it_came() -> None:
    """The word Infinity is no JSON: no other tool could read the parked body."""
    event = {"a": [float("inf"), -float("inf"), float("nan")], "b": 'Infinity "NaN" -Infinity'}

    body = parked(Reading("e", alone(event), ERROR), ERROR, STEP).body

    assert body == '{"a":[1e999,-1e999,null],"b":"Infinity \\"NaN\\" -Infinity",' + REMEMBERED[1:]


def test_what_no_message_can_hold_is_named_by_size_and_digest() -> None:
    """The customer can still be found at the origin."""
    event = {"Address": "x" * MAX_BYTES}
    written = json.dumps(event, separators=(",", ":")).encode()

    message = parked(Reading("endpoint-1", alone(event), ERROR), ERROR, STEP)

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

    message = parked(Reading("k" * 1_000, alone(event), ERROR), ERROR, STEP)

    assert json.loads(message.body) == {"omitted": {"customer": "k" * MAX_TEXT, "why": "nested too deeply"}}
    assert message.reason is Reason.NO_IDENTITY


def test_a_customer_without_an_id_is_parked_too() -> None:
    """Its body is all there is to know."""
    message = parked(Reading(None, alone({"a": "x" * MAX_BYTES}), ERROR), ERROR, STEP)

    assert json.loads(message.body)["omitted"]["customer"] is None


def test_the_largest_body_fits_a_message_with_its_attributes() -> None:
    """A message just too large would be refused by the last queue there is."""
    error = InvalidRecordError(Reason.MALFORMED_CUSTOMER, "d" * 1_000)
    event = {"a": "x" * (MAX_BODY_BYTES - len('{"a":""}') - len(REMEMBERED))}

    message = parked(Reading("e", alone(event), error), error, STEP)

    assert len(message.body) == MAX_BODY_BYTES - 1  # a brace less
    assert message.entry().attributes["reason"] == "malformed_customer"
    assert message.entry().size <= MAX_BYTES


def test_copies_share_a_fingerprint_whatever_they_remember() -> None:
    """An event that is repeated parks its customers again, at another time: they are the same customers."""
    reading = Reading("e", alone({"a": 1}), ERROR)
    later = replace(STEP, now=NOW + timedelta(hours=1), offer_name="Free Delivery")

    first, again = parked(reading, ERROR, STEP), parked(reading, ERROR, later)

    assert first.body != again.body
    assert first.entry().attributes["fingerprint"] == again.entry().attributes["fingerprint"]
    assert first.fingerprint == hashlib.sha256(b'{"a":1}').hexdigest()
