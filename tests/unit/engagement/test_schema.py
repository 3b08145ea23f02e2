"""Holds docs/engagement-record.schema.json against the code, in both directions."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from engagement.errors import InvalidRecordError
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind
from engagement.wire import decode, encode
from tests.samples import engagement_record

SCHEMA = json.loads((Path(__file__).parents[3] / "docs/engagement-record.schema.json").read_text())
FORMATS = FormatChecker(formats=())
FORMATS.checks("date", raises=ValueError)(lambda text: bool(date.fromisoformat(str(text))))
FORMATS.checks("date-time", raises=ValueError)(lambda text: bool(datetime.fromisoformat(str(text))))
"""jsonschema knows the calendar only with a further package; the pattern beside the format fixes the spelling."""
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FORMATS)

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=255)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
MAPS = st.dictionaries(ANY_TEXT, JSON, max_size=4)
ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(
    datetime(1, 1, 2),  # noqa: DTZ001 - zones are drawn
    datetime(9999, 12, 30),  # noqa: DTZ001 - the same
    timezones=ZONES,
).map(lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000))
JOURNEYS = st.builds(
    Journey,
    source=TEXT,
    kind=st.sampled_from(JourneyKind),
    id=st.none() | TEXT,
    run_id=st.none() | TEXT,
    step_id=st.none() | TEXT,
    name=st.none() | TEXT,
    application_id=st.none() | TEXT,
    day=st.none() | st.dates().map(date.isoformat),
)
CUSTOMERS = st.builds(
    Customer,
    profile_id=st.none() | TEXT,
    user_id=st.none() | TEXT,
    email=st.none() | TEXT,
    phone=st.none() | TEXT,
).filter(lambda customer: customer != Customer())
RECORDS = st.builds(
    engagement_record,
    journey=JOURNEYS,
    customer=CUSTOMERS,
    offer_name=TEXT,
    viewed=st.booleans(),
    engaged_at=st.none() | MOMENTS,
    accepted_at=MOMENTS,
    endpoint_id=TEXT,
    endpoint=MAPS,
    context=MAPS,
    offer_identifies=st.booleans(),
)

LIKELY_WRONG: st.SearchStrategy[Any] = st.sampled_from(
    [
        "",
        " ",
        "x" * 255,
        "x" * 256,
        "a\n",
        "a\x7f",
        "\ud800",
        "a" * 32,
        "a" * 32 + "\n",
        "A" * 32,
        "2026-11-23T09:00:00.000Z",
        "2026-02-30T09:00:00.000Z",
        "2026-11-23T09:00:00.000Z\n",
        "2026-11-23T09:00:60.000Z",
        "2026-11-23T09:00:00.000+00:00",
        "0000-01-01T00:00:00.000Z",
        "2026-11-23",
        "2026-02-30",
        "20261123",
        "2026-11-23\n",
        False,
        "journey",
        "campaign",
        0,
        1,
        1.0,
        2,
        True,
        None,
        [],
        {},
        {"userId": "u"},
        {"userId": None, "email": "e"},
        {"unknown": "u"},
    ]
)


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, Any]:
    """Return the members of a valid record after one to three changes anywhere in them."""
    members: dict[str, Any] = json.loads(encode(draw(RECORDS)))
    for _ in range(draw(st.integers(1, 3))):
        container, name = draw(st.sampled_from(list(_places(members))))
        if draw(st.booleans()):
            container[name] = draw(LIKELY_WRONG | JSON)
        else:
            container.pop(name, None)
    return members


def _places(members: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield every place of a member: the record's own, the journey's, the customer's, and an unknown one of each."""
    for container in (members, members.get("journey"), members.get("customer")):
        if isinstance(container, dict):
            yield from ((container, name) for name in [*container, "unknown"])


def test_the_schema_is_a_schema() -> None:
    """A misspelt keyword would be ignored by every validator."""
    Draft202012Validator.check_schema(SCHEMA)


def test_every_member_is_described() -> None:
    """The schema is what a stranger reads first, and often alone."""
    properties = SCHEMA["properties"]
    nested = [*properties["customer"]["properties"].values(), *properties["journey"]["properties"].values()]

    assert all(len(member["description"]) > 15 for member in [SCHEMA, *properties.values(), *nested])


@given(RECORDS)
def test_every_encoded_record_validates(record: EngagementRecord) -> None:
    """What we write is what we publish."""
    VALIDATOR.validate(json.loads(encode(record)))


@given(RECORDS)
def test_a_record_survives_the_way_through_the_queue(record: EngagementRecord) -> None:
    """The writer sees exactly what ingest saw; moments travel in milliseconds."""
    received = decode(encode(record))

    assert received == record
    assert received.accepted_at == record.accepted_at


@given(mutated())
def test_schema_and_code_accept_and_refuse_the_same(members: dict[str, Any]) -> None:
    """Whoever validates against the schema must not be surprised by the writer, in either direction."""
    refusal = _refusal(members)

    assert (refusal is None) == VALIDATOR.is_valid(members), (refusal, list(VALIDATOR.iter_errors(members)))
    assert refusal is None or refusal.detail


def _refusal(members: dict[str, Any]) -> InvalidRecordError | None:
    try:
        decode(json.dumps(members))
    except InvalidRecordError as error:
        return error
    return None


@pytest.mark.parametrize("name", ["recordId", "offerName", "engagedAt"])
def test_the_schemas_examples_are_valid(name: str) -> None:
    """Examples are copied."""
    members = json.loads(encode(engagement_record()))
    definition = SCHEMA["properties"][name]
    examples = definition.get("examples") or SCHEMA["$defs"]["moment"]["examples"]

    assert all(VALIDATOR.is_valid({**members, name: example}) for example in examples)
