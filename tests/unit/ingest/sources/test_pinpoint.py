from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from ingest.settings import OfferNameFrom
from ingest.sources import pinpoint
from ingest.sources.contract import InvocationContext, ParsedCustomer, WarningReason
from tests.samples import NOW, endpoint, pinpoint_event

INVOCATION = InvocationContext(
    viewed=True, offer_name="30% Off Renewal", connect_offer_name_from=OfferNameFrom.SETTINGS, now=NOW
)


def record_of(parsed: ParsedCustomer) -> EngagementRecord:
    """Return the record of a customer for whom there must be one."""
    assert isinstance(parsed.result, EngagementRecord), parsed.result
    return parsed.result


def record(event: dict[str, Any], invocation: InvocationContext = INVOCATION) -> EngagementRecord:
    """Return the record of the event's only customer."""
    [parsed] = pinpoint.parse(event, invocation)
    return record_of(parsed)


def customer(**members: object) -> Customer:
    """Return who an endpoint with these members is."""
    return record(pinpoint_event({"e": members})).customer


def refusal(value: object, endpoint_id: str = "e") -> InvalidRecordError:
    """Return why there can be no record of this endpoint."""
    [parsed] = pinpoint.parse(pinpoint_event({endpoint_id: value}), INVOCATION)
    assert isinstance(parsed.result, InvalidRecordError)
    return parsed.result


def test_a_journeys_endpoint_becomes_a_record() -> None:
    """Everything that the event says about the customer and the journey is kept."""
    found = record(pinpoint_event(Data="Free Delivery"))

    assert found.journey == Journey(
        "pinpoint",
        JourneyKind.JOURNEY,
        "journey-1",
        run_id="run-1",
        step_id="step-1",
        application_id="application-1",
        day="2026-11-20",
    )
    assert found.customer == Customer(user_id="user-1", email="customer1@example.com")
    assert found.offer_name == "Free Delivery"
    assert found.viewed
    assert found.engaged_at == datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert found.accepted_at == NOW
    assert (found.endpoint_id, found.endpoint) == ("endpoint-1", endpoint(1))
    assert found.context["JourneyActivityId"] == "step-1"
    assert "Endpoints" not in found.context


def test_a_campaigns_activity_is_its_run() -> None:
    """A campaign that recurs keeps a history of its own."""
    event = {"CampaignId": "campaign-1", "ActivityId": "activity-1", "Endpoints": {"e": endpoint()}}

    assert record(event).journey == Journey("pinpoint", JourneyKind.CAMPAIGN, "campaign-1", run_id="activity-1")


def test_a_journey_that_names_a_campaign_too_is_a_journey() -> None:
    """Whether a journey sends CampaignId is documented nowhere."""
    journey = record(pinpoint_event(CampaignId="campaign-1")).journey

    assert (journey.kind, journey.id) == (JourneyKind.JOURNEY, "journey-1")


@pytest.mark.parametrize("known", [{"JourneyId": "j"}, {"CampaignId": "c"}])
def test_without_a_run_the_schedule_tells_runs_apart(known: dict[str, str]) -> None:
    """A journey that does not send its run must not keep only the last of its offers."""
    event = {**known, "ScheduledTime": "2026-11-20T08:00:00.000Z", "Endpoints": {"e": endpoint()}}

    assert record(event).journey.run_id == "2026-11-20T08:00:00.000Z"


def test_an_event_that_names_no_journey_gives_records() -> None:
    """Every one of these members is optional."""
    assert record({"Endpoints": {"e": endpoint()}}).journey == Journey("pinpoint", JourneyKind.JOURNEY)


def test_another_activity_member_names_the_step() -> None:
    """Campaigns call it ActivityId, and journeys may."""
    event = {"JourneyId": "j", "ActivityId": "a", "Endpoints": {"e": endpoint()}}

    assert record(event).journey.step_id == "a"


