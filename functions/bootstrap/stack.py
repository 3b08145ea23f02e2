"""The stack that asks, as its StackId names it."""

import re
from dataclasses import dataclass

from bootstrap.properties import Target
from engagement.errors import InvalidEventError

_STACK_ID = re.compile(
    r"arn:(?P<partition>[a-z0-9-]+):cloudformation:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):stack/"
    r"(?P<name>[a-zA-Z0-9-]{1,128})/[a-zA-Z0-9-]{1,64}"
)
_SHOWN = 300


@dataclass(frozen=True, slots=True)
class Stack:
    """A CloudFormation stack.

    Attributes:
        id: Its StackId, an ARN: another stack of the same name, later, has another one.
        name: What people call it.
        partition: Where it is.
        region: Where it is.
        account: Whose it is.
    """

    id: str
    name: str
    partition: str
    region: str
    account: str

    @classmethod
    def of(cls, stack_id: str) -> "Stack":
        """Return the stack.

        Raises:
            InvalidEventError: that is no StackId.
        """
        found = _STACK_ID.fullmatch(stack_id)
        if found is None:
            raise InvalidEventError(f"StackId is {ascii(stack_id)[:_SHOWN]}; expected a stack's ARN")
        return cls(stack_id, **found.groupdict())

    def arn(self, target: Target) -> str:
        """Return the ARN of an object type in the stack's account and Region."""
        domain = f"arn:{self.partition}:profile:{self.region}:{self.account}:domains/{target.domain_name}"
        return f"{domain}/object-types/{target.object_type_name}"


def shown(stack_id: str) -> str:
    """Return a stack for people: its name and its id; whatever a tag holds, where it is no StackId."""
    found = _STACK_ID.fullmatch(stack_id)
    return ascii(stack_id)[:_SHOWN] if found is None else f"{found['name']} ({stack_id})"
