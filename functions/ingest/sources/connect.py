"""Source: the Custom action block of a journey in Amazon Connect outbound campaigns, Pinpoint's successor.

Contract: Amazon Connect administrator guide, "Invoke Lambda functions": ``InvocationMetadata.CampaignContext`` and
``Items.CustomerProfiles``; every ProfileId must be answered, within 30 seconds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engagement.errors import InvalidEventError, InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from engagement.text import DIGEST_PREFIX, MAX_TEXT, json_safe
from ingest.assembly import CommonFields, assemble, offer_or_error, offer_warnings
from ingest.envelope import Envelope, SingleCustomerEvent
from ingest.fields.errors import malformed, unreadable
from ingest.fields.identity import known_id
from ingest.fields.journey import context_of, journey_id, journey_name
from ingest.fields.offer import Offer
from ingest.settings import OfferNameFrom
from ingest.sources.contract import (
    CustomerOutcome,
    CustomerStatus,
    EventWarning,
    InvocationContext,
    ParsedCustomer,
    WarningReason,
)

NAME = "connect"
DECIDING = frozenset({"InvocationMetadata", "CampaignContext", "CampaignId", "RunId", "ActionId", "CampaignName"})
"""Members beside the customers from which a record follows."""
NO_CONTEXT = frozenset({"ProfileId", "CustomerData"})
"""Members of a profile that the record has elsewhere."""
UNREADABLE = EventWarning(WarningReason.UNREADABLE_CUSTOMER_DATA, "CustomerData is no JSON object")
MAX_WRAPPINGS = 4
"""Times that ``CustomerData`` may be JSON within JSON."""
ANSWERS_FAILURES = True
"""The format has a place for each profile's result, and a profile without an answer is an error of the journey."""


def recognises(event: Mapping[str, Any]) -> bool:
    """Return whether the event has a campaign's ``Items`` or ``InvocationMetadata``."""
    return "Items" in event or "InvocationMetadata" in event


def parse(event: Mapping[str, Any], invocation: InvocationContext) -> Sequence[ParsedCustomer]:
    """Return one parsed customer for each customer profile, in the event's order.

    Raises:
        InvalidEventError: ``Items.CustomerProfiles`` is no list.
    """
    metadata = event.get("InvocationMetadata")
    campaign = _map_or_empty(_map_or_empty(metadata).get("CampaignContext"))
    common = _common_fields(campaign, invocation)
    envelope = Envelope({"InvocationMetadata": metadata}, DECIDING)
    return [_customer(profile, common, envelope) for profile in _profiles(event)]


def answer(outcomes: Sequence[CustomerOutcome]) -> dict[str, Any]:
    """Return one result for each ProfileId, read later in the journey as ``$.LambdaInvocation.ResultData.status``."""
    results = [{"Id": key, "ResultData": _result_data(outcome)} for key, outcome in _by_id(outcomes).items()]
    return {"Items": {"CustomerProfiles": results}}


