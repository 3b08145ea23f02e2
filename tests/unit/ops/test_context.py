"""What a command works with: nothing is asked before it is needed, and once."""

from typing import Any

from ops.context import CliContext, GlobalOptions
from tests.fakes.clock import FakeClock
from tests.fakes.terminal import FakeScreen
from tests.unit.ops.test_deployment import FakeCloudFormation, stack_of


class FakeAccount:
    """An account with one stack; `asked` counts the questions for it."""

    region = "eu-west-1"

    def __init__(self, *names: str) -> None:
        self.stacks = FakeCloudFormation(*map(stack_of, names))
        self.asked = 0

    def cloudformation(self) -> FakeCloudFormation:
        self.asked += 1
        return self.stacks


def test_the_stack_of_the_command_line_is_looked_up_once() -> None:
    """Every command reads it in several places."""
    account: Any = FakeAccount("one", "two")
    context = CliContext(FakeScreen(), FakeClock(), GlobalOptions(stack="two"))
    context.__dict__["account"] = account

    assert account.asked == 0
    assert (context.deployment.stack, context.deployment.region) == ("two", "eu-west-1")
    assert context.deployment is context.deployment
    assert account.asked == 1
