"""What every command works with, put together once from the command line."""

import os
from dataclasses import dataclass, field
from functools import cached_property

from engagement.clock import Clock
from ops.account import Account
from ops.deployment import DEFAULT_STACK, Deployment, discover
from ops.output import Output
from ops.screen import Screen


@dataclass(slots=True)
class GlobalOptions:
    """The options that every command has; click fills them in, in the order in which they were typed.

    Attributes:
        profile: Of the AWS configuration; None for what the environment says.
        region: The same.
        stack: The CloudFormation stack.
        output: The form of the result.
        color: Whether there are colours; None for what the environment and the terminal say.
        debug: Whether a fault of ops shows its traceback.
    """

    profile: str | None = None
    region: str | None = None
    stack: str = DEFAULT_STACK
    output: Output = Output.TABLE
    color: bool | None = None
    debug: bool = False


@dataclass(frozen=True)
class CliContext:
    """One operator at one stack; nothing is asked of AWS until a command needs it.

    Attributes:
        screen: What the operator sees.
        clock: The time.
        options: The options that every command has.
    """

    screen: Screen
    clock: Clock
    options: GlobalOptions = field(default_factory=GlobalOptions)

    @cached_property
    def account(self) -> Account:
        """The account and Region.

        Raises:
            UnreachableError: there is no such profile, or no Region.
        """
        # boto3 reads AWS_DEFAULT_REGION alone; AWS's own command line reads AWS_REGION before it
        return Account(self.options.profile, self.options.region or os.environ.get("AWS_REGION") or None)

    @cached_property
    def deployment(self) -> Deployment:
        """The stack, looked up at first use.

        Raises:
            StackError: there is none of this name, or it is another template's.
            OpsError: AWS could not be asked.
        """
        return discover(self.account.cloudformation(), self.options.stack, self.account.region)
