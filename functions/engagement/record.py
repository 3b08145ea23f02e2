"""The engagement record: that one customer was sent one offer by one journey step, and whether it was viewed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class JourneyKind(StrEnum):
    """What called us: a step of a journey, or a campaign."""

    JOURNEY = "journey"
    CAMPAIGN = "campaign"


@dataclass(frozen=True, slots=True)
class Journey:
    """The journey or campaign that sent the customer.

    Attributes:
        source: The contract that the event followed, for example ``pinpoint``.
        kind: Journey or campaign.
        id: The journey's or campaign's own id.
        run_id: The run of it, so that a recurring journey keeps a history.
        step_id: The activity or block that called.
        name: What the marketer named it.
        application_id: The Pinpoint application.
        day: The day of this pass of the step, UTC, ISO 8601: a customer may pass a step of one run again, weeks later.
            None if the event has no time that stays the same when the event is repeated.
    """

    source: str
    kind: JourneyKind
    id: str | None = None
    run_id: str | None = None
    step_id: str | None = None
    name: str | None = None
    application_id: str | None = None
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """Who the record is about; at least one member is given.

    Attributes:
        profile_id: Customer Profiles' own id; when given, the object is attached to exactly that profile.
        user_id: The user id in the marketing system: the profile's account number.
        email: An e-mail address, its domain in lower-case ASCII.
        phone: A phone number in E.164, or its digits alone if its country is not known.
    """

    profile_id: str | None = None
    user_id: str | None = None
    email: str | None = None
    phone: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """The one member that identifies the customer, with its name: profile id, else user id, e-mail, phone."""
        if self.profile_id is not None:
            return "profile", self.profile_id
        if self.user_id is not None:
            return "user", self.user_id
        if self.email is not None:
            # Customer Profiles matches EMAIL_ADDRESS content regardless of case, so the same address in two
            # spellings is the same customer. Not casefold: it would also make one customer of strasse@ and straße@.
            return "email", self.email.lower()
        return "phone", self.phone or ""


@dataclass(frozen=True, slots=True)
class EngagementRecord:
    """One customer, one offer, one journey step.

    Attributes:
        record_id: 32 hexadecimal digits, the idempotency key: see `record_id`.
        offer_name: 1 to 255 characters.
        viewed: Whether the customer viewed the offer.
        engaged_at: When, in the journey's words or else the time of the call, UTC; None if the journey's words
            cannot be read.
        accepted_at: When ingest accepted it, UTC; not part of what makes two records equal.
        endpoint_id: The customer's id in the event, the one that the answer is keyed by.
        endpoint: The customer as the event described them, unchanged.
        context: What else the event said of the journey, as scalars.
        offer_identifies: Whether the offer's name is a part of the id: see `record_id`.
    """

    record_id: str
    journey: Journey
    customer: Customer
    offer_name: str
    viewed: bool
    engaged_at: datetime | None
    endpoint_id: str
    accepted_at: datetime = field(compare=False)
    endpoint: Mapping[str, Any] = field(default_factory=dict)
    context: Mapping[str, Any] = field(default_factory=dict)
    offer_identifies: bool = True

    @property
    def own_id(self) -> str:
        """The id that follows from the record's members: `record_id`, unless they were edited since."""
        offer_name = self.offer_name if self.offer_identifies else None
        return record_id(self.journey, self.customer, offer_name, viewed=self.viewed)


def record_id(journey: Journey, customer: Customer, offer_name: str | None, *, viewed: bool) -> str:
    """Return the deterministic id of the record: 32 hexadecimal digits.

    The same step, run, customer and offer give the same id, whatever was redelivered, repeated or redriven: it is
    the UNIQUE key of the profile object. ``viewed`` counts as a part of the step, since "viewed" and "not viewed"
    are two steps of a journey that may not send its step ids. The name of a journey can be edited while it runs, so
    it is no part of the id. Nor is an offer's name that comes from the settings or from the campaign's name, which can
    change between a call and its repeat: ``offer_name`` is None if the journey's own id implies the offer, and given
    if the event itself names it. The day, if known, keeps two passes of one step apart.
    """
    identity = [
        journey.source,
        journey.application_id,
        journey.kind,
        journey.id,
        journey.run_id,
        journey.step_id,
        viewed,
        offer_name,
        *customer.key,
        # A record without a day keeps the id that it had before days counted.
        *([journey.day] if journey.day is not None else []),
    ]
    canonical = json.dumps(identity, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
