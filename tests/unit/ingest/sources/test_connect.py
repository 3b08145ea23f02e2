import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from ingest.settings import OfferNameFrom
from ingest.sources import connect
from ingest.sources.contract import InvocationContext, WarningReason
from tests.samples import NOW, connect_event, profile


def invocation(offer_name_from: OfferNameFrom = OfferNameFrom.SETTINGS) -> InvocationContext:
    """Return the invocation of a function with these settings."""
    return InvocationContext(
        viewed=False, offer_name="30% Off Renewal", connect_offer_name_from=offer_name_from, now=NOW
    )


def result(event: dict[str, Any], offer_name_from: OfferNameFrom = OfferNameFrom.SETTINGS) -> Any:
    """Return the record of the event's only customer, or why there is none."""
    [parsed] = connect.parse(event, invocation(offer_name_from))
    return parsed.result


def test_a_customer_profile_becomes_a_record() -> None:
    """Everything that the event says about the customer and the campaign is kept."""
    found = result(connect_event())

    assert isinstance(found, EngagementRecord)
    assert found.journey == Journey(
        "connect",
        JourneyKind.CAMPAIGN,
        "campaign-1",
        run_id="run-1",
        step_id="Viewed",
        name="Renewal",
        day="2026-11-23",
    )
    assert found.customer == Customer(profile_id="profile-1")
    assert (found.offer_name, found.viewed) == ("30% Off Renewal", False)
    assert (found.engaged_at, found.accepted_at) == (NOW, NOW)
    assert found.endpoint_id == "profile-1"
    assert found.endpoint == {"profileId": "profile-1", "emailAddress": "customer1@example.com"}
    assert found.context["CampaignName"] == "Renewal"


@pytest.mark.parametrize(
    ("offer_name_from", "offer"),
    [
        (OfferNameFrom.SETTINGS, "30% Off Renewal"),
        (OfferNameFrom.CAMPAIGN, "Renewal"),
        (OfferNameFrom.ACTION, "Viewed"),
    ],
)
def test_the_settings_say_where_the_offers_name_is(offer_name_from: OfferNameFrom, offer: str) -> None:
    """The contract has no field for it."""
    assert result(connect_event(), offer_name_from).offer_name == offer


@pytest.mark.parametrize("offer_name_from", [OfferNameFrom.CAMPAIGN, OfferNameFrom.ACTION])
def test_without_a_name_there_the_settings_offer_counts(offer_name_from: OfferNameFrom) -> None:
    """A campaign without a name still has customers."""
    event = connect_event(CampaignName=None, ActionId=None)

    assert result(event, offer_name_from).offer_name == "30% Off Renewal"


@pytest.mark.parametrize("metadata", [None, [], "text", {"CampaignContext": None}, {"CampaignContext": []}])
def test_a_campaign_that_says_nothing_of_itself_gives_records(metadata: object) -> None:
    """Every profile must be answered, and its id is enough to attach the offer."""
    event = {"InvocationMetadata": metadata, "Items": {"CustomerProfiles": [profile()]}}

    assert result(event).journey == Journey("connect", JourneyKind.CAMPAIGN, day="2026-11-23")


@pytest.mark.parametrize("data", [None, {"profileId": "profile-1"}, '{"profileId": "profile-1"}'])
def test_customer_data_may_be_absent_or_a_map(data: object) -> None:
    """Documented as a string; nothing is lost by understanding the map that it means."""
    assert result(connect_event([profile(CustomerData=data)])).customer == Customer(profile_id="profile-1")


@pytest.mark.parametrize("data", [None, "", "   ", "null", ' "null" ', "\ufeff", "{}", "\n{}\n"])
def test_customer_data_that_says_nothing_costs_nothing(data: object) -> None:
    """The id is enough, and there is nothing to tell."""
    [parsed] = connect.parse(connect_event([profile(CustomerData=data)]), invocation())

    assert isinstance(parsed.result, EngagementRecord)
    assert parsed.result.endpoint == {}
    assert list(parsed.warnings) == []


