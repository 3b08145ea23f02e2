"""Wiring Connect is part of the deployment: its outbound campaigns know the functions for as long as the stack says."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
import urllib3

from local.stack import CONNECT_INSTANCE, LocalStack, SamError, StackSettings, environment
from local.stack.deployment import deploy

INSTANCE = CONNECT_INSTANCE.rpartition("/")[2]
OTHER = CONNECT_INSTANCE.replace("0f7a3b1c", "99999999")
TWICE_DENIED = {"rules": [{"kind": "access_denied", "times": 2}]}
NAME = environment.STACK_NAME


@pytest.fixture(scope="module")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack that was deployed with an instance, while the first calls were denied."""
    settings = StackSettings(
        parameters={"ConnectInstanceArn": CONNECT_INSTANCE},
        campaigns_arguments=("--faults", json.dumps(TWICE_DENIED)),
    )
    with LocalStack.running(tmp_path_factory.mktemp("wired"), settings) as stack:
        yield stack


def listed(stack: LocalStack, instance: str = INSTANCE) -> set[str]:
    """Return the functions that an instance's journeys may choose."""
    page = stack.clients.connect_campaigns().list_connect_instance_integrations(connectInstanceId=instance)
    return {found["lambda"]["functionArn"] for found in page["integrationSummaryList"]}


def functions(stack: LocalStack) -> set[str]:
    """Return the ARNs that the stack tells the marketer."""
    return {stack.outputs["ViewedOfferFunctionArn"], stack.outputs["NotViewedOfferFunctionArn"]}


def update(stack: LocalStack, instance: str) -> None:
    """Deploy the same template again, with another instance or with none."""
    template = stack.directory / "build" / "deployed.yaml"
    deploy(template, stack.directory, stack.environment["AWS_ENDPOINT_URL"], {"ConnectInstanceArn": instance})


def status(stack: LocalStack) -> str:
    """Return the status of the CloudFormation stack."""
    return stack.clients.cloudformation().describe_stacks(StackName=NAME)["Stacks"][0]["StackStatus"]


def control(stack: LocalStack, path: str, document: object) -> None:
    """Steer the endpoint of outbound campaigns."""
    assert urllib3.request("PUT", f"{stack.campaigns_url}/_emulator/{path}", json=document).status == 200


def test_denied_at_first_the_deployment_succeeds(wired: LocalStack) -> None:
    """IAM takes seconds to spread the role that the deployment has just made."""
    struck = urllib3.request("GET", f"{wired.campaigns_url}/_emulator/stats").json()["faults_struck"]
    assert (struck, status(wired)) == ([2], "CREATE_COMPLETE")


def test_both_functions_are_found_in_the_block(wired: LocalStack) -> None:
    """By the very ARNs of the outputs, which the engineer hands to the marketer."""
    assert listed(wired) == functions(wired)


def test_a_client_of_the_shell_finds_the_endpoint(wired: LocalStack) -> None:
    """The command that docs/engineer.md gives to check with is the same here and on AWS."""
    asked = "import boto3; print(boto3.client('connectcampaignsv2').list_connect_instance_integrations("
    told = subprocess.run(
        [sys.executable, "-c", f"{asked}connectInstanceId='{INSTANCE}'))"],
        env={"PATH": os.environ["PATH"], **wired.environment},
        check=True,
        capture_output=True,
        text=True,
    )
    assert wired.outputs["ViewedOfferFunctionArn"] in told.stdout


def test_an_instance_elsewhere_is_refused_by_its_name(wired: LocalStack) -> None:
    """The sentence names the value, and where the stack is; the stack is rolled back to what it was."""
    elsewhere = CONNECT_INSTANCE.replace("us-east-1", "eu-west-1")
    with pytest.raises(SamError):
        update(wired, elsewhere)
    events = wired.clients.cloudformation().describe_stack_events(StackName=NAME)["StackEvents"]
    [reason] = {event.get("ResourceStatusReason", "") for event in events if event["ResourceStatus"] == "UPDATE_FAILED"}
    assert elsewhere in reason
    assert "Region us-east-1 and account 000000000000" in reason
    assert (status(wired), listed(wired)) == ("UPDATE_ROLLBACK_COMPLETE", functions(wired))


def test_another_instance_takes_the_place_of_the_first(wired: LocalStack) -> None:
    """CloudFormation replaces the resource, and deletes what was."""
    control(wired, "instances", [INSTANCE, OTHER.rpartition("/")[2]])
    update(wired, OTHER)
    assert (listed(wired), listed(wired, OTHER.rpartition("/")[2])) == (set(), functions(wired))


def test_without_an_instance_they_are_gone(wired: LocalStack) -> None:
    """The removal waits for IAM as well, when its first calls are denied."""
    control(wired, "faults", TWICE_DENIED)
    update(wired, "")
    assert status(wired) == "UPDATE_COMPLETE"
    assert (listed(wired), listed(wired, OTHER.rpartition("/")[2])) == (set(), set())


def test_a_stack_without_an_instance_starts_no_endpoint(stack: LocalStack) -> None:
    """Who has no campaigns pays nothing for them."""
    assert stack.campaigns_url == ""
    assert "AWS_ENDPOINT_URL_CONNECTCAMPAIGNSV2" not in stack.environment
