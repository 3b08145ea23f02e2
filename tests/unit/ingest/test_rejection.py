import hashlib
import json
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.outbox import MAX_BYTES
from engagement.parking import Stage
from engagement.reasons import Reason
from engagement.text import MAX_TEXT
from ingest.rejection import MAX_BODY_BYTES, parked
from ingest.source import Reading
from tests.samples import NOW, engagement_record, pinpoint_event

ERROR = InvalidRecordError(Reason.NO_IDENTITY, "nobody")


def test_the_event_of_the_one_customer_is_parked() -> None:
    """Mended, it can be handed to the same function again."""
    event = pinpoint_event()

    message = parked(Reading("endpoint-1", event, ERROR), ERROR, viewed=False, now=NOW)

    assert json.loads(message.body) == event
    assert (message.reason, message.detail) == (Reason.NO_IDENTITY, "nobody")
    assert (message.stage, message.first_seen, message.viewed) == (Stage.INGEST, NOW, False)
    assert message.record_id is None


def test_a_known_record_id_is_parked_with_it() -> None:
    """The answer names the id, so an operator will search for it."""
    record = engagement_record()

    assert parked(Reading("e", {}, record), ERROR, viewed=True, now=NOW).record_id == record.record_id


def test_an_infinite_number_is_parked_as_it_came() -> None:
    """The word Infinity is no JSON: no other tool could read the parked body."""
    event = {"a": [float("inf"), -float("inf"), float("nan")], "b": 'Infinity "NaN" -Infinity'}

    body = parked(Reading("e", event, ERROR), ERROR, viewed=True, now=NOW).body

    assert body == '{"a":[1e999,-1e999,null],"b":"Infinity \\"NaN\\" -Infinity"}'


def test_what_no_message_can_hold_is_named_by_size_and_digest() -> None:
    """The customer can still be found at the origin."""
    event = {"Address": "x" * MAX_BYTES}
    written = json.dumps(event, separators=(",", ":")).encode()

    message = parked(Reading("endpoint-1", event, ERROR), ERROR, viewed=True, now=NOW)

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

    message = parked(Reading("k" * 1_000, event, ERROR), ERROR, viewed=True, now=NOW)

    assert json.loads(message.body) == {"omitted": {"customer": "k" * MAX_TEXT, "why": "nested too deeply"}}
    assert message.reason is Reason.NO_IDENTITY


def test_a_customer_without_an_id_is_parked_too() -> None:
    """Its body is all there is to know."""
    message = parked(Reading(None, {"a": "x" * MAX_BYTES}, ERROR), ERROR, viewed=True, now=NOW)

    assert json.loads(message.body)["omitted"]["customer"] is None


def test_the_largest_body_fits_a_message_with_its_attributes() -> None:
    """A message just too large would be refused by the last queue there is."""
    error = InvalidRecordError(Reason.MALFORMED_CUSTOMER, "d" * 1_000)
    event = {"a": "x" * (MAX_BODY_BYTES - len('{"a":""}'))}

    message = parked(Reading("e", event, error), error, viewed=True, now=NOW)

    assert len(message.body) == MAX_BODY_BYTES
    assert message.entry().attributes["reason"] == "malformed_customer"
    assert message.entry().size <= MAX_BYTES
