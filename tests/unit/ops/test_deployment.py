"""The stack is found by its outputs, and a wrong name is answered with what there is."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops.deployment import DEFAULT_STACK, OUTPUTS, discover
from ops.errors import StackError, UnreachableError

ROOT = Path(__file__).parents[3]


def stack_of(name: str, **outputs: str) -> dict[str, Any]:
    """Return a stack of this template as DescribeStacks answers it."""
    given = {output: f"{name}-{output}" for output in OUTPUTS} | outputs
    return {
        "StackName": name,
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in given.items() if value],
        "Parameters": [{"ParameterKey": "MaxWritesPerSecond", "ParameterValue": "80"}],
    }


class FakeCloudFormation:
    """The two calls of CloudFormation that find a stack.

    Attributes:
        refuse: An operation that is refused, and the code.
    """

    def __init__(self, *stacks: dict[str, Any], refuse: tuple[str, str] = ("", "")) -> None:
        self.stacks = stacks
        self.refuse = refuse

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        self._check("one")
        found = [stack for stack in self.stacks if stack["StackName"] == StackName]
        if not found:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks")
        return {"Stacks": found}

    def get_paginator(self, _: str) -> "FakeCloudFormation":
        return self

    def _check(self, operation: str) -> None:
        if self.refuse[0] == operation:
            raise ClientError({"Error": {"Code": self.refuse[1], "Message": "no"}}, "DescribeStacks")

    def paginate(self) -> list[dict[str, Any]]:
        self._check("all")
        return [{"Stacks": [stack]} for stack in self.stacks]


def _discover(name: str, *stacks: dict[str, Any]) -> Any:
    client: Any = FakeCloudFormation(*stacks)
    return discover(client, name, "eu-west-1")


def test_a_stack_is_read_from_its_outputs_and_parameters() -> None:
    """Nothing needs to be typed that CloudFormation knows."""
    found = _discover("one", stack_of("one", DomainDeadLetterQueueUrl="none"))

    assert found.queue_url == "one-EngagementQueueUrl"
    assert found.domain_dead_letter_queue_url is None
    assert found.number("MaxWritesPerSecond", 1) == 80
    assert found.number("MaxReceives", 300) == 300


def test_a_wrong_name_is_answered_with_the_stacks_of_this_template() -> None:
    """The likeliest fault at three in the morning is a typing error."""
    with pytest.raises(StackError, match=r"no stack on in eu-west-1; give --stack: one$"):
        _discover("on", stack_of("one"), stack_of("other", EngagementQueueUrl=""))


def test_a_wrong_region_is_said_to_hold_nothing() -> None:
    """An empty answer would leave the operator looking for the fault elsewhere."""
    with pytest.raises(StackError, match="there is none at all; give --region or --profile"):
        _discover("one")


def test_a_stack_of_another_template_is_refused() -> None:
    """Another stack's queues must not be touched."""
    with pytest.raises(StackError, match="no output EngagementQueueUrl"):
        _discover("other", stack_of("other", EngagementQueueUrl=""))


@pytest.mark.parametrize(
    ("status", "said"),
    [("ROLLBACK_COMPLETE", "can only be deleted; if it is this template's"), ("UPDATE_COMPLETE", "has no output")],
)
def test_a_first_deployment_that_was_undone_says_what_to_do(status: str, said: str) -> None:
    """It has no outputs, as another template's has not; but what to do is known."""
    undone = stack_of("one", **dict.fromkeys(OUTPUTS, "")) | {"StackStatus": status}

    with pytest.raises(StackError, match=said):
        _discover("one", undone)


def test_the_stack_s_state_is_read_with_its_reason() -> None:
    """The doctor judges it."""
    found = _discover("one", stack_of("one") | {"StackStatus": "UPDATE_ROLLBACK_FAILED", "StackStatusReason": "denied"})

    assert (found.status, found.status_reason) == ("UPDATE_ROLLBACK_FAILED", "denied")


def test_the_default_name_is_the_one_that_is_deployed_by_default() -> None:
    """`make deploy` and `ops` must mean the same stack when nobody says more."""
    samconfig = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))

    assert samconfig["default"]["deploy"]["parameters"]["stack_name"] == DEFAULT_STACK


def test_a_stack_that_may_not_be_read_is_no_wrong_name() -> None:
    """The one needs a permission, the other another name."""
    denied: Any = FakeCloudFormation(stack_of("one"), refuse=("one", "AccessDenied"))
    with pytest.raises(UnreachableError, match="may not do that"):
        discover(denied, "one", "eu-west-1")


def test_a_wrong_name_is_said_though_the_others_may_not_be_listed() -> None:
    """That is another permission."""
    denied: Any = FakeCloudFormation(stack_of("one"), refuse=("all", "AccessDenied"))
    with pytest.raises(StackError, match="no stack two in eu-west-1, and what there is cannot be listed"):
        discover(denied, "two", "eu-west-1")
