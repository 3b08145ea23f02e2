"""The rules that keys keep: those of one object type, and those of a whole domain.

Sources: Connect admin guide, "Key definitions in Customer Profiles object type mappings" (mapping-key-definitions; "If
a key name already exists in the domain, the new definition's field content types must match the existing definition"),
"Update and validate an object type mapping" (update-and-validate-mapping: the same for an update; a key that no type
references any more is gone), "Standard identifiers in Customer Profiles" (standard-identifiers, "Combination rules"),
"Examples of object type mappings" (examples-object-type-mappings, "Before you submit") and the service quotas (10 keys
a type, each entry of a key's list counts).

(unverified): the texts of the refusals; that LOOKUP_ONLY and NEW_ONLY are refused on a key that ties to nothing,
reserved keys excepted; that a `_profileId` key has one field (the guide only ever shows it so); that definitions of one
name with different numbers of fields do not have to match; that a predefined key exists only once a type references it,
so that the first may index it as it likes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from customer_profiles_emulator.object_types.fields import Field, check_name
from customer_profiles_emulator.object_types.keys import Key
from customer_profiles_emulator.object_types.standard_objects import (
    PROFILE_ID_KEY,
    RESERVED_KEYS,
    predefined_keys,
    standard_objects,
)
from customer_profiles_emulator.transport.errors import BadRequestError

MAX_KEYS = 10
_UNSTORED = frozenset({"LOOKUP_ONLY", "NEW_ONLY"})
_MODIFIERS = _UNSTORED | {"SECONDARY"}


def check_keys(keys: Sequence[Key], fields: Mapping[str, Field], *, allow_profile_creation: bool) -> None:
    """Raise `BadRequestError` for the first rule that the keys break."""
    if len(keys) > MAX_KEYS:
        raise BadRequestError(f"An object type has at most {MAX_KEYS} keys")
    for key in keys:
        _check_name(key.name)
        _check_identifiers(key)
    _check_profile_keys([key for key in keys if key.has("PROFILE")], allow_profile_creation=allow_profile_creation)
    _check_standard_objects(keys, fields.values())


def _check_name(name: str) -> None:
    if not name.startswith("_"):
        check_name("Key", name)
    elif name not in predefined_keys():
        raise BadRequestError(
            f"Key {name}: names that begin with an underscore are those of predefined keys, as _account;"
            " give a key of your own a plain name"
        )


def _check_identifiers(key: Key) -> None:
    if key.has("SECONDARY") and not key.has("PROFILE"):
        raise BadRequestError(f"Key {key.name}: SECONDARY needs PROFILE beside it")
    if key.has("UNIQUE") and key.identifiers & _UNSTORED:
        raise BadRequestError(
            f"Key {key.name}: UNIQUE cannot be combined with LOOKUP_ONLY or NEW_ONLY, which are not stored"
        )
    if key.name in RESERVED_KEYS and not key.has("LOOKUP_ONLY"):
        raise BadRequestError(f"Key {key.name} is reserved: it must be LOOKUP_ONLY")
    if key.name == PROFILE_ID_KEY and len(key.fields) != 1:
        raise BadRequestError(f"Key {key.name} has one field, not {len(key.fields)}")
    if key.identifiers & _UNSTORED and not key.identifiers - _MODIFIERS and key.name not in RESERVED_KEYS:
        raise BadRequestError(f"Key {key.name}: LOOKUP_ONLY and NEW_ONLY need PROFILE or a standard object beside them")


def _check_profile_keys(keys: Sequence[Key], *, allow_profile_creation: bool) -> None:
    if not keys:
        raise BadRequestError("An object type needs at least one PROFILE key")
    # Waived when no profile is ever created; `_profileId` is exempt, since it names a profile that is there.
    unstored = [key for key in keys if key.identifiers & _UNSTORED and key.name != PROFILE_ID_KEY]
    is_durable = any(key.identifiers.isdisjoint(_UNSTORED) for key in keys)
    if allow_profile_creation and unstored and not is_durable:
        raise BadRequestError(
            "At least one PROFILE key must be neither LOOKUP_ONLY nor NEW_ONLY where AllowProfileCreation is true"
        )


def _check_standard_objects(keys: Iterable[Key], fields: Iterable[Field]) -> None:
    tied = {identifier for key in keys for identifier in key.identifiers}
    targeted = {field.target.object_name for field in fields if field.target is not None}
    for name, standard in standard_objects().items():
        if name in targeted and standard.identifier is not None and standard.identifier not in tied:
            raise BadRequestError(f"Fields target {name}: at least one key must carry {standard.identifier}")


def check_content_types(keys: Iterable[Key], existing: Iterable[Key]) -> None:
    """Raise `BadRequestError` for a key whose name the domain, or the type itself, has with other content types.

    Args:
        keys: those of the type that is put.
        existing: those of all types of the domain as they are, the type that is put among them.
    """
    known: dict[tuple[str, int], tuple[str, ...]] = {}
    for key in existing:
        known[key.name, len(key.fields)] = key.content_types
    for key in keys:
        expected = known.setdefault((key.name, len(key.fields)), key.content_types)
        if key.content_types != expected:
            raise BadRequestError(
                f"Key {key.name} exists in the domain with fields of content type {', '.join(expected)},"
                f" not {', '.join(key.content_types)}: give the key another name, or its fields the same content types"
            )
