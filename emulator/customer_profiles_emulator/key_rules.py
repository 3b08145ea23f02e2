"""The rules that an object type's keys keep.

Sources: Connect admin guide, "Key definitions in Customer Profiles object type mappings" (mapping-key-definitions),
"Standard identifiers in Customer Profiles" (standard-identifiers, "Combination rules"), "Examples of object type
mappings" (examples-object-type-mappings, "Before you submit") and the service quotas (10 keys a type, each entry of a
key's list counts).

(unverified): the texts of the refusals; that LOOKUP_ONLY and NEW_ONLY are refused on a key that ties to nothing,
reserved keys excepted; that a `_profileId` key has one field (the guide only ever shows it so).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.keys import Key
from customer_profiles_emulator.mapping import Field
from customer_profiles_emulator.names import check_key_name
from customer_profiles_emulator.predefined_keys import PROFILE_ID_KEY, RESERVED_KEYS
from customer_profiles_emulator.standard_objects import standard_objects

MAX_KEYS = 10
_UNSTORED = frozenset({"LOOKUP_ONLY", "NEW_ONLY"})
_MODIFIERS = _UNSTORED | {"SECONDARY"}


def check_keys(keys: Sequence[Key], fields: Mapping[str, Field], *, allow_profile_creation: bool) -> None:
    """Raise `BadRequestError` for the first rule that the keys break."""
    if len(keys) > MAX_KEYS:
        raise BadRequestError(f"An object type has at most {MAX_KEYS} keys")
    for key in keys:
        check_key_name(key.name)
        _check_identifiers(key)
    _check_profile_keys([key for key in keys if key.has("PROFILE")], allow_profile_creation=allow_profile_creation)
    _check_standard_objects(keys, fields.values())


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
