from datetime import timedelta
from typing import Any

import pytest

from engagement.parking import Parked, Stage
from engagement.reasons import Reason
from tests.samples import NOW


def parked(**changes: Any) -> Parked:
    """Return a parked message with these members changed."""
    members: dict[str, Any] = {
        "body": "{}",
        "reason": Reason.NO_IDENTITY,
        "detail": "why",
        "stage": Stage.INGEST,
        "first_seen": NOW,
        **changes,
    }
    return Parked(**members)


def test_the_body_stays_as_it_was() -> None:
    """Any redrive tool can send it back only if not one byte has changed."""
    body = '{"a":\t"é\\u0000"}  truncated'

    assert parked(body=body).entry().body == body


def test_what_happened_travels_in_attributes() -> None:
    """An operator sorts and filters parked messages without opening them."""
    entry = parked(stage=Stage.WRITER, receive_count=3, redrives=1, record_id="f" * 32, viewed=False).entry()

    assert entry.attributes == {
        "reason": "no_identity",
        "detail": "why",
        "stage": "writer",
        "firstSeen": "2026-11-23T09:00:00.000Z",
        "receives": "3",
        "redrives": "1",
        "recordId": "f" * 32,
        "offerViewed": "false",
        "fingerprint": "44136fa355b3678a1146ad16f7e8649e",
    }


def test_copies_of_one_body_share_a_fingerprint() -> None:
    """A repeated event parks its malformed customers again: an operator must see that they are the same."""
    first = parked(first_seen=NOW).entry().attributes["fingerprint"]
    again = parked(first_seen=NOW + timedelta(hours=1), receive_count=2).entry().attributes["fingerprint"]
    other = parked(body="{ }").entry().attributes["fingerprint"]

    assert first == again != other


def test_an_empty_body_is_parked_as_a_blank() -> None:
    """SQS refuses a whole batch for one empty body."""
    assert parked(body="").entry().body == " "


def test_a_body_that_fills_a_message_is_parked_without_attributes() -> None:
    """They count towards its size: the body is what cannot be had again."""
    attributes_of_small = parked().entry().size - len("{}")
    fits = parked(body="x" * (1_048_576 - attributes_of_small)).entry()
    fills = parked(body="x" * 1_048_576).entry()

    assert (fits.size, bool(fits.attributes)) == (1_048_576, True)
    assert (fills.size, bool(fills.attributes)) == (1_048_576, False)


def test_what_is_unknown_is_left_out() -> None:
    """SQS refuses an attribute without a value."""
    assert {"recordId", "offerViewed"}.isdisjoint(parked().entry().attributes)


@pytest.mark.parametrize(
    ("detail", "shown"),
    [("", "none"), ("a\nb\x00é", "a?b??"), pytest.param("x" * 1_000, "x" * 256, id="long"), ("it is", "it is")],
)
def test_a_detail_is_one_short_line_that_sqs_takes(detail: str, shown: str) -> None:
    """A detail that SQS refuses would keep the message from being parked at all."""
    assert parked(detail=detail).entry().attributes["detail"] == shown


def test_a_parked_message_belongs_to_no_group() -> None:
    """Fairness between journeys is the engagement queue's affair."""
    assert parked().entry().group is None


def test_the_first_time_is_written_in_utc() -> None:
    """Times of two places must sort."""
    local = NOW.astimezone().replace(microsecond=0) + timedelta(milliseconds=1)

    assert parked(first_seen=local).entry().attributes["firstSeen"] == "2026-11-23T09:00:00.001Z"
