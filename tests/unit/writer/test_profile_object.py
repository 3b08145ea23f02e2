import json
from datetime import timedelta

import pytest

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, Journey, JourneyKind
from tests.samples import ENDPOINT, NOW, engagement_record
from writer.profile_object import profile_object


def test_the_object_tells_the_whole_record() -> None:
    """An agent, a segment and a calculated attribute see these names and no others."""
    record = engagement_record(
        customer=Customer(profile_id="p" * 32, user_id="user-1", email="mary@example.com", phone="+15551234567")
    )

    assert json.loads(profile_object(record)) == {
        "recordId": record.record_id,
        "UserId": "user-1",
        "email": "mary@example.com",
        "phone": "+15551234567",
        "profileId": "p" * 32,
        "offerName": "30% Off Renewal",
        "offerViewed": "true",
        "endpoint": ENDPOINT,
        "endpointId": "endpoint-1",
        "source": "pinpoint",
        "journeyKind": "journey",
        "journeyId": "journey-1",
        "journeyRunId": "run-1",
        "journeyStepId": "step-1",
        "journeyName": "Renewal",
        "applicationId": "application-1",
        "engagedAt": "2026-11-23T09:00:00.000Z",
    }


def test_what_is_unknown_is_left_out() -> None:
    """The service refuses an empty value, and a null would be one."""
    record = engagement_record(
        customer=Customer(phone="+15551234567"), journey=Journey(source="connect", kind=JourneyKind.CAMPAIGN)
    )

    written = json.loads(profile_object(record))

    assert set(written) == {
        *("recordId", "phone", "offerName", "offerViewed", "endpoint", "endpointId"),
        *("source", "journeyKind", "engagedAt"),
    }
    assert written["journeyKind"] == "campaign"


@pytest.mark.parametrize(("viewed", "written"), [(True, "true"), (False, "false")])
def test_viewed_is_a_word(viewed: bool, written: str) -> None:  # noqa: FBT001 - a parameter of the test
    """The published sample writes the words, and segments compare with them."""
    assert json.loads(profile_object(engagement_record(viewed=viewed)))["offerViewed"] == written


def test_the_same_record_gives_the_same_object() -> None:
    """A redelivery that was accepted at another time replaces the object by its equal."""
    record = engagement_record()
    again = engagement_record(accepted_at=NOW + timedelta(hours=1))

    assert profile_object(record) == profile_object(again)


def test_letters_beyond_ascii_take_no_more_room_than_in_utf_8() -> None:
    """Escaped, an object in Greek would be refused at a third of the service's quota."""
    written = profile_object(engagement_record(endpoint={"Name": "Zoë 李 🎉" * 10_000}))

    assert len(written.encode()) < 256_000
    assert json.loads(written)["endpoint"] == {"Name": "Zoë 李 🎉" * 10_000}


def test_an_object_has_no_white_space_between_its_members() -> None:
    """Each byte counts towards the service's quota."""
    assert '"endpoint":{"a":[1,2]}' in profile_object(engagement_record(endpoint={"a": [1, 2]}))


def test_half_a_character_is_replaced() -> None:
    """A record of another sender may hold one; no UTF-8 can, and the call would fail for ever."""
    written = profile_object(engagement_record(endpoint={"Name": "Zo\ud83c"}))

    assert json.loads(written)["endpoint"] == {"Name": "Zo\ufffd"}


def test_an_object_may_be_as_large_as_the_service_takes() -> None:
    """One byte more would be refused; one fewer would be a smaller quota than the service's."""
    room = 256_000 - len(profile_object(engagement_record(endpoint={"Data": ""})))

    assert len(profile_object(engagement_record(endpoint={"Data": "x" * room}))) == 256_000
    with pytest.raises(InvalidRecordError, match="256001 bytes") as refused:
        profile_object(engagement_record(endpoint={"Data": "x" * (room + 1)}))
    assert refused.value.reason is Reason.OBJECT_TOO_LARGE


def test_a_refusal_quotes_nothing_of_the_customer() -> None:
    """The detail is logged and travels in message attributes."""
    with pytest.raises(InvalidRecordError) as refused:
        profile_object(engagement_record(endpoint={"Address": "mary@example.com" * 256_000}))

    assert "mary" not in str(refused.value)


def test_a_time_that_is_unknown_is_said_to_be() -> None:
    """The day of the call would be taken for the day of the offer."""
    members = json.loads(profile_object(engagement_record(engaged_at=None)))

    assert "engagedAt" not in members
    assert members["engagedAtUnknown"] == "true"
    assert "engagedAtUnknown" not in json.loads(profile_object(engagement_record()))
