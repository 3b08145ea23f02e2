"""The profile object type that the writer's objects have: its definition, and how another one differs from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from bootstrap.properties import Properties

DESCRIPTION = "Marketing Managed Offers"
RECORD_KEY = "journeyOfferRecordId"
"""The UNIQUE key. A key's name means the same in the whole domain, so it is this project's own; a name with an
underscore in front would have to be one of the service's (Connect admin guide, "Key definitions")."""
UNIQUE = "UNIQUE"


@dataclass(frozen=True, slots=True)
class Field:
    """A member of the written object.

    Attributes:
        source: Where it is in the object, ``_source.NAME``.
        target: Where it goes on the profile, ``_profile.NAME``; None: it stays in the object, where segments and
            calculated attributes can use it.
        content_type: What counts as equal when profiles are searched; the service's own default is STRING.
        others: What the service knows of a field beside these, as it sends it.
    """

    source: str
    target: str | None = None
    content_type: str = "STRING"
    others: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Key:
    """One way to find an object or its profile.

    Attributes:
        fields: Names of fields.
        identifiers: The service's StandardIdentifiers.
        others: What the service knows of a key beside these, as it sends it.
    """

    fields: tuple[str, ...]
    identifiers: frozenset[str]
    others: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Definition:
    """An object type.

    Attributes:
        description: What it is for.
        expiration_days: Days that an object is kept; None: the domain's default.
        max_object_count: Objects on one profile; None: the profile's own limit.
        allow_profile_creation: Whether an object that matches no profile makes one.
        fields: By name.
        keys: By name; the same name means the same thing in the whole domain.
        tags: By key.
        others: What the service knows of a type beside these, as it sends it: this project sets none of it.
    """

    description: str
    expiration_days: int | None
    max_object_count: int | None
    allow_profile_creation: bool
    fields: Mapping[str, Field]
    keys: Mapping[str, tuple[Key, ...]]
    tags: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, Any] = field(default_factory=dict)

    def keeping(self, current: "Definition | None", tags: Mapping[str, str] | None = None) -> "Definition":
        """Return this definition with all that is not its own of ``current``, and with ``tags`` beside the type's.

        A put replaces the whole type, so that what others gave it must be put again. Only UNIQUE is taken from foreign
        keys, since a type has one such key; a key that was nothing else goes.
        """
        own_tags = tags or {}
        if current is None:
            return replace(self, tags=own_tags)
        return replace(
            self,
            fields={
                **current.fields,
                **{name: _with_others(each, current, name) for name, each in self.fields.items()},
            },
            keys={**_foreign_keys(current.keys, self.keys), **self.keys},
            tags={**current.tags, **own_tags},
            others=current.others,
        )


def _with_others(wanted: Field, current: Definition, name: str) -> Field:
    return replace(wanted, others=current.fields[name].others) if name in current.fields else wanted


def _foreign_keys(
    current: Mapping[str, tuple[Key, ...]], own: Mapping[str, tuple[Key, ...]]
) -> dict[str, tuple[Key, ...]]:
    without = {
        name: tuple(replace(key, identifiers=key.identifiers - {UNIQUE}) for key in keys if key.identifiers != {UNIQUE})
        for name, keys in current.items()
        if name not in own
    }
    return {name: keys for name, keys in without.items() if keys}


def _field(name: str, target: str | None = None, content_type: str = "STRING") -> Field:
    return Field(f"_source.{name}", target, content_type)


# Only what identifies a customer, and the last offer, goes onto the profile itself; each object keeps its whole story.
# The object's `endpoint` is a map: it is kept in the object, but a field holds one value. Each field of a key has a
# target: the guide calls it optional, a project that tried the service found that it asks for one.
FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "recordId": _field("recordId", f"_profile.Attributes.{RECORD_KEY}"),
        "UserId": _field("UserId", "_profile.AccountNumber"),
        "email": _field("email", "_profile.EmailAddress", "EMAIL_ADDRESS"),
        "phone": _field("phone", "_profile.PhoneNumber", "PHONE_NUMBER"),
        "profileId": _field("profileId", "_profile.Attributes.journeyOfferProfileId"),
        "offerName": _field("offerName", "_profile.Attributes.offerName"),
        "offerViewed": _field("offerViewed", "_profile.Attributes.offerViewed"),
        "endpointId": _field("endpointId"),
        "source": _field("source"),
        "journeyId": _field("journeyId"),
        "journeyRunId": _field("journeyRunId"),
        "journeyStepId": _field("journeyStepId"),
        "journeyName": _field("journeyName"),
        "journeyKind": _field("journeyKind"),
        "applicationId": _field("applicationId"),
        "engagedAt": _field("engagedAt"),
    }
)

# The record id alone is UNIQUE: a redelivered record replaces itself, and a customer keeps every offer. The account
# is tried before e-mail and phone, which a family may share. A profile id names a profile that exists already, so it
# is looked up and never stored.
KEYS: Mapping[str, tuple[Key, ...]] = MappingProxyType(
    {
        RECORD_KEY: (Key(("recordId",), frozenset({UNIQUE})),),
        "_account": (Key(("UserId",), frozenset({"PROFILE"})),),
        "_email": (Key(("email",), frozenset({"PROFILE", "SECONDARY"})),),
        "_phone": (Key(("phone",), frozenset({"PROFILE", "SECONDARY"})),),
        "_profileId": (Key(("profileId",), frozenset({"PROFILE", "LOOKUP_ONLY"})),),
    }
)


def definition(properties: Properties) -> Definition:
    """Return the object type that the properties ask for."""
    return Definition(
        description=DESCRIPTION,
        expiration_days=properties.expiration_days,
        max_object_count=properties.max_object_count,
        allow_profile_creation=True,
        fields=FIELDS,
        keys=KEYS,
    )


def differences(current: Definition | None, wanted: Definition) -> tuple[str, ...]:
    """Return the names of what must change for ``current`` to be ``wanted``, sorted; empty: nothing.

    Tags do not count: they are not changed by a put.
    """
    if current is None:
        return ("everything",)
    settings = ("description", "expiration_days", "max_object_count", "allow_profile_creation")
    changed = [name for name in settings if getattr(current, name) != getattr(wanted, name)]
    changed += [f"field {name}" for name, each in wanted.fields.items() if current.fields.get(name) != each]
    names = {*current.keys, *wanted.keys}
    changed += [f"key {name}" for name in names if current.keys.get(name) != wanted.keys.get(name)]
    return tuple(sorted(changed))
