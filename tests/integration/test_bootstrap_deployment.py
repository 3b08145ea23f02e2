"""A deployed stack is updated through CloudFormation, while Customer Profiles denies what it will allow in a moment."""

import json
import time
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from local.stack import LocalStack
from local.stack.environment import STACK_NAME

PATIENCE = 180.0
"""Seconds; the bootstrap function itself ends after 120."""
OVER = ("COMPLETE", "FAILED")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack of its own: it is updated, and updates of it fail."""
    with LocalStack.running(tmp_path_factory.mktemp("updated")) as running:
        yield running


@pytest.fixture
def _without_faults(stack: LocalStack) -> Iterator[None]:
    """Leave no fault behind, and the stack as it was."""
    yield
    faults(stack)


def faults(stack: LocalStack, *rules: Mapping[str, Any]) -> None:
    """Replace the emulator's faults."""
    request = urllib.request.Request(  # noqa: S310 - the emulator's own address
        f"{stack.profiles_url}/_emulator/faults", method="PUT", data=json.dumps({"rules": rules}).encode()
    )
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
        assert answer.status == 200


def updated(stack: LocalStack, **changed: str) -> str:
    """Update the deployed stack with these parameters and return the status in which that ends."""
    cloudformation = stack.clients.cloudformation()
    [deployed] = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"]
    cloudformation.update_stack(
        StackName=STACK_NAME,
        UsePreviousTemplate=True,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[
            {"ParameterKey": name, "ParameterValue": changed[name]}
            if name in changed
            else {"ParameterKey": name, "UsePreviousValue": True}
            for name in (each["ParameterKey"] for each in deployed["Parameters"])
        ],
    )
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        [deployed] = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"]
        if deployed["StackStatus"].endswith(OVER):
            break
        time.sleep(0.5)
    return deployed["StackStatus"]


def expiration_days(stack: LocalStack) -> int:
    """Return for how long the deployed type keeps offers."""
    return stack.clients.customer_profiles().get_profile_object_type(
        DomainName=stack.environment["PROFILE_DOMAIN_NAME"],
        ObjectTypeName=stack.environment["PROFILE_OBJECT_TYPE_NAME"],
    )["ExpirationDays"]


@pytest.mark.usefixtures("_without_faults")
@pytest.mark.parametrize(("operation", "days"), [("GetDomain", 998), ("PutProfileObjectType", 997)])
def test_an_update_whose_first_two_calls_are_denied_completes(stack: LocalStack, operation: str, days: int) -> None:
    """IAM has not spread yet what the same change set allowed; a roll-back would meet the same denial."""
    faults(stack, {"kind": "access_denied", "operations": [operation], "times": 2})
    assert updated(stack, ObjectExpirationDays=str(days)) == "UPDATE_COMPLETE"
    assert expiration_days(stack) == days


def test_settings_that_stop_the_writer_are_refused_before_writer_and_queue_get_them(stack: LocalStack) -> None:
    """Each is within its range, so that only the bootstrap can refuse them."""
    functions = stack.clients.functions()
    name = stack.outputs["WriterFunctionName"]
    before = functions.get_function_configuration(FunctionName=name)
    contradictory = {"WriterBatchSize": "600", "WriterMaximumConcurrency": "24", "MaxReceives": "299"}
    assert updated(stack, **contradictory) == "UPDATE_ROLLBACK_COMPLETE"
    after = functions.get_function_configuration(FunctionName=name)
    assert after["Environment"]["Variables"] == before["Environment"]["Variables"]
    events = stack.clients.cloudformation().describe_stack_events(StackName=STACK_NAME)["StackEvents"]
    reasons = [event.get("ResourceStatusReason", "") for event in events]
    assert any("MAX_WRITES_PER_SECOND has the value '80'; expected at least 960" in reason for reason in reasons)
    oldest_first = [(event["LogicalResourceId"], event["ResourceStatus"]) for event in reversed(events)]
    begun = len(oldest_first) - oldest_first[::-1].index((STACK_NAME, "UPDATE_IN_PROGRESS"))
    changed = {
        name for name, _ in oldest_first[begun : oldest_first.index((STACK_NAME, "UPDATE_ROLLBACK_IN_PROGRESS"))]
    }
    assert "ProfileObjectType" in changed
    assert changed.isdisjoint({"EngagementQueue", "WriterFunction"})