@pytest.mark.parametrize(
    "data",
    [
        "{broken",
        "not json",
        "[1]",
        '"text"',
        '{"a": 1e999}',
        '{"a":' * 100_000,
        '{"a":' * 100 + "1" + "}" * 100,
        5,
        True,
        [],
        [{}],
        "mary@example.com",
        {"a": float("inf")},
    ],
)
def test_customer_data_that_cannot_be_read_costs_the_customer_nothing_and_is_reported(data: object) -> None:
    """It decides nothing: the profile is named by its id. What it says may be personal, and is not kept."""
    [parsed] = connect.parse(connect_event([profile(CustomerData=data)]), invocation())

    assert isinstance(parsed.result, EngagementRecord)
    assert parsed.result.customer == Customer(profile_id="profile-1")
    assert parsed.result.endpoint == {}
    assert [warning.reason for warning in parsed.warnings] == [WarningReason.UNREADABLE_CUSTOMER_DATA]
    assert parsed.result.context["IdempotencyToken"] == "token-1"


@pytest.mark.parametrize("wrap", [json.dumps, lambda text: "\ufeff" + text, lambda text: json.dumps(json.dumps(text))])
def test_customer_data_is_unwrapped(wrap: Callable[[str], str]) -> None:
    """It is a text within JSON already; some encode it once more."""
    found = result(connect_event([profile(CustomerData=wrap('{"firstName": "Grace"}'))]))

    assert found.endpoint == {"firstName": "Grace"}


def test_what_else_a_profile_has_is_context() -> None:
    """What no document explains today may be asked for tomorrow; the id does not use it."""
    one, other = profile(Locale="en", Map={}), profile(IdempotencyToken="other")

    assert result(connect_event([one])).context["Locale"] == "en"
    assert "Map" not in result(connect_event([one])).context
    assert result(connect_event([one])).record_id == result(connect_event([other])).record_id


def test_a_renamed_campaign_is_the_same_campaign() -> None:
    """Its ids stay, and a repeat after the change must not double its customers' offers."""
    one = result(connect_event(), OfferNameFrom.CAMPAIGN)
    renamed = result(connect_event(CampaignName="Renewal, new"), OfferNameFrom.CAMPAIGN)
    otherwise = result(connect_event(), OfferNameFrom.SETTINGS)

    assert one.record_id == renamed.record_id == otherwise.record_id
    assert [one.offer_name, renamed.offer_name, otherwise.offer_name] == ["Renewal", "Renewal, new", "30% Off Renewal"]


def test_without_a_campaigns_id_the_offer_tells_campaigns_apart() -> None:
    """Nothing else does."""
    one = result(connect_event(CampaignId=None), OfferNameFrom.CAMPAIGN)
    other = result(connect_event(CampaignId=None, CampaignName="Other"), OfferNameFrom.CAMPAIGN)

    assert one.record_id != other.record_id


def test_the_same_block_weeks_later_is_another_record() -> None:
    """In a journey that an event starts, a customer passes a block of one run as often as the event happens."""
    later = replace(invocation(), now=NOW + timedelta(weeks=3))
    [first], [second] = connect.parse(connect_event(), invocation()), connect.parse(connect_event(), later)

    assert isinstance(first.result, EngagementRecord)
    assert isinstance(second.result, EngagementRecord)
    assert first.result.record_id != second.result.record_id


def test_a_retry_of_the_same_day_is_the_same_record() -> None:
    """Whether the token stays the same over a retry is not documented."""
    later = replace(invocation(), now=NOW + timedelta(hours=14, minutes=59))
    again = connect_event([profile(IdempotencyToken="another")])
    [first], [second] = connect.parse(connect_event(), invocation()), connect.parse(again, later)

    assert isinstance(first.result, EngagementRecord)
    assert isinstance(second.result, EngagementRecord)
    assert first.result.record_id == second.result.record_id


@pytest.mark.parametrize("offer_name_from", [OfferNameFrom.CAMPAIGN, OfferNameFrom.ACTION])
@pytest.mark.parametrize("name", ['{"offerName": "cut off', "{'a': 1}", '[{"a": 1}, {}]', "x" * 256])
def test_a_name_that_is_no_offers_parks_the_customer(offer_name_from: OfferNameFrom, name: str) -> None:
    """A block's name is typed by a person, too."""
    found = result(connect_event(CampaignName=name, ActionId=name), offer_name_from)

    assert isinstance(found, InvalidRecordError)
    assert found.reason is Reason.INVALID_OFFER


