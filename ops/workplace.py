"""What every command works with, put together once from the command line."""

from dataclasses import dataclass
from functools import cached_property

from engagement.clock import Clock
from ops.account import Account
from ops.deployment import Deployment, discover
from ops.screen import Screen


@dataclass(frozen=True)
class Workplace:
    """An operator at a stack.

    Attributes:
        account: Whose stack it is.
        stack: The stack's name.
        screen: What the operator sees.
        clock: The time.
    """

    account: Account
    stack: str
    screen: Screen
    clock: Clock

    @cached_property
    def deployment(self) -> Deployment:
        """The stack, looked up at first use.

        Raises:
            StackError: there is none of this name, or it is another template's.
            OpsError: AWS could not be asked.
        """
        return discover(self.account.cloudformation(), self.stack, self.account.region)
