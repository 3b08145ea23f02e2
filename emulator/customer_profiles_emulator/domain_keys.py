"""What the object types of a domain keep together: a key name means the same, with the same content types, in all.

Sources: Connect admin guide, "Key definitions" (mapping-key-definitions: "If a key name already exists in the domain,
the new definition's field content types must match the existing definition") and "Update and validate an object type
mapping" (update-and-validate-mapping: the same for an update; a key that no type references any more is gone).

(unverified): that definitions of one name with different numbers of fields do not have to match; that a predefined
key exists only once a type references it, so that the first may index it as it likes.
"""

from __future__ import annotations

from collections.abc import Iterable

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.keys import Key


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
