"""`ops plan` with a deployed stack's own parameters."""

import pytest

from local.stack import LocalStack
from ops import application
from ops.exits import Exit
from tests.fakes.terminal import FakeScreen


def test_a_plan_uses_the_parameters_of_the_deployed_stack(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fits another stack is of no use."""
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    screen = FakeScreen(as_json=True)
    ended = application.run(application.parse(["plan", "--records", "8000"]), screen)

    assert ended is Exit.FINE
    assert screen.json["parameters"]["MaxWritesPerSecond"] == 80
    assert screen.json["seconds"] == pytest.approx(100, rel=0.02)


def test_a_stack_that_is_not_there_is_not_replaced_by_the_defaults(
    stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan for a mistyped stack would be believed."""
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    screen = FakeScreen()

    assert application.run(application.parse(["plan", "--records", "8000", "--stack", "on"]), screen) is Exit.USAGE
    assert "there is no stack on" in screen.notes
