"""Whose an object type is: written on it as tags when it is made, and asked before it is changed or deleted.

A tag's key and value keep to the Customer Profiles model's TagKey and TagValue; tags are not changed by an update of
the type (Connect admin guide, "Update and validate a mapping").
"""

from collections.abc import Mapping
from enum import StrEnum

from bootstrap.errors import ForeignTypeError
from bootstrap.object_type import RECORD_KEY, Definition
from bootstrap.properties import Target
from bootstrap.stack import Stack, shown

STACK_TAG = "journeys-that-write-back:stack"
"""The tag that names the stack which the type belongs to, by its StackId."""
ADOPTED_TAG = "journeys-that-write-back:adopted"
"""The tag of a type that its stack found and did not make: it is never deleted with the stack."""

_SAMPLES_UNIQUE_KEY = "_account"
_SHOWN = 100


class Claim(StrEnum):
    """How a stack comes by an object type."""

    MADE = "made"
    """There was none."""
    KEPT = "kept"
    """It is the stack's already."""
    ADOPTED = "adopted"
    """There was one that the stack may take over."""


def owner(definition: Definition) -> str | None:
    """Return the StackId of the stack that the type belongs to; None: no stack has claimed it."""
    return definition.tags.get(STACK_TAG)


def was_adopted(definition: Definition) -> bool:
    """Return whether the stack that the type belongs to found it there."""
    return ADOPTED_TAG in definition.tags


def claim(current: Definition | None, target: Target, stack: Stack, *, may_adopt: bool, registered: bool) -> Claim:
    """Return how ``stack`` comes by the type that ``target`` names.

    Args:
        current: The type as it is; None: there is none.
        target: Its name and domain.
        stack: Who asks.
        may_adopt: Whether the operator has said AdoptObjectType=true.
        registered: Whether the stack registered this very type before. Versions before the tags left none, so that
            such a type may be taken over without being asked for, unless another stack has claimed it meanwhile.

    Raises:
        ForeignTypeError: it is not the stack's, and the stack may not take it over; the message says what to do.
    """
    if current is None:
        return Claim.MADE
    if owner(current) == stack.id:
        return Claim.KEPT
    if may_adopt or (registered and owner(current) is None):
        return Claim.ADOPTED
    raise _foreign(current, target)


def tags_of(how: Claim, stack: Stack) -> Mapping[str, str]:
    """Return the tags that the type must have beside those that others gave it."""
    tags = {STACK_TAG: stack.id}
    return tags | {ADOPTED_TAG: "true"} if how is Claim.ADOPTED else tags


def lost(target: Target, winner: str | None) -> ForeignTypeError:
    """Return the error of a stack that another one was faster than; ``winner`` is the other's StackId."""
    told = "it carries no stack's tag" if winner is None else f"it belongs to stack {shown(winner)}"
    return ForeignTypeError(
        f"Another deployment claimed object type {target.object_type_name} of domain {target.domain_name} at the same"
        f" time: {told}. Two stacks must not write one type: give the parameter ProfileObjectTypeName of one of them"
        " another name, and deploy again"
    )


def _foreign(current: Definition, target: Target) -> ForeignTypeError:
    name = f"Object type {target.object_type_name} of domain {target.domain_name}"
    holder = owner(current)
    if holder is not None:
        return ForeignTypeError(
            f"{name} belongs to stack {shown(holder)}. Nothing was changed. Two stacks must not write one type: give"
            " the parameter ProfileObjectTypeName another name. Only if that stack is gone, or is to give the type up,"
            " set AdoptObjectType=true. Then deploy again"
        )
    return ForeignTypeError(
        f"{name} exists, and this stack did not make it: its description is {current.description[:_SHOWN]!r} and"
        f" {_identified(current)}. Nothing was changed. Give the parameter ProfileObjectTypeName a name that is free"
        " (what is stored under the present one stays where it is); or set AdoptObjectType=true, and the type is"
        f" changed in place: it gets the UNIQUE key {RECORD_KEY} and this project's fields, and keeps its others. What"
        " the service does with objects that another UNIQUE key identified is not documented. Then deploy again"
    )


def _identified(current: Definition) -> str:
    unique = [name for name, keys in current.keys.items() if any("UNIQUE" in key.identifiers for key in keys)]
    told = f"its UNIQUE key is {', '.join(unique) or 'not there'}"
    if unique == [_SAMPLES_UNIQUE_KEY]:
        return f"{told}, as in AWS's published sample, which keeps one offer for a customer"
    return told
