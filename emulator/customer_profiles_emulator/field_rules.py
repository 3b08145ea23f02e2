"""The rules that an object type's fields keep together; each one's Source and Target are checked as they are compiled.

Source: Connect admin guide, "Field definitions in Customer Profiles object type mappings"
(mapping-field-definitions). (unverified), because no document says how the service answers: the texts of the
refusals.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.mapping import Field
from customer_profiles_emulator.names import check_field_name
from customer_profiles_emulator.standard_objects import PROFILE, SOURCE_TIMESTAMP
from customer_profiles_emulator.targets import Target
from customer_profiles_emulator.timestamp_format import EPOCH_MILLI, compile_format

MAX_FIELDS = 250
TIMESTAMP = Target(PROFILE, SOURCE_TIMESTAMP)
_EXCLUSIVE = (("Gender", "GenderString"), ("PartyType", "PartyTypeString"))


def check_fields(fields: Mapping[str, Field], definition: Mapping[str, Any]) -> None:
    """Raise `BadRequestError` for the first rule that the fields break."""
    if len(fields) > MAX_FIELDS:
        raise BadRequestError(f"An object type has at most {MAX_FIELDS} fields, not {len(fields)}")
    for name in fields:
        check_field_name(name)
    targets = {field.target for field in fields.values()}
    for pair in _EXCLUSIVE:
        if all(Target(PROFILE, path) in targets for path in pair):
            raise BadRequestError(f"Fields target both _profile.{pair[0]} and _profile.{pair[1]}: choose one")
    _check_timestamp_format(definition.get("SourceLastUpdatedTimestampFormat"), needed=TIMESTAMP in targets)


def _check_timestamp_format(text: str | None, *, needed: bool) -> None:
    if text is None:
        if needed:
            raise BadRequestError(
                f"A field targets _profile.{SOURCE_TIMESTAMP}: SourceLastUpdatedTimestampFormat is missing"
            )
    elif compile_format(text) is None:
        raise BadRequestError(
            f"SourceLastUpdatedTimestampFormat must be {EPOCH_MILLI} or a pattern of SimpleDateFormat,"
            " as yyyy-MM-dd'T'HH:mm:ss"
        )