def test_viewed_comes_from_the_function_that_was_called() -> None:
    """The event is the same on both branches of the journey."""
    step = InvocationContext(viewed=False, offer_name="o", connect_offer_name_from=OfferNameFrom.SETTINGS, now=NOW)

    assert not record(pinpoint_event(), step).viewed


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2026-11-20T08:00:00Z", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("2026-11-20T08:00:00+02:00", datetime(2026, 11, 20, 6, tzinfo=UTC)),
        ("2026-11-20T08:00:00", datetime(2026, 11, 20, 8, tzinfo=UTC)),
        ("", NOW),
        (" ", NOW),
        (None, NOW),
        (1_790_000_000, datetime(2026, 9, 21, 14, 13, 20, tzinfo=UTC)),
        ("Sun, 05 Oct 2025 09:00:00 GMT", datetime(2025, 10, 5, 9, tzinfo=UTC)),
    ],
)
def test_the_scheduled_time_counts_where_it_is_one(written: object, moment: datetime) -> None:
    """When is part of what the agent sees; a journey without a schedule is happening now."""
    [parsed] = pinpoint.parse(pinpoint_event(ScheduledTime=written), INVOCATION)

    assert record_of(parsed).engaged_at == moment
    assert list(parsed.warnings) == []


@pytest.mark.parametrize(
    "written", ["tomorrow", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59Z", 0, True, [], "10/05/2025", "undefined"]
)
def test_a_time_that_cannot_be_read_is_unknown_and_reported(written: object) -> None:
    """The moment of the call would be read as the day of an offer that may be a year old."""
    [parsed] = pinpoint.parse(pinpoint_event(ScheduledTime=written), INVOCATION)

    assert record_of(parsed).engaged_at is None
    assert [warning.reason for warning in parsed.warnings] == [WarningReason.UNREADABLE_TIME]


@pytest.mark.parametrize("known", [{"JourneyId": "j"}, {"CampaignId": "c"}])
def test_one_moment_is_one_run_however_it_is_spelled(known: dict[str, str]) -> None:
    """A repeat by another program would double the event."""
    spellings: list[Any] = [
        "2026-11-20T08:00:00Z",
        "2026-11-20T08:00:00.000Z",
        "2026-11-20T10:00:00+02:00",
        " 2026-11-20t08:00:00z",
        1_795_161_600,
        "1795161600000",
        "Fri, 20 Nov 2026 08:00:00 GMT",
    ]
    ids = {record({**known, "ScheduledTime": each, "Endpoints": {"e": endpoint()}}).record_id for each in spellings}

    assert len(ids) == 1


def test_two_moments_that_cannot_be_read_are_two_runs() -> None:
    """They differ in what they say."""
    event = {"JourneyId": "j", "Endpoints": {"e": endpoint()}}
    ids = {record({**event, "ScheduledTime": each}).record_id for each in ("run one", "run two", True, ["x"], None)}

    assert len(ids) == 5


def test_a_customer_who_comes_again_in_one_run_on_another_day_keeps_both() -> None:
    """A journey that an event starts has one run, and customers enter it again."""
    days = ["2026-11-20T08:00:00Z", "2026-11-20T23:59:59Z", "2026-12-11T08:00:00Z"]
    ids = [record(pinpoint_event(ScheduledTime=day)).record_id for day in days]

    assert ids[0] == ids[1] != ids[2]


def test_without_a_schedule_a_repeat_on_another_day_is_the_same_record() -> None:
    """Nothing in the event says that it is another pass."""
    later = replace(INVOCATION, now=NOW + timedelta(days=3))
    event = pinpoint_event(ScheduledTime=None)

    assert record(event).record_id == record(event, later).record_id


@pytest.mark.parametrize("name", ["ApplicationId", "JourneyId", "JourneyRunId", "JourneyActivityId"])
def test_ids_that_are_numbers_or_long_tell_journeys_apart(name: str) -> None:
    """Taken for absent, two runs would be one, and the later offer would replace the earlier."""
    values: list[Any] = [1759654800000, 1759654800001, "x" * 256, "x" * 257, True, {"id": 1}, {"id": 2}]

    assert len({record(pinpoint_event(**{name: value})).record_id for value in values}) == len(values)
    assert record(pinpoint_event(**{name: 5})).record_id == record(pinpoint_event(**{name: "5"})).record_id


@pytest.mark.parametrize("name", ["CampaignId", "ActivityId"])
def test_ids_that_are_numbers_or_long_tell_campaigns_apart(name: str) -> None:
    """The same for campaigns."""
    event = {"CampaignId": "c", "ActivityId": "a", "Endpoints": {"e": endpoint()}}
    values: list[Any] = [1, 2, "x" * 256, "x" * 257]

    assert len({record({**event, name: value}).record_id for value in values}) == len(values)


def test_another_default_offer_is_the_same_record() -> None:
    """The stack's setting may change between a call and its repeat."""
    step = replace(INVOCATION, offer_name="Free coffee")

    assert record(pinpoint_event()).record_id == record(pinpoint_event(), step).record_id
    assert record(pinpoint_event(), step).offer_name == "Free coffee"


def test_another_offer_in_the_events_own_data_is_another_record() -> None:
    """There it is the marketer's word."""
    assert record(pinpoint_event(Data="a")).record_id != record(pinpoint_event(Data="b")).record_id


def test_custom_data_without_an_offer_is_reported() -> None:
    """A wrong offer is worse than none, and the default may be wrong."""
    [parsed] = pinpoint.parse(pinpoint_event(Data='{"OfferName": "2 for 1"}'), INVOCATION)

    assert record_of(parsed).offer_name == "30% Off Renewal"
    [warning] = parsed.warnings
    assert (warning.reason, warning.detail) == (
        WarningReason.OFFER_NOT_NAMED,
        "the custom data is JSON without offerName; it has OfferName",
    )


@pytest.mark.parametrize("channel", ["EMAIL", "CUSTOM", None, "PHONE"])
def test_an_email_address_identifies(channel: str | None) -> None:
    """A custom endpoint's address counts where it plainly is one."""
    assert customer(ChannelType=channel, Address=" Mary@Example.com ") == Customer(email="Mary@example.com")


@pytest.mark.parametrize("channel", ["SMS", "VOICE", "CUSTOM", None, "PHONE"])
def test_an_e164_number_identifies(channel: str | None) -> None:
    """Public samples put phone numbers into custom endpoints."""
    assert customer(ChannelType=channel, Address="+1 555-0100") == Customer(phone="+15550100")


@pytest.mark.parametrize("channel", ["SMS", "VOICE"])
def test_a_national_number_identifies_on_a_phones_channel(channel: str) -> None:
    """The published sample lost the addresses of all SMS endpoints."""
    assert customer(ChannelType=channel, Address="5550100") == Customer(phone="5550100")


@pytest.mark.parametrize(
    ("channel", "address", "reason"),
    [
        ("EMAIL", "+15550100", Reason.UNREADABLE_IDENTITY),
        ("SMS", "mary@example.com", Reason.UNREADABLE_IDENTITY),
        ("GCM", "mary@example.com", Reason.NO_IDENTITY),
        ("APNS", "+15550100", Reason.NO_IDENTITY),
        ("CUSTOM", "5550100", Reason.UNREADABLE_IDENTITY),
        ("CUSTOM", "arn:aws:lambda:f", Reason.UNREADABLE_IDENTITY),
        ("EMAIL", "", Reason.NO_IDENTITY),
        ("EMAIL", None, Reason.NO_IDENTITY),
    ],
)
def test_an_address_that_is_not_the_channels_identifies_nobody(
    channel: str, address: str | None, reason: Reason
) -> None:
    """A device token that looks like a number is no phone number."""
    assert refusal({"ChannelType": channel, "Address": address}).reason is reason


def test_a_user_without_an_address_is_enough() -> None:
    """Push endpoints have a token only."""
    assert customer(ChannelType="GCM", Address="token", User={"UserId": " user-1 "}) == Customer(user_id="user-1")


@pytest.mark.parametrize("user", [None, {}, {"UserId": None}, {"UserId": " "}])
def test_an_address_without_a_user_is_enough(user: object) -> None:
    """AWS's own sample has no User at all."""
    assert customer(ChannelType="EMAIL", Address="mary@example.com", User=user) == Customer(email="mary@example.com")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        5,
        [],
        endpoint(User="user-1"),
        endpoint(User=[]),
        endpoint(User={"UserId": [5]}),
        endpoint(User={"UserId": "a\x00b"}),
        endpoint(User={"UserId": "\ud800"}),
        endpoint(Address=["mary@example.com"]),
        endpoint(ChannelType=5),
    ],
)
def test_a_malformed_endpoint_has_no_record(value: object) -> None:
    """Guessing whom it means could put an offer into another customer's profile."""
    assert refusal(value).reason is Reason.MALFORMED_CUSTOMER


@pytest.mark.parametrize("endpoint_id", ["", "x" * 256, "a\x00", "\ud800"])
def test_an_endpoint_id_that_no_profile_can_hold_is_malformed(endpoint_id: str) -> None:
    """It is written into the profile."""
    assert refusal(endpoint(), endpoint_id).reason is Reason.MALFORMED_CUSTOMER
