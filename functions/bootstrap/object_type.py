"""The profile object type that the writer's objects have: its definition, and how another one differs from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from bootstrap.properties import Properties

DESCRIPTION = "Marketing Managed Offers"


@dataclass(frozen=True, slots=True)
class Field:
    """A member of the written object.

    Attributes:
        source: Where it is in the object, ``_source.NAME``.
        target: Where it goes on the profile, ``_profile.NAME``; None: it stays in the object, where segments,
            calculated attributes and keys can use it (Connect admin guide, "Field definitions": Target is optional).
        content_type: What counts as equal when profiles are searched; the service's own default is STRING.
    """

    source: str
    target: str | None = None
    content_type: str = "STRING"


@dataclass(frozen=True, slots=True)
class Key:
    """One way to find an object or its profile; ``identifiers`` are the service's StandardIdentifiers."""

    fields: tuple[str, ...]
    identifiers: frozenset[str]


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
        encryption_key: A KMS key that an operator gave the type; None: the domain's.
        source_priority: Which type's values win on a profile; None: this one's last.
    """

    description: str
    expiration_days: int | None
    max_object_count: int | None
    allow_profile_creation: bool
    fields: Mapping[str, Field]
    keys: Mapping[str, tuple[Key, ...]]
    encryption_key: str | None = None
    source_priority: int | None = None

    def keeping(self, current: "Definition | None") -> "Definition":
        """Return this definition with what operators may have set on the type and a template has no word for."""
        if current is None:
            return self
        return replace(self, encryption_key=current.encryption_key, source_priority=current.source_priority)


def _field(name: str, target: str | None = None, content_type: str = "STRING") -> Field:
    return Field(f"_source.{name}", target, content_type)


# Only what identifies a customer, and the last offer, goes onto the profile itself; each object keeps its whole story.
# The object's `endpoint` is a map: it is kept in the object, but a field holds one value.
FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "recordId": _field("recordId"),
        "UserId": _field("UserId", "_profile.AccountNumber"),
        "email": _field("email", "_profile.EmailAddress", "EMAIL_ADDRESS"),
        "phone": _field("phone", "_profile.PhoneNumber", "PHONE_NUMBER"),
        "profileId": _field("profileId"),
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
        "_recordId": (Key(("recordId",), frozenset({"UNIQUE"})),),
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

    Fields that only ``current`` has do not count, since the service may add some of its own. Keys do: one too many
    can attach objects to other profiles.
    """
    if current is None:
        return ("everything",)
    settings = ("description", "expiration_days", "max_object_count", "allow_profile_creation")
    changed = [name for name in settings if getattr(current, name) != getattr(wanted, name)]
    changed += [f"field {name}" for name, field in wanted.fields.items() if current.fields.get(name) != field]
    names = {*current.keys, *wanted.keys}
    changed += [f"key {name}" for name in names if current.keys.get(name) != wanted.keys.get(name)]
    return tuple(sorted(changed))