def answered(answer: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return what an answer says about its only profile."""
    profiles = _map_or_empty(answer.get("Items")).get("CustomerProfiles") if answer.keys() == {"Items"} else None
    if not isinstance(profiles, list) or len(profiles) != 1 or _map_or_empty(profiles[0]).get("Id") != key:
        return {}
    return _map_or_empty(profiles[0].get("ResultData"))


def _by_id(outcomes: Sequence[CustomerOutcome]) -> Mapping[str, CustomerOutcome]:
    """Return one outcome for each id: the worst, if the event names a profile several times."""
    worst: dict[str, CustomerOutcome] = {}
    for outcome in outcomes:
        if outcome.key is not None:
            known = worst.setdefault(outcome.key, outcome)
            worst[outcome.key] = max(known, outcome, key=_severity)
    return worst


def _severity(outcome: CustomerOutcome) -> int:
    return list(CustomerStatus).index(outcome.status)


def _result_data(outcome: CustomerOutcome) -> dict[str, str]:
    data = {"status": str(outcome.status)}
    if outcome.record_id is not None:
        data["recordId"] = outcome.record_id
    if outcome.reason is not None:
        data["reason"] = outcome.reason
    return data


def _profiles(event: Mapping[str, Any]) -> Sequence[object]:
    profiles = _map_or_empty(event.get("Items")).get("CustomerProfiles")
    if not isinstance(profiles, list):
        raise InvalidEventError(f"Items.CustomerProfiles is of type {type(profiles).__name__}, not a list")
    return profiles


def _key(profile: object) -> str | None:
    """Return the id that the answer must name; None if there is none, and so nothing to answer."""
    profile_id = _map_or_empty(profile).get("ProfileId")
    if isinstance(profile_id, bool) or not isinstance(profile_id, str | int | float):
        return None
    return str(profile_id)


def _common_fields(campaign: Mapping[str, Any], invocation: InvocationContext) -> CommonFields:
    offer = offer_or_error(_offer_data(campaign, invocation), invocation.offer_name)
    if isinstance(offer, Offer):
        # A campaign's name and a block's can be edited while it runs: its ids identify the offer instead.
        offer = replace(offer, is_named=False)
    return CommonFields(
        journey=Journey(
            NAME,
            JourneyKind.CAMPAIGN,
            journey_id(campaign.get("CampaignId")),
            run_id=journey_id(campaign.get("RunId")),
            step_id=journey_id(campaign.get("ActionId")),
            name=journey_name(campaign.get("CampaignName")),
            day=invocation.now.date().isoformat(),
        ),
        viewed=invocation.viewed,
        engaged_at=invocation.now,
        accepted_at=invocation.now,
        context=context_of(campaign),
        offer=offer,
        warnings=offer_warnings(offer),
    )


def _customer(profile: object, common: CommonFields, envelope: Envelope) -> ParsedCustomer:
    members = _map_or_empty(profile)
    data = _customer_data(members.get("CustomerData"))
    further = context_of({name: value for name, value in members.items() if name not in NO_CONTEXT})
    own = replace(common, context={**common.context, **further})
    result: EngagementRecord | InvalidRecordError
    try:
        profile_id = _profile_id(profile)
        # Only the profile id identifies: an e-mail address or account number that another profile shares could attach
        # the object elsewhere.
        result = assemble(own, Customer(profile_id=profile_id), profile_id, data or {})
    except InvalidRecordError as error:
        result = error
    return ParsedCustomer(
        key=_key(profile),
        event=SingleCustomerEvent(envelope, {"Items": {"CustomerProfiles": [profile]}}),
        result=result,
        warnings=[*common.warnings, UNREADABLE] if data is None else common.warnings,
    )


def _profile_id(profile: object) -> str:
    """Return the id without invisible characters, so that it finds its profile. The answer names it as it came."""
    if not isinstance(profile, dict):
        raise malformed(f"the profile is of type {type(profile).__name__}, not a map")
    profile_id, fault = known_id(profile, "ProfileId")
    if profile_id is None:
        raise InvalidRecordError(Reason.NO_IDENTITY, fault)
    if profile_id.startswith(DIGEST_PREFIX):
        # A digest would find no profile, and make a nameless one.
        raise unreadable(f"ProfileId has more than {MAX_TEXT} characters, and can be no profile's id")
    return profile_id


def _customer_data(written: object) -> Mapping[str, Any] | None:
    """Return what ``CustomerData``, a JSON *string*, holds: empty if it says nothing, None if it cannot be read.

    The id is enough for a record, so data that cannot be read is left out with a warning.
    """
    for _ in range(MAX_WRAPPINGS):
        if isinstance(written, str) and written.strip("\ufeff \t\r\n"):
            try:
                written = json.loads(written.strip("\ufeff \t\r\n"))
            except (ValueError, RecursionError):
                return None
        elif written is None or isinstance(written, str):
            return {}
    if not isinstance(written, dict):
        return None
    try:
        json_safe(written)
    except ValueError:
        return None
    return written


def _offer_data(campaign: Mapping[str, Any], invocation: InvocationContext) -> object:
    members = {OfferNameFrom.CAMPAIGN: "CampaignName", OfferNameFrom.ACTION: "ActionId"}
    named = campaign.get(members.get(invocation.connect_offer_name_from, ""))
    is_number = isinstance(named, int | float) and not isinstance(named, bool)
    return journey_id(named) if is_number else named


def _map_or_empty(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
