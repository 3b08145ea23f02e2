"""A stack's life: deployed with every optional parameter, updated, deleted, and deployed again at once."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.stack import LocalStack, StackSettings
from local.stack.environment import ACCOUNT, REGION, STACK_NAME
from tests.integration.waiting import until

KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0f7a3b1c-1111-4222-8333-444455556666"
INSTANCE = f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/0f7a3b1c-1111-4222-8333-444455556666"
EVERYTHING = {
    "PermissionsBoundaryArn": f"arn:aws:iam::{ACCOUNT}:policy/developers-boundary",
    "KmsKeyArn": KEY,
    "VpcSubnetIds": "subnet-0a1b2c3d,subnet-0a1b2c3e",
    "VpcSecurityGroupIds": "sg-0a1b2c3d",
    "WriterEnabled": "false",
    "WriterDeployment": "Canary10Percent5Minutes",
    "PinpointApplicationId": "*",
    "ConnectInstanceArn": INSTANCE,
    "DeleteObjectTypeOnStackDelete": "true",
    "AlarmEmail": "on-call@example.org",
    "NoTrafficHours": "24",
}
"""Every optional parameter, and the writer off, so that what is queued stays there."""
CUSTOMERS = 30


@pytest.fixture(scope="module")
def optional(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack with every optional parameter set."""
    directory = tmp_path_factory.mktemp("optional")
    with LocalStack.running(directory, StackSettings(parameters=EVERYTHING)) as running:
        yield running


def queued(stack: LocalStack, url: str) -> int:
    """Return how many messages wait in a queue."""
    name: Any = "ApproximateNumberOfMessages"
    answer = stack.clients.sqs().get_queue_attributes(QueueUrl=url, AttributeNames=[name])
    return int(answer["Attributes"][name])


def hand_over(stack: LocalStack, customers: int) -> dict[str, Any]:
    """Send customers as a journey does, to the ARN that is pasted into it, and return its answer."""
    endpoints = {f"e-{n}": {"User": {"UserId": f"customer-{n}"}, "ChannelType": "EMAIL"} for n in range(customers)}
    event = {"ApplicationId": "71b0f21869ac444eb0185d43539b97ea", "JourneyId": "j", "Endpoints": endpoints}
    answer = stack.clients.functions().invoke(
        FunctionName=stack.outputs["ViewedOfferFunctionArn"], Payload=json.dumps(event).encode()
    )
    told: dict[str, Any] = json.loads(answer["Payload"].read())
    return told


def test_every_optional_parameter_arrives(optional: LocalStack) -> None:
    """Each is empty by default, so that a default deployment says nothing of it."""
    sqs, functions = optional.clients.sqs(), optional.clients.functions()
    for queue in ("EngagementQueueUrl", "DeadLetterQueueUrl"):
        held = sqs.get_queue_attributes(QueueUrl=optional.outputs[queue], AttributeNames=["KmsMasterKeyId"])
        assert held["Attributes"]["KmsMasterKeyId"] == KEY
    assert {group["kmsKeyId"] for group in optional.clients.logs().describe_log_groups()["logGroups"]} == {KEY}
    policy = json.loads(functions.get_policy(FunctionName=optional.outputs["ViewedOfferFunctionArn"])["Policy"])
    assert {statement["Principal"]["Service"] for statement in policy["Statement"]} == {
        f"pinpoint.{REGION}.amazonaws.com",
        "connect.amazonaws.com",
        "connect-campaigns.amazonaws.com",
    }
    [mapping] = functions.list_event_source_mappings()["EventSourceMappings"]
    assert mapping["State"] == "Disabled"
    assert mapping["FunctionArn"].endswith(f"{optional.outputs['WriterFunctionName']}:live")


def test_an_update_reaches_whoever_calls_the_alias(optional: LocalStack) -> None:
    """The alias names a version, and a version keeps the configuration that it was published with."""
    before = optional.outputs["ViewedOfferFunctionArn"]
    optional.deploy_again({**EVERYTHING, "OfferName": "Free coffee"})
    assert optional.outputs["ViewedOfferFunctionArn"] == before
    live = optional.clients.functions().get_function_configuration(FunctionName=before)
    assert live["Environment"]["Variables"]["OFFER_NAME"] == "Free coffee"
    [mapping] = optional.clients.functions().list_event_source_mappings()["EventSourceMappings"]
    assert mapping["State"] == "Disabled", "an update of something else must not switch the writer on"


def test_what_is_queued_outlives_the_stack_and_a_new_one_is_deployed_at_once(optional: LocalStack) -> None:
    """Somebody deletes the stack in the middle of a campaign, and deploys it again to mend that."""
    cloudformation, first = optional.clients.cloudformation(), optional.outputs
    before = queued(optional, first["EngagementQueueUrl"])
    told = hand_over(optional, CUSTOMERS)
    assert len(told) == CUSTOMERS
    assert queued(optional, first["EngagementQueueUrl"]) == before + CUSTOMERS

    cloudformation.delete_stack(StackName=STACK_NAME)
    until(lambda: cloudformation.list_stacks()["StackSummaries"][0]["StackStatus"] == "DELETE_COMPLETE")

    assert not optional.clients.functions().list_functions()["Functions"]
    assert not optional.clients.iam().list_roles()["Roles"]
    assert queued(optional, first["EngagementQueueUrl"]) == before + CUSTOMERS
    assert queued(optional, first["DeadLetterQueueUrl"]) == 0
    kept = {group["logGroupName"] for group in optional.clients.logs().describe_log_groups()["logGroups"]}
    assert len(kept) == 4

    optional.deploy_again(EVERYTHING)

    assert optional.outputs["EngagementQueueUrl"] != first["EngagementQueueUrl"]
    assert queued(optional, optional.outputs["EngagementQueueUrl"]) == 0
    assert queued(optional, first["EngagementQueueUrl"]) == before + CUSTOMERS
