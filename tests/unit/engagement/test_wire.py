import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, Journey, JourneyKind
from engagement.wire import decode, encode, timestamp
from tests.samples import JOURNEY, engagement_record


def members(**changes: object) -> dict[str, Any]:
    """Return the members of a valid record with these changed."""
    return {**json.loads(encode(engagement_record())), **changes}


def refusal(body: str) -> InvalidRecordError:
    """Return the error by which ``body`` is refused."""
    with pytest.raises(InvalidRecordError) as caught:
        decode(body)
    return caught.value


def test_a_record_is_written_as_published() -> None:
    """Whoever reads the queue with another tool relies on these names."""
    assert members() == {
        "version": 1,
        "recordId": "ae1cb9b61b8cf723b301477e31f4a205",
        "offerName": "30% Off Renewal",
        "offerViewed": True,
        "engagedAt": "2026-11-23T09:00:00.000Z",
        "acceptedAt": "2026-11-23T09:00:00.000Z",
        "customer": {"userId": "user-1", "email": "mary@example.com"},
        "journey": {
            "source": "pinpoint",
            "kind": "journey",
            "id": "journey-1",
            "runId": "run-1",
            "stepId": "step-1",
            "name": "Renewal",
            "applicationId": "application-1",
        },
        "endpointId": "endpoint-1",
        "endpoint": {"ChannelType": "EMAIL", "Address": "mary@example.com", "User": {"UserId": "user-1"}},
        "context": {"TreatmentId": "0"},
    }


def test_a_moment_that_is_unknown_is_left_out() -> None:
    """Whatever stood in its place would be believed."""
    record = engagement_record(engaged_at=None)

    assert "engagedAt" not in json.loads(encode(record))
    assert decode(encode(record)).engaged_at is None


def test_what_an_id_follows_from_is_told() -> None:
    """Whoever edits a record must be able to give it its id."""
    record = engagement_record(journey=replace(JOURNEY, day="2026-11-23"), offer_identifies=False)
    written = json.loads(encode(record))

    assert (written["journey"]["day"], written["offerIdentifies"]) == ("2026-11-23", False)
    assert decode(encode(record)) == record


def test_a_record_of_before_these_members_is_read_as_it_was() -> None:
    """Queues hold records for days, dead-letter queues for weeks."""
    record = decode(json.dumps(members()))

    assert (record.journey.day, record.offer_identifies) == (None, True)
    assert record.own_id == record.record_id


@pytest.mark.parametrize("day", ["2026-02-30", "2026-11-23T09:00:00Z", "20261123", "", 5, None])
def test_a_day_that_is_none_is_named(day: object) -> None:
    """It is a part of the id."""
    changed = members()
    changed["journey"]["day"] = day

    assert refusal(json.dumps(changed)).detail.startswith(("day", "journey.day"))


def test_what_is_written_is_ascii() -> None:
    """One byte a character makes sizes exact, and SQS accepts every character."""
    record = engagement_record(endpoint={"Address": "zoë\u0000😀\ufffe"})

    assert encode(record).isascii()
    assert decode(encode(record)) == record


def test_absent_values_are_left_out() -> None:
    """An empty or null value is refused by Customer Profiles."""
    record = engagement_record(journey=Journey("connect", JourneyKind.CAMPAIGN), customer=Customer(profile_id="p"))

    written = json.loads(encode(record))

    assert written["journey"] == {"source": "connect", "kind": "campaign"}
    assert written["customer"] == {"profileId": "p"}
    assert decode(encode(record)) == record


def test_the_moment_of_acceptance_is_kept() -> None:
    """Equality leaves it out, so the round trip must be looked at by itself: ages are measured from it."""
    record = engagement_record(accepted_at=datetime(2026, 1, 2, 3, 4, 5, 678_000, UTC))

    assert decode(encode(record)).accepted_at == record.accepted_at


@pytest.mark.parametrize("endpoint", [{"a": math.inf}, {"a": math.nan}])
def test_what_json_cannot_hold_is_not_written(endpoint: dict[str, Any]) -> None:
    """A body that only Python reads is no wire form."""
    with pytest.raises(ValueError, match="JSON"):
        encode(engagement_record(endpoint=endpoint))


def test_nesting_beyond_the_stack_is_not_written() -> None:
    """The caller gets an error that it knows, not the interpreter's."""
    endpoint: dict[str, Any] = {}
    for _ in range(100_000):
        endpoint = {"a": endpoint}

    with pytest.raises(ValueError, match="nested"):
        encode(engagement_record(endpoint=endpoint))


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "2026-11-23T09:00:00.000Z"),
        (datetime(2026, 11, 23, 9, 0, 0, 999_999, tzinfo=UTC), "2026-11-23T09:00:00.999Z"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=2))), "2026-11-23T07:00:00.000Z"),
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00.000Z"),
    ],
)
def test_moments_are_written_in_utc_with_milliseconds(moment: datetime, written: str) -> None:
    """One spelling sorts as text."""
    assert timestamp(moment) == written