def test_a_name_that_is_json_is_unwrapped_and_one_without_an_offer_is_reported() -> None:
    """As custom data is."""
    named = result(connect_event(ActionId='{"offerName": "2 for 1"}'), OfferNameFrom.ACTION)
    [unnamed] = connect.parse(connect_event(ActionId='{"OfferName": "2 for 1"}'), invocation(OfferNameFrom.ACTION))

    assert named.offer_name == "2 for 1"
    assert [warning.reason for warning in unnamed.warnings] == [WarningReason.OFFER_NOT_NAMED]


@pytest.mark.parametrize("name", ["CampaignId", "RunId", "ActionId"])
def test_ids_that_are_numbers_or_long_tell_campaigns_apart(name: str) -> None:
    """Taken for absent, two runs would be one."""
    values: list[Any] = [None, 1759654800000, 1759654800001, "x" * 256, "x" * 257, True]

    assert len({result(connect_event(**{name: value})).record_id for value in values}) == len(values)
    assert result(connect_event(**{name: 5})).record_id == result(connect_event(**{name: "5"})).record_id


def test_a_name_that_is_a_number_is_its_digits() -> None:
    """Campaigns are called by year."""
    assert result(connect_event(CampaignName=2026), OfferNameFrom.CAMPAIGN).offer_name == "2026"


def test_an_account_number_does_not_identify() -> None:
    """Another profile that shares it could be given the offer instead."""
    data = json.dumps({"accountNumber": "user-1", "phoneNumber": "+15550100"})

    assert result(connect_event([profile(CustomerData=data)])).customer == Customer(profile_id="profile-1")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        [],
        profile(ProfileId=["profile-1"]),
        profile(ProfileId="a\x00"),
        profile(ProfileId="\ud800"),
    ],
)
def test_a_malformed_profile_has_no_record(value: object) -> None:
    """Nothing but the id says whose the offer is; it is parked and can be corrected."""
    error = result(connect_event([value]))

    assert isinstance(error, InvalidRecordError)
    assert error.reason is Reason.MALFORMED_CUSTOMER


@pytest.mark.parametrize("nothing", [None, "", " ", "\u200b", "undefined", "null", "0" * 32, True, 0, "{{ProfileId}}"])
def test_a_profile_without_an_id_is_nobody(nothing: object) -> None:
    """An object with a placeholder as its key would make a nameless profile, shared by strangers."""
    error = result(connect_event([profile(ProfileId=nothing)]))

    assert isinstance(error, InvalidRecordError)
    assert error.reason is Reason.NO_IDENTITY
    assert error.detail.startswith("ProfileId ")


def test_an_id_that_is_too_long_for_a_profiles_is_unreadable() -> None:
    """A digest of it would find no profile, and make a nameless one."""
    error = result(connect_event([profile(ProfileId="x" * 256)]))

    assert isinstance(error, InvalidRecordError)
    assert error.reason is Reason.UNREADABLE_IDENTITY


@pytest.mark.parametrize(
    ("written", "answered"),
    [(" profile-1 ", " profile-1 "), ("profile-1\u200b", "profile-1\u200b"), ("\ufeffprofile-1", "\ufeffprofile-1")],
)
def test_a_profile_is_found_by_the_visible_text_of_its_id_and_answered_by_all_of_it(
    written: str, answered: str
) -> None:
    """The journey looks for the very id that it sent; Customer Profiles for the one that it gave out."""
    [parsed] = connect.parse(connect_event([profile(ProfileId=written)]), invocation())

    assert isinstance(parsed.result, EngagementRecord)
    assert parsed.result.customer == Customer(profile_id="profile-1")
    assert parsed.key == answered


def test_an_id_that_was_sent_as_a_number_is_its_digits() -> None:
    """A system that sends a number means its digits."""
    [parsed] = connect.parse(connect_event([profile(ProfileId=1759)]), invocation())

    assert isinstance(parsed.result, EngagementRecord)
    assert (parsed.key, parsed.result.customer) == ("1759", Customer(profile_id="1759"))
