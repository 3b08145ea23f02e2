"""Whose an object type is: written on it as tags when it is created, and checked before it is changed or deleted.

A tag's key and value keep to the Customer Profiles model's TagKey and TagValue; tags are not changed by an update of
the type (Connect admin guide, "Update and validate a mapping").
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bootstrap.object_type import RECORD_KEY, Definition
from bootstrap.properties import ObjectTypeId
from custom_resource.errors import CustomResourceError
from engagement.errors import InvalidEventError

STACK_TAG = "journeys-that-write-back:stack"
"""The tag that names the stack which the type belongs to, by its StackId."""
ADOPTED_TAG = "journeys-that-write-back:adopted"
"""The tag of a type that its stack found and did not create: it is never deleted with the stack."""

_SAMPLES_UNIQUE_KEY = "_account"
_STACK_ID = re.compile(
    r"arn:(?P<partition>[a-z0-9-]+):cloudformation:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):stack/"
    r"(?P<name>[a-zA-Z0-9-]{1,128})/[a-zA-Z0-9-]{1,64}"
)
_SHOWN = 100
_SHOWN_OF_STACK_ID = 300


class OwnershipError(CustomResourceError):
    """The object type belongs to another stack or to none, and this stack may not take it over."""


class Ownership(StrEnum):
    """How a stack comes to own an object type."""

    CREATED = "created"
    """There was none."""
    OWNED = "owned"
    """It is the stack's already."""
    ADOPTED = "adopted"
    """There was one that the stack may take over."""


@dataclass(frozen=True, slots=True)
class Stack:
    """A CloudFormation stack.

    Attributes:
        id: Its StackId, an ARN: a later stack of the same name has another one.
        name: Its name.
        partition: The partition, Region and account that it is in.
        region: See partition.
        account: See partition.
    """

    id: str
    name: str
    partition: str
    region: str
    account: str

    @classmethod
    def of(cls, stack_id: str) -> "Stack":
        """Return the stack that a request names.

        Raises:
            InvalidEventError: that is no StackId.
        """
        found = _STACK_ID.fullmatch(stack_id)
        if found is None:
            raise InvalidEventError(f"StackId is {ascii(stack_id)[:_SHOWN_OF_STACK_ID]}; expected a stack's ARN")
        return cls(stack_id, **found.groupdict())

    def arn(self, object_type: ObjectTypeId) -> str:
        """Return the ARN of an object type in the stack's account and Region."""
        domain = f"arn:{self.partition}:profile:{self.region}:{self.account}:domains/{object_type.domain_name}"
        return f"{domain}/object-types/{object_type.name}"


def owner(current: Definition) -> str | None:
    """Return the StackId of the stack that the type belongs to; None: it carries no stack's tag."""
    return current.tags.get(STACK_TAG)


def was_adopted(current: Definition) -> bool:
    """Return whether the stack that the type belongs to found it there."""
    return ADOPTED_TAG in current.tags


def check(
    current: Definition | None, object_type: ObjectTypeId, stack: Stack, *, may_adopt: bool, registered: bool
) -> Ownership:
    """Return how ``stack`` comes to own an object type.

    Args:
        current: The type as it is; None: there is none.
        object_type: Its name and domain.
        stack: Who asks.
        may_adopt: Whether the operator has said AdoptObjectType=true.
        registered: Whether the stack registered this very type before. Versions before the tags left none, so that
            such a type may be taken over without AdoptObjectType, unless another stack has claimed it meanwhile.

    Raises:
        OwnershipError: it is not the stack's, and the stack may not take it over; the message says what to do.
    """
    if current is None:
        return Ownership.CREATED
    if owner(current) == stack.id:
        return Ownership.OWNED
    if may_adopt or (registered and owner(current) is None):
        return Ownership.ADOPTED
    raise _not_owned(current, object_type)


def tags_of(ownership: Ownership, stack: Stack) -> Mapping[str, str]:
    """Return the tags that the type must have beside those that others gave it."""
    tags = {STACK_TAG: stack.id}
    return tags | {ADOPTED_TAG: "true"} if ownership is Ownership.ADOPTED else tags


def race_lost(object_type: ObjectTypeId, winner: str | None) -> OwnershipError:
    """Return the error of a stack that another one was faster than; ``winner`` is the other's StackId."""
    now = "it carries no stack's tag" if winner is None else f"it belongs to stack {_described(winner)}"
    return OwnershipError(
        f"Another deployment claimed object type {object_type.name} of domain {object_type.domain_name} at the same"
        f" time: {now}. Two stacks must not write one type: give the parameter ProfileObjectTypeName of one of them"
        " another name, and deploy again"
    )


def _not_owned(current: Definition, object_type: ObjectTypeId) -> OwnershipError:
    name = f"Object type {object_type.name} of domain {object_type.domain_name}"
    holder = owner(current)
    if holder is not None:
        return OwnershipError(
            f"{name} belongs to stack {_described(holder)}. Nothing was changed. Two stacks must not write one type:"
            " give the parameter ProfileObjectTypeName another name. Only if that stack is gone, or is to give the type"
            " up, set AdoptObjectType=true. Then deploy again"
        )
    return OwnershipError(
        f"{name} exists, and this stack did not make it: its description is {current.description[:_SHOWN]!r} and"
        f" {_identified(current)}. Nothing was changed. Give the parameter ProfileObjectTypeName a name that is free"
        " (what is stored under the present one stays where it is); or set AdoptObjectType=true, and the type is"
        f" changed in place: it gets the UNIQUE key {RECORD_KEY} and this project's fields, and keeps its others. What"
        " the service does with objects that another UNIQUE key identified is not documented. Then deploy again"
    )


def _described(stack_id: str) -> str:
    """Return a stack's name and id; a tag may hold anything, which is then shown as it is."""
    found = _STACK_ID.fullmatch(stack_id)
    return ascii(stack_id)[:_SHOWN_OF_STACK_ID] if found is None else f"{found['name']} ({stack_id})"


def _identified(current: Definition) -> str:
    unique = [name for name, keys in current.keys.items() if any("UNIQUE" in key.identifiers for key in keys)]
    named = f"its UNIQUE key is {', '.join(unique)}" if unique else "it has no UNIQUE key"
    if unique == [_SAMPLES_UNIQUE_KEY]:
        return f"{named}, as in AWS's published sample, which keeps one offer for a customer"
    return named