@pytest.mark.parametrize(
    "body",
    ["", " ", "{", '{"version":1', "null1", "<xml/>", '{"version":NaN}', pytest.param("[" * 100_000, id="nested")],
)
def test_what_is_no_json_is_refused_with_its_size_alone(body: str) -> None:
    """A truncated record may hold an address, so no part of it is shown."""
    error = refusal(body)

    assert (error.reason, error.detail) == (Reason.NOT_JSON, f"{len(body)} characters that are not JSON")


@pytest.mark.parametrize("body", ["null", "1", '"text"', "[]", "{}", '{"Records":[]}'])
def test_another_senders_message_is_refused(body: str) -> None:
    """S3 and EventBridge can be pointed at any queue."""
    assert refusal(body).reason is Reason.NOT_A_RECORD


@pytest.mark.parametrize("version", [0, 2, -1, "1", None, True, 1.5, [1], {}])
def test_an_unknown_version_is_refused_before_anything_else_is_read(version: object) -> None:
    """A later version may have moved or renamed every other member."""
    error = refusal(json.dumps({"version": version}))

    assert error.reason is Reason.UNKNOWN_VERSION
    assert error.detail.endswith("this writer reads 1")


def test_a_number_that_is_no_version_is_not_shown() -> None:
    """It may be a phone number: details are logged."""
    assert "4917" not in str(refusal(json.dumps({"version": 491701234567})))


@pytest.mark.parametrize("name", sorted(set(members()) - {"version", "engagedAt"}))
def test_a_missing_member_is_named(name: str) -> None:
    """The reason must be enough to find the fault."""
    changed = members()
    del changed[name]

    error = refusal(json.dumps(changed))

    assert error.reason is Reason.INVALID_RECORD
    assert error.detail.startswith(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("recordId", "F" * 32),
        ("recordId", "f" * 31),
        ("recordId", 1),
        ("offerName", ""),
        ("offerName", "x" * 256),
        ("offerName", "a\nb"),
        ("offerName", None),
        ("offerViewed", "true"),
        ("offerViewed", 1),
        ("engagedAt", "2026-11-23"),
        ("engagedAt", "2026-11-23T09:00:00Z"),
        ("engagedAt", "2026-02-30T09:00:00.000Z"),
        ("acceptedAt", 1_790_000_000),
        ("acceptedAt", "2026-11-23T25:00:00.000Z"),
        ("endpointId", "a\ud800"),
        ("endpoint", None),
        ("endpoint", []),
        ("endpoint", "text"),
        ("context", None),
        ("customer", []),
        ("customer", {"userId": ""}),
        ("customer", {"userId": None}),
        ("customer", {"email": 1, "userId": "u"}),
        ("journey", "j"),
        ("journey", {"kind": "journey"}),
        ("journey", {"source": "pinpoint"}),
        ("journey", {"source": "pinpoint", "kind": "tour"}),
        ("journey", {"source": "pinpoint", "kind": "journey", "id": None}),
    ],
)
def test_a_member_of_the_wrong_type_or_length_is_refused(name: str, value: object) -> None:
    """Validated once, on entry: nothing behind it checks again."""
    assert refusal(json.dumps(members(**{name: value}))).reason is Reason.INVALID_RECORD


def test_a_customer_without_any_identity_is_refused() -> None:
    """Such an object could not be attached to any profile."""
    assert refusal(json.dumps(members(customer={}))).reason is Reason.NO_IDENTITY


@pytest.mark.parametrize("changes", [{"version": 2}, {"offerName": ""}, {"customer": {}}, {"offerViewed": "true"}])
def test_a_refusal_names_the_record_where_its_id_can_be_read(changes: dict[str, Any]) -> None:
    """An operator finds a parked message by the id that ingest logged."""
    assert refusal(json.dumps(members(**changes))).record_id == "ae1cb9b61b8cf723b301477e31f4a205"


@pytest.mark.parametrize("body", ["{", "[]", '{"version": 1, "recordId": "mary@example.com"}', '{"version": 2}'])
def test_a_refusal_names_no_record_where_there_is_no_such_id(body: str) -> None:
    """Whatever else stands in its place may be personal."""
    assert refusal(body).record_id is None


def test_a_number_that_overflows_is_refused() -> None:
    """Python reads 1e999 as infinite and would write a word that no JSON parser reads into the profile."""
    body = json.dumps(members(endpoint={"a": 1.5})).replace("1.5", "-1e999")

    assert refusal(body).reason is Reason.INVALID_RECORD


def test_nesting_is_limited_where_it_is_read_as_where_it_is_written() -> None:
    """The writer serialises the endpoint again, deeper down its own stack."""
    endpoint: dict[str, Any] = {}
    for _ in range(63):
        endpoint = {"a": endpoint}

    assert decode(json.dumps(members(endpoint=endpoint))).endpoint == endpoint
    assert refusal(json.dumps(members(endpoint={"a": endpoint}))).reason is Reason.INVALID_RECORD


def test_members_that_version_1_does_not_know_are_ignored() -> None:
    """A later release can add a member without a new version."""
    assert decode(json.dumps(members(later=1))) == engagement_record()


def test_a_refusal_shows_no_value() -> None:
    """Details go to logs and message attributes."""
    secret = "mary.major@example.com\n"
    for name in members().keys() - {"version"}:
        assert "mary" not in refusal(json.dumps(members(**{name: secret}))).detail
