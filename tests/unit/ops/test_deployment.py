"""The stack is found by its outputs, and a wrong name is answered with what there is."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops.deployment import DEFAULT_STACK, OUTPUTS, discover
from ops.errors import StackError

ROOT = Path(__file__).parents[3]


def _stack(name: str, **outputs: str) -> dict[str, Any]:
    given = {output: f"{name}-{output}" for output in OUTPUTS} | outputs
    return {
        "StackName": name,
        "StackStatus": "CREATE_COMPLETE",
        "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in given.items() if value],
        "Parameters": [{"ParameterKey": "MaxWritesPerSecond", "ParameterValue": "80"}],
    }


class FakeCloudFormation:
    """The two calls of CloudFormation that find a stack."""

    def __init__(self, *stacks: dict[str, Any]) -> None:
        self.stacks = stacks

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's names
        found = [stack for stack in self.stacks if stack["StackName"] == StackName]
        if not found:
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "does not exist"}}, "DescribeStacks")
        return {"Stacks": found}

    def get_paginator(self, _: str) -> "FakeCloudFormation":
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [{"Stacks": [stack]} for stack in self.stacks]


def _discover(name: str, *stacks: dict[str, Any]) -> Any:
    client: Any = FakeCloudFormation(*stacks)
    return discover(client, name, "eu-west-1")


def test_a_stack_is_read_from_its_outputs_and_parameters() -> None:
    """Nothing needs to be typed that CloudFormation knows."""
    found = _discover("one", _stack("one", DomainDeadLetterQueueUrl="none"))

    assert found.queue_url == "one-EngagementQueueUrl"
    assert found.domain_dead_letter_queue_url is None
    assert found.number("MaxWritesPerSecond", 1) == 80
    assert found.number("MaxReceives", 300) == 300


def test_a_wrong_name_is_answered_with_the_stacks_of_this_template() -> None:
    """The likeliest fault at three in the morning is a typing error."""
    with pytest.raises(StackError, match=r"no stack on in eu-west-1; give --stack: one$"):
        _discover("on", _stack("one"), _stack("other", EngagementQueueUrl=""))


def test_a_wrong_region_is_said_to_hold_nothing() -> None:
    """An empty answer would leave the operator looking for the fault elsewhere."""
    with pytest.raises(StackError, match="there is none at all; give --region or --profile"):
        _discover("one")


def test_a_stack_of_another_template_is_refused() -> None:
    """Another stack's queues must not be touched."""
    with pytest.raises(StackError, match="no output EngagementQueueUrl"):
        _discover("other", _stack("other", EngagementQueueUrl=""))


@pytest.mark.parametrize(
    ("status", "said"),
    [("ROLLBACK_COMPLETE", "can only be deleted; if it is this template's"), ("UPDATE_COMPLETE", "has no output")],
)
def test_a_first_deployment_that_was_undone_says_what_to_do(status: str, said: str) -> None:
    """It has no outputs, as another template's has not; but what to do is known."""
    undone = _stack("one", **dict.fromkeys(OUTPUTS, "")) | {"StackStatus": status}

    with pytest.raises(StackError, match=said):
        _discover("one", undone)


def test_the_stack_s_state_is_read_with_its_reason() -> None:
    """The doctor judges it."""
    found = _discover("one", _stack("one") | {"StackStatus": "UPDATE_ROLLBACK_FAILED", "StackStatusReason": "denied"})

    assert (found.status, found.status_reason) == ("UPDATE_ROLLBACK_FAILED", "denied")


def test_the_default_name_is_the_one_that_is_deployed_by_default() -> None:
    """`make deploy` and `ops` must mean the same stack when nobody says more."""
    samconfig = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))

    assert samconfig["default"]["deploy"]["parameters"]["stack_name"] == DEFAULT_STACK
