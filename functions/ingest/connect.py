"""Source: the Custom action block of a journey in Amazon Connect outbound campaigns, Pinpoint's successor.

Contract: Amazon Connect administrator guide, "Invoke Lambda functions": ``InvocationMetadata.CampaignContext`` and
``Items.CustomerProfiles``; every ProfileId must be answered, within 30 seconds.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from engagement.errors import InvalidEventError, InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from engagement.text import DIGEST_PREFIX, MAX_TEXT, json_safe
from ingest.assembly import (
    Occasion,
    assemble,
    context_of,
    identifier,
    offer_or_error,
    optional_id,
    optional_text,
    reading,
)
from ingest.envelope import Envelope, EventOfOne
from ingest.identity import known_id, malformed, unreadable
from ingest.offer import Offer
from ingest.remark import Doubt, Remark
from ingest.settings import OfferNameFrom
from ingest.source import Outcome, Reading, Status, Step

NAME = "connect"
DECIDING = frozenset({"InvocationMetadata", "CampaignContext", "CampaignId", "RunId", "ActionId", "CampaignName"})
"""Members beside the customers from which a record follows."""
NO_CONTEXT = frozenset({"ProfileId", "CustomerData"})
"""Members of a profile that the record has elsewhere."""
UNREADABLE = Remark(Doubt.UNREADABLE_CUSTOMER_DATA, "CustomerData is no JSON object")
MAX_WRAPPINGS = 4
"""Times that ``CustomerData`` may be JSON within JSON."""
ANSWERS_FAILURES = True
"""The contract has a place for each profile's result, and a profile without an answer is an error of the journey."""


def recognises(event: Mapping[str, Any]) -> bool:
    """Return whether the event has a campaign's ``Items`` or ``InvocationMetadata``."""
    return "Items" in event or "InvocationMetadata" in event


def read(event: Mapping[str, Any], step: Step) -> Sequence[Reading]:
    """Return one reading for each customer profile, in the event's order.

    Raises:
        InvalidEventError: ``Items.CustomerProfiles`` is no list.
    """
    metadata = event.get("InvocationMetadata")
    campaign = _map_or_empty(_map_or_empty(metadata).get("CampaignContext"))
    occasion = _occasion(campaign, step)
    envelope = Envelope({"InvocationMetadata": metadata}, DECIDING)
    return [_reading(occasion, envelope, profile) for profile in _profiles(event)]


def answer(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return one result for each ProfileId, read later in the journey as ``$.LambdaInvocation.ResultData.status``."""
    results = [{"Id": key, "ResultData": _result_data(outcome)} for key, outcome in _by_id(outcomes).items()]
    return {"Items": {"CustomerProfiles": results}}


def _by_id(outcomes: Sequence[Outcome]) -> Mapping[str, Outcome]:
    """Return one outcome for each id: of a profile that the event names several times, the worst."""
    worst: dict[str, Outcome] = {}
    for outcome in outcomes:
        if outcome.key is not None:
            known = worst.setdefault(outcome.key, outcome)
            worst[outcome.key] = max(known, outcome, key=_gravity)
    return worst


def _gravity(outcome: Outcome) -> int:
    return list(Status).index(outcome.status)


def _result_data(outcome: Outcome) -> dict[str, str]:
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
    """Return the id that the answer must name; None where there is none, and so nothing to answer."""
    profile_id = _map_or_empty(profile).get("ProfileId")
    if isinstance(profile_id, bool) or not isinstance(profile_id, str | int | float):
        return None
    return str(profile_id)


def _occasion(campaign: Mapping[str, Any], step: Step) -> Occasion:
    offer = offer_or_error(_offer_source(campaign, step), step.offer_name)
    if isinstance(offer, Offer):
        # A campaign's name and a block's can be edited while it runs; its ids tell the offer as well.
        offer = replace(offer, is_named=False)
    return Occasion(
        journey=Journey(
            NAME,
            JourneyKind.CAMPAIGN,
            optional_id(campaign, "CampaignId"),
            run_id=optional_id(campaign, "RunId"),
            step_id=optional_id(campaign, "ActionId"),
            name=optional_text(campaign, "CampaignName"),
            day=step.now.date().isoformat(),
        ),
        viewed=step.viewed,
        engaged_at=step.now,
        accepted_at=step.now,
        context=context_of(campaign),
        offer=offer,
        remarks=[offer.remark] if isinstance(offer, Offer) and offer.remark is not None else [],
    )


def _reading(occasion: Occasion, envelope: Envelope, profile: object) -> Reading:
    members = _map_or_empty(profile)
    data = _customer_data(members.get("CustomerData"))
    is_unreadable = data is None and isinstance(profile, dict)
    remarks = [*occasion.remarks, UNREADABLE] if is_unreadable else occasion.remarks
    further = context_of({name: value for name, value in members.items() if name not in NO_CONTEXT})
    event = EventOfOne(envelope, {"Items": {"CustomerProfiles": [profile]}})
    own = replace(occasion, context={**occasion.context, **further})
    return reading(_key(profile), event, remarks, partial(_record, own, profile, data or {}))


def _record(occasion: Occasion, profile: object, data: Mapping[str, Any]) -> EngagementRecord:
    profile_id = _profile_id(profile)
    # Only the profile id identifies: an e-mail address or account number that another profile shares could attach
    # the object elsewhere.
    customer = Customer(profile_id=profile_id)
    return assemble(occasion, customer, profile_id, data)


def _profile_id(profile: object) -> str:
    """Return the id without what is invisible in it, so that it finds its profile. The answer names it as it came."""
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
    """Return what ``CustomerData``, a JSON *string*, holds: empty where it says nothing, None where it cannot be read.

    The id is enough for a record: what is unreadable is left out, and told.
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


def _offer_source(campaign: Mapping[str, Any], step: Step) -> object:
    members = {OfferNameFrom.CAMPAIGN: "CampaignName", OfferNameFrom.ACTION: "ActionId"}
    named = campaign.get(members.get(step.connect_offer_name_from, ""))
    is_number = isinstance(named, int | float) and not isinstance(named, bool)
    return identifier(named) if is_number else named


def _map_or_empty(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
