"""How fields, keys and object types may be named, beyond the patterns of the model.

Sources: Connect admin guide, "Field definitions" (mapping-field-definitions: a field's name starts with a letter and
is not `Tags`), "Key definitions" (mapping-key-definitions: the same for a key's, but for the predefined keys'
underscore) and "Object type mapping requirements" with "Reference for standard objects" (standard-objects: names that
begin with an underscore are those of the service's own objects).
"""

from __future__ import annotations

import string

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.predefined_keys import PREDEFINED_KEYS

_LETTERS = frozenset(string.ascii_letters)
_RESERVED = frozenset({"Tags", "tags"})


def check_field_name(name: str) -> None:
    """Raise `BadRequestError` for a name that no field may have."""
    if name[0] not in _LETTERS:
        raise BadRequestError(f"Field {name}: a field's name starts with a letter")
    _check_reserved("Field", name)


def check_key_name(name: str) -> None:
    """Raise `BadRequestError` for a name that no key may have."""
    if name.startswith("_"):
        if name not in PREDEFINED_KEYS:
            raise BadRequestError(
                f"Key {name}: names that begin with an underscore are those of predefined keys, as _account;"
                " give a key of your own a plain name"
            )
        return
    if name[0] not in _LETTERS:
        raise BadRequestError(f"Key {name}: a key's name starts with a letter")
    _check_reserved("Key", name)


def check_object_type_name(name: str) -> None:
    """Raise `BadRequestError` for a name that no object type of a customer may have."""
    if name.startswith("_"):
        raise BadRequestError(
            f"Object type {name}: names that begin with an underscore are those of standard objects; give a plain name"
        )


def _check_reserved(kind: str, name: str) -> None:
    if name in _RESERVED:
        raise BadRequestError(f"{kind} {name}: this name is reserved")
