"""What the service checks before it answers 200: everything that depends on the object and its type alone.

Matching comes after the answer and never changes it. Sources: API reference, PutProfileObject (1 to 256,000
characters, "a string that is serialized from a JSON object"); Connect admin guide, "Field definitions" (an object
whose UNIQUE key, or all of whose PROFILE keys, are empty is refused). That such an object is refused in the answer,
and not later to the domain's dead-letter queue, is (unverified), as is the form of ProfileObjectUniqueKey ("generated
by the service"): here a hash of the UNIQUE key's values, the same for the same values.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from customer_profiles_emulator.object_types import KeyValue, ObjectType, inferred_updates, key_values, profile_updates
from customer_profiles_emulator.transport.errors import BadRequestError
from customer_profiles_emulator.wire.inputs import json_object


@dataclass(frozen=True, slots=True)
class AcceptedObject:
    """An object that passed: what processing needs of it.

    Attributes:
        text: the object as it came.
        unique_key: the ProfileObjectUniqueKey.
        unique_values: the values of the UNIQUE key's fields.
        keys: every key the object has a value for.
        updates: path under `_profile` to value.
        inferred: the same, for a profile that the object makes.
    """

    text: str
    unique_key: str
    unique_values: Sequence[str]
    keys: Sequence[KeyValue]
    updates: Mapping[str, str]
    inferred: Mapping[str, str]


def accept(object_type: ObjectType, text: str) -> AcceptedObject:
    """Check an object against its type.

    Raises:
        BadRequestError: it is no JSON object, has empty keys, or a value its target cannot hold.
    """
    source = json_object(text)
    keys = key_values(object_type.keys, source)
    if not any(key.key is object_type.unique_key for key in keys):
        raise BadRequestError("Every field of the UNIQUE key is empty")
    if not any(key.key.has("PROFILE") for key in keys):
        raise BadRequestError("Every field of every PROFILE key is empty")
    unique_values = [field.read(source, field.name) or "" for field in object_type.unique_key.fields]
    return AcceptedObject(
        text=text,
        unique_key=_unique_key(unique_values),
        unique_values=unique_values,
        keys=keys,
        updates=profile_updates(object_type.fields, source),
        inferred=inferred_updates(object_type.fields, source),
    )


def _unique_key(values: Sequence[str]) -> str:
    digest = hashlib.sha256(json.dumps(values).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
