"""What a parked customer's event remembers of the call that parked it, so that a later call writes the same record.

An event names no offer where the settings do, and often no time. The settings of the day of a redrive are not those of
the day on which the customer was sent the offer: they travel with the customer.
"""

import dataclasses
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engagement.text import is_clean, tidy
from engagement.wire import timestamp
from ingest.settings import OfferNameFrom
from ingest.source import Step

MEMBER = "parked"
"""The member of a parked event that remembers; no caller's contract has one of that name."""


def memory(step: Step) -> Mapping[str, Any]:
    """Return the member that a parked event has beside the caller's own."""
    return {
        MEMBER: {
            "offerName": step.offer_name,
            "connectOfferNameFrom": str(step.connect_offer_name_from),
            "acceptedAt": timestamp(step.now),
        }
    }


def recalled(event: Mapping[str, Any], step: Step) -> tuple[Mapping[str, Any], Step]:
    """Return an event without what it remembers, and the step as it was when the customer was first handed over.

    What it does not remember, or what cannot be read, is as the step has it: events that were parked by an earlier
    version remember nothing.
    """
    if MEMBER not in event:
        return event, step
    told = event[MEMBER] if isinstance(event[MEMBER], dict) else {}
    rest = {name: value for name, value in event.items() if name != MEMBER}
    name, source, accepted_at = told.get("offerName"), told.get("connectOfferNameFrom"), told.get("acceptedAt")
    sources = {str(known): known for known in OfferNameFrom}
    return rest, dataclasses.replace(
        step,
        offer_name=tidy(name) if isinstance(name, str) and is_clean(tidy(name)) else step.offer_name,
        connect_offer_name_from=sources.get(str(source), step.connect_offer_name_from),
        now=_moment(accepted_at, step.now) or step.now,
    )


def _moment(written: object, now: datetime) -> datetime | None:
    """Return the moment of the first call; None where it is none, or lies ahead."""
    try:
        moment = datetime.fromisoformat(written) if isinstance(written, str) else None
        return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None and moment <= now else None
    except (ValueError, OverflowError):
        return None
