"""The record's JSON wire form, version 1: what an SQS message's body holds.

Published as ``docs/engagement-record.schema.json``; a test holds the schema against this code.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from engagement.text import CLEAN, MAX_DEPTH, is_too_deep

VERSION = 1
MAX_SHOWN_VERSION = 1000
RECORD_ID = re.compile(r"[0-9a-f]{32}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z", re.ASCII)


def encode(record: EngagementRecord) -> str:
    """Return the record as JSON in ASCII: one byte a character, and every character one that SQS accepts.

    Members whose value is None are left out, and ``offerIdentifies`` if it is true.

    Raises:
        ValueError: the endpoint holds what JSON cannot: an infinite number, or maps nested far too deeply.
    """
    journey, customer = record.journey, record.customer
    members = {
        "version": VERSION,
        "recordId": record.record_id,
        "offerName": record.offer_name,
        "offerViewed": record.viewed,
        **({} if record.offer_identifies else {"offerIdentifies": False}),
        **({} if record.engaged_at is None else {"engagedAt": timestamp(record.engaged_at)}),
        "acceptedAt": timestamp(record.accepted_at),
        "customer": _given(
            profileId=customer.profile_id, userId=customer.user_id, email=customer.email, phone=customer.phone
        ),
        "journey": _given(
            source=journey.source,
            kind=journey.kind,
            id=journey.id,
            runId=journey.run_id,
            stepId=journey.step_id,
            name=journey.name,
            applicationId=journey.application_id,
            day=journey.day,
        ),
        "endpointId": record.endpoint_id,
        "endpoint": record.endpoint,
        "context": record.context,
    }
    try:
        return json.dumps(members, separators=(",", ":"), allow_nan=False)
    except RecursionError as error:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels") from error


def decode(body: str) -> EngagementRecord:
    """Return the record that ``body`` holds. Members that version 1 does not know are ignored.

    Raises:
        InvalidRecordError: the body is not JSON, no record, of an unknown version, or a member is missing or wrong.
    """
    members = _parse(body)
    try:
        return _record(members)
    except InvalidRecordError as error:
        raise InvalidRecordError(error.reason, error.detail, _known_id(members)) from error


def timestamp(moment: datetime) -> str:
    """Return ``moment`` in UTC as ISO 8601 with milliseconds: ``2026-11-23T15:33:00.000Z``."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _record(members: Mapping[str, Any]) -> EngagementRecord:
    _check_version(members["version"])
    customer = _map(members, "customer")
    record = EngagementRecord(
        record_id=_text(members, "recordId", RECORD_ID),
        offer_name=_text(members, "offerName", CLEAN),
        viewed=_flag(members, "offerViewed"),
        offer_identifies=_flag(members, "offerIdentifies") if "offerIdentifies" in members else True,
        engaged_at=_moment(members, "engagedAt") if "engagedAt" in members else None,
        accepted_at=_moment(members, "acceptedAt"),
        customer=Customer(
            profile_id=_optional_text(customer, "profileId"),
            user_id=_optional_text(customer, "userId"),
            email=_optional_text(customer, "email"),
            phone=_optional_text(customer, "phone"),
        ),
        journey=_journey(_map(members, "journey")),
        endpoint_id=_text(members, "endpointId", CLEAN),
        endpoint=_map(members, "endpoint"),
        context=_map(members, "context"),
    )
    if record.customer == Customer():
        raise InvalidRecordError(Reason.NO_IDENTITY, "customer has no profileId, userId, email or phone")
    return record


def _parse(body: str) -> Mapping[str, Any]:
    try:
        members = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise InvalidRecordError(Reason.NOT_JSON, f"{len(body)} characters that are not JSON") from error
    if not isinstance(members, dict) or "version" not in members:
        raise InvalidRecordError(Reason.NOT_A_RECORD, "JSON without the member version")
    return members


def _known_id(members: Mapping[str, Any]) -> str | None:
    known = members.get("recordId")
    return known if isinstance(known, str) and RECORD_ID.fullmatch(known) else None


def _check_version(version: object) -> None:
    if version != VERSION or isinstance(version, bool):
        # Only a plausible version is shown: anything else may be a customer's number.
        is_version = isinstance(version, int) and 0 <= version < MAX_SHOWN_VERSION
        shown = version if is_version else f"of type {type(version).__name__}"
        raise InvalidRecordError(Reason.UNKNOWN_VERSION, f"version {shown}; this writer reads {VERSION}")


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise InvalidRecordError(Reason.INVALID_RECORD, "a number is too large to be written again")
    return number


def _journey(members: Mapping[str, Any]) -> Journey:
    kind = _text(members, "kind", CLEAN)
    if kind not in set(JourneyKind):
        raise _invalid("journey.kind", "journey or campaign")
    return Journey(
        source=_text(members, "source", CLEAN),
        kind=JourneyKind(kind),
        id=_optional_text(members, "id"),
        run_id=_optional_text(members, "runId"),
        step_id=_optional_text(members, "stepId"),
        name=_optional_text(members, "name"),
        application_id=_optional_text(members, "applicationId"),
        day=_day(members),
    )


def _invalid(name: str, expected: str) -> InvalidRecordError:
    return InvalidRecordError(Reason.INVALID_RECORD, f"{name} must be {expected}")


def _text(members: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    value = members.get(name)
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise _invalid(name, f"text that matches {pattern.pattern}")
    return value


def _optional_text(members: Mapping[str, Any], name: str) -> str | None:
    return None if name not in members else _text(members, name, CLEAN)


def _flag(members: Mapping[str, Any], name: str) -> bool:
    value = members.get(name)
    if not isinstance(value, bool):
        raise _invalid(name, "true or false")
    return value


def _map(members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = members.get(name)
    if not isinstance(value, dict):
        raise _invalid(name, "a map")
    if is_too_deep(value):
        raise _invalid(name, f"nested at most {MAX_DEPTH} levels deep")
    return value


def _day(members: Mapping[str, Any]) -> str | None:
    if "day" not in members:
        return None
    written = _text(members, "day", DAY)
    try:
        return date.fromisoformat(written).isoformat()
    except ValueError as error:
        raise _invalid("journey.day", "a day of the calendar") from error


def _moment(members: Mapping[str, Any], name: str) -> datetime:
    written = _text(members, name, TIMESTAMP)
    try:
        return datetime.fromisoformat(written)
    except ValueError as error:
        raise _invalid(name, "a date and time of the calendar") from error


def _given(**members: str | None) -> dict[str, str]:
    return {name: value for name, value in members.items() if value is not None}
