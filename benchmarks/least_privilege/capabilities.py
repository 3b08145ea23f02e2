"""What each role is there for: the capabilities that are tried, and the grants that each of them needs.

Resources are named as the template names them: by the logical id, or `*`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

INGEST_ROLES = ("ViewedOfferRole", "NotViewedOfferRole")
WRITER_ROLE = "WriterRole"
BOOTSTRAP_ROLE = "BootstrapRole"
POLICIES_APART: Mapping[str, str] = {"CampaignsPolicy": BOOTSTRAP_ROLE}
"""Policies that the template puts on a role from outside, and the role; every other bears its role's name."""
QUEUE = "EngagementQueue"
DEAD_LETTERS = "DeadLetterQueue"


class Capability(StrEnum):
    """Something that a function does by its role, in the words of the report."""

    QUEUE = "queue a record"
    PARK_CUSTOMER = "park a customer without a record"
    RECEIVE = "receive (Lambda's poller)"
    DELETE = "delete what is done (Lambda's poller)"
    READ_QUEUE = "read the queue's attributes (Lambda's poller)"
    WRITE = "write an object"
    PARK = "park a record"
    BACK_OFF = "set a returned record's visibility"
    REGISTER = "register the object type"
    CHANGE = "find the object type again"
    GIVE_QUEUE = "give the domain its queue"
    DELETE_TYPE = "delete the object type"
    REMOVE_FUNCTIONS = "take the functions out of Connect's campaigns"
    ADD_FUNCTIONS = "add the functions to Connect's campaigns"


@dataclass(frozen=True, slots=True)
class Grant:
    """One action on one resource."""

    action: str
    resource: str


NEEDS: Mapping[str, Mapping[Capability, tuple[Grant, ...]]] = {
    **{
        role: {
            Capability.QUEUE: (Grant("sqs:SendMessage", QUEUE),),
            Capability.PARK_CUSTOMER: (Grant("sqs:SendMessage", DEAD_LETTERS),),
        }
        for role in INGEST_ROLES
    },
    WRITER_ROLE: {
        Capability.RECEIVE: (Grant("sqs:ReceiveMessage", QUEUE),),
        Capability.DELETE: (Grant("sqs:DeleteMessage", QUEUE),),
        Capability.READ_QUEUE: (Grant("sqs:GetQueueAttributes", QUEUE),),
        Capability.WRITE: (Grant("profile:PutProfileObject", "*"),),
        Capability.PARK: (Grant("sqs:SendMessage", DEAD_LETTERS),),
        Capability.BACK_OFF: (Grant("sqs:ChangeMessageVisibility", QUEUE),),
    },
    BOOTSTRAP_ROLE: {
        Capability.REGISTER: (
            Grant("profile:GetDomain", "*"),
            Grant("profile:GetProfileObjectType", "*"),
            Grant("profile:ListProfileObjectTypes", "*"),
            Grant("profile:PutProfileObjectType", "*"),
        ),
        Capability.CHANGE: (Grant("profile:GetDomain", "*"), Grant("profile:GetProfileObjectType", "*")),
        Capability.GIVE_QUEUE: (
            Grant("profile:GetDomain", "*"),
            Grant("profile:UpdateDomain", "*"),
            Grant("profile:GetProfileObjectType", "*"),
        ),
        Capability.DELETE_TYPE: (
            Grant("profile:GetProfileObjectType", "*"),
            Grant("profile:DeleteProfileObjectType", "*"),
        ),
        Capability.REMOVE_FUNCTIONS: (
            Grant("connect-campaigns:ListConnectInstanceIntegrations", "*"),
            Grant("connect-campaigns:DeleteConnectInstanceIntegration", "*"),
        ),
        Capability.ADD_FUNCTIONS: (
            Grant("connect-campaigns:ListConnectInstanceIntegrations", "*"),
            Grant("connect-campaigns:PutConnectInstanceIntegration", "*"),
        ),
    },
}

NOT_PROVABLE: Mapping[str, str] = {
    "logs": "the local AWS writes functions' lines itself, without their role",
    "xray": "nothing takes traces locally",
    "profile:TagResource": "the emulator asks for it only by its own call, not where a type is made with tags",
    "FindOwnObjectType": "the emulator looks at no resource: to it, the permission by name is the same",
    "connect": "the local outbound campaigns look at no instance of Connect's own",
    "lambda": "the local outbound campaigns change no function's policy",
}
"""Why no local failure can show that a service's actions, an action, or a statement are needed."""


def failing(role: str, lost: frozenset[Grant]) -> set[Capability]:
    """Return what must fail without these grants of a role."""
    return {capability for capability, needs in NEEDS[role].items() if lost & set(needs)}
