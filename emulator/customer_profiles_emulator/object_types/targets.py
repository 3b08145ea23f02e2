"""Where a field writes: which standard object, and which of its fields.

Sources: Connect admin guide, "Field definitions in Customer Profiles object type mappings"
(mapping-field-definitions: supported target objects, targets that are not allowed), "Examples of object type
mappings" (examples-object-type-mappings: "Every Target names a real field on the standard object") and the model's
`Profile` shape (which fields a profile has).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from customer_profiles_emulator.object_types.standard_objects import (
    PROFILE,
    SOURCE_TIMESTAMP,
    is_standard,
    standard_objects,
)
from customer_profiles_emulator.service_model import operations
from customer_profiles_emulator.transport.errors import BadRequestError
from customer_profiles_emulator.wire.model import Shape

MAX_VALUE_LENGTH = 255
_ATTRIBUTES_PREFIX = "Attributes."
_NOT_ALLOWED = frozenset({"ProfileId", "ImportIds", "FoundByItems", "FoundByItems[]"})


@dataclass(frozen=True, slots=True)
class Target:
    """A field of a standard object: its path under the object's name, as `Address.City` of `_profile`."""

    object_name: str
    path: str

    @property
    def on_profile(self) -> bool:
        """Whether it is the standard profile's."""
        return self.object_name == PROFILE


def parse_target(target: str, field_name: str) -> Target:
    """The field that a Target names.

    Raises:
        BadRequestError: it names nothing that a mapping may write.
    """
    object_name, _, path = target.partition(".")
    if not is_standard(object_name):
        raise BadRequestError(
            f"Field {field_name}: Target must be _profile.NAME or a field of another standard object, as _asset.NAME"
        )
    if not _exists(object_name, path):
        raise BadRequestError(
            f"Field {field_name}: Target names no field of {object_name} that a mapping may write."
            f" What has no standard field goes under {object_name}.Attributes.NAME"
        )
    return Target(object_name, path)


def _exists(object_name: str, path: str) -> bool:
    if object_name != PROFILE:
        return standard_objects()[object_name].has(path)
    if path.startswith(_ATTRIBUTES_PREFIX):
        return len(path) > len(_ATTRIBUTES_PREFIX)
    return path in standard_targets() and path not in _NOT_ALLOWED


@cache
def standard_targets() -> Mapping[str, float]:
    """The standard profile fields that can be targets, each with the most characters it holds."""
    output = operations()["SearchProfiles"].output
    items = output.members["Items"].element if output is not None else None
    found = {SOURCE_TIMESTAMP: float(MAX_VALUE_LENGTH)}
    if items is not None:
        _collect_strings(items, "", found)
    return {path: longest for path, longest in found.items() if path not in _NOT_ALLOWED}


def _collect_strings(structure: Shape, prefix: str, found: dict[str, float]) -> None:
    for name, shape in structure.members.items():
        if shape.kind == "string":
            found[prefix + name] = MAX_VALUE_LENGTH if shape.maximum is None else shape.maximum
        elif shape.kind == "structure":
            _collect_strings(shape, f"{prefix}{name}.", found)
