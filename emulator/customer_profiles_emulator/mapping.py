"""How fields are read from an object and where they go on the profile.

Sources: Connect admin guide, "Field definitions in Customer Profiles object type mappings" (Source is an accessor
under `_source` or a Handlebars expression; the Target is an accessor under `_profile`; without a ContentType a
field is a STRING) and the model's `Profile` shape (which targets exist).

Of Handlebars only interpolation (`{{_source.first}} {{_source.last}}`) is emulated; block helpers are refused when
the type is created rather than misread when an object arrives.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.model import Shape, operations
from customer_profiles_emulator.validation import is_unicode

_SOURCE_PATH = re.compile(r"_source((?:\.[^.{}\s]+)+)")
_INTERPOLATION = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_TARGET_PREFIX = "_profile."
_ATTRIBUTES_PREFIX = "Attributes."
# Not a member of the Profile shape, yet the documented target for the time of the source's last change.
SOURCE_TIMESTAMP_TARGET = "SourceLastUpdatedTimestamp"
_MAX_VALUE_LENGTH = 255


Reader = Callable[[Mapping[str, Any], str], str | None]
"""From an object and the field's name, for errors, to the field's value; None when it is absent."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object type.

    Attributes:
        target: path under `_profile`, without that prefix; None for a field that only keys use.
        content_type: STRING, NUMBER, PHONE_NUMBER, EMAIL_ADDRESS or NAME.
    """

    name: str
    read: Reader
    target: str | None
    content_type: str


@dataclass(frozen=True, slots=True)
class _Path:
    steps: tuple[str, ...]

    def __call__(self, source: Mapping[str, Any], field_name: str) -> str | None:
        value: Any = source
        for step in self.steps:
            if not isinstance(value, dict):
                return None
            value = value.get(step)
        return _text(value, field_name)


@dataclass(frozen=True, slots=True)
class _Template:
    text: str
    paths: Mapping[str, _Path]

    def __call__(self, source: Mapping[str, Any], field_name: str) -> str | None:
        filled = _INTERPOLATION.sub(lambda found: self.paths[found[1]](source, field_name) or "", self.text)
        return filled.strip() or None


def _text(value: object, field_name: str) -> str | None:
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        if not is_unicode(value):
            raise BadRequestError(f"Field {field_name} is not valid Unicode: it holds a lone surrogate")
        return value
    if isinstance(value, int | float):
        return str(value)
    raise BadRequestError(f"Field {field_name} must be a string, a number or a boolean")


def parse_source(source: str, field_name: str) -> Reader:
    """Compile a field's Source.

    Raises:
        BadRequestError: it is neither an accessor under `_source` nor an interpolation of such accessors.
    """
    path = _SOURCE_PATH.fullmatch(source)
    if path is not None:
        return _Path(tuple(path[1][1:].split(".")))
    inner = {found: _SOURCE_PATH.fullmatch(found) for found in _INTERPOLATION.findall(source)}
    paths = {found: _Path(tuple(match[1][1:].split("."))) for found, match in inner.items() if match is not None}
    if not inner or len(paths) != len(inner):
        raise BadRequestError(
            f"Field {field_name}: Source must be _source.NAME or a Handlebars interpolation of such names"
        )
    return _Template(source, paths)


def parse_target(target: str, field_name: str) -> str:
    """The path under `_profile` that a Target names.

    Raises:
        BadRequestError: it names nothing that a profile has.
    """
    path = target.removeprefix(_TARGET_PREFIX)
    known = path.startswith(_ATTRIBUTES_PREFIX) and len(path) > len(_ATTRIBUTES_PREFIX)
    if path == target or not (known or path in standard_targets()):
        raise BadRequestError(
            f"Field {field_name}: Target must be _profile.NAME, a standard profile field, or _profile.Attributes.NAME"
        )
    return path


@cache
def standard_targets() -> Mapping[str, float]:
    """The standard profile fields that can be targets, each with the most characters it holds."""
    output = operations()["SearchProfiles"].output
    items = output.members["Items"].element if output is not None else None
    found = {SOURCE_TIMESTAMP_TARGET: float(_MAX_VALUE_LENGTH)}
    if items is not None:
        _collect_strings(items, "", found)
    del found["ProfileId"], found["ProfileType"]  # the service's own, not data
    return found


def _collect_strings(structure: Shape, prefix: str, found: dict[str, float]) -> None:
    for name, shape in structure.members.items():
        if shape.kind == "string":
            found[prefix + name] = _MAX_VALUE_LENGTH if shape.maximum is None else shape.maximum
        elif shape.kind == "structure":
            _collect_strings(shape, f"{prefix}{name}.", found)


def profile_updates(fields: Mapping[str, Field], source: Mapping[str, Any]) -> dict[str, str]:
    """What an object writes to its profile: path under `_profile` to value; absent fields write nothing.

    Raises:
        BadRequestError: a value is empty, too long for its target, or no scalar. That a mapped empty string is
            refused follows from the least length of 1 in the model; that the caller is told is (unverified).
    """
    updates: dict[str, str] = {}
    for field in fields.values():
        if field.target is None:
            continue
        value = field.read(source, field.name)
        if value is None:
            continue
        longest = standard_targets().get(field.target, _MAX_VALUE_LENGTH)
        if not 1 <= len(value) <= longest:
            raise BadRequestError(f"Field {field.name} must have 1 to {longest:.0f} characters for its target")
        updates[field.target] = value
    return updates


def profile_document(profile_id: str, values: Mapping[str, str]) -> dict[str, Any]:
    """The `Profile` of the model that stored paths and values make."""
    document: dict[str, Any] = {"ProfileId": profile_id}
    for path, value in values.items():
        if path == SOURCE_TIMESTAMP_TARGET:
            continue
        if path.startswith(_ATTRIBUTES_PREFIX):
            document.setdefault("Attributes", {})[path.removeprefix(_ATTRIBUTES_PREFIX)] = value
            continue
        *parents, name = path.split(".")
        holder = document
        for parent in parents:
            holder = holder.setdefault(parent, {})
        holder[name] = value
    return document
