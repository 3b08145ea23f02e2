"""What organisations demand: a permissions boundary, a key of their own, a VPC. Each given, and none of them."""

import json

import pytest
from cfnlint.api import lint_all  # type: ignore[import-untyped]  # cfn-lint has no types

from tests.infrastructure.template import FUNCTIONS, PARAMETERS
from tests.infrastructure.transformed import Deployment

BOUNDARY = "arn:aws:iam::123456789012:policy/developers-boundary"
KEY = "arn:aws:kms:us-east-1:123456789012:key/0f7a3b1c-1111-4222-8333-444455556666"
SUBNETS, GROUPS = "subnet-0a1b2c3d,subnet-0a1b2c3e", "sg-0a1b2c3d"
VPC = {"VpcSubnetIds": SUBNETS, "VpcSecurityGroupIds": GROUPS}
GRADUAL = {"WriterDeployment": "Canary10Percent5Minutes"}
EVERYTHING = {
    **VPC,
    **GRADUAL,
    "PermissionsBoundaryArn": BOUNDARY,
    "KmsKeyArn": KEY,
    "WriterEnabled": "false",
    "DefaultPhoneRegion": "GB",
    "PinpointApplicationId": "*",
    "ConnectInstanceArn": "arn:aws:connect:us-east-1:123456789012:instance/0f7a3b1c-1111-4222-8333-444455556666",
    "DomainDeadLetterQueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/domain-dead-letters",
    "DeleteObjectTypeOnStackDelete": "true",
    "AlarmEmail": "on-call@example.org",
    "AlarmTopicArn": "arn:aws:sns:us-east-1:123456789012:on-call",
    "NoTrafficHours": "24",
}
"""Every optional parameter, set."""
ROLES = {"ViewedOfferRole", "NotViewedOfferRole", "WriterRole", "BootstrapRole", "WriterDeploymentRole"}


def test_a_boundary_bounds_every_role() -> None:
    """Where one is demanded, a single role without it fails the stack; SAM's own roles know nothing of it."""
    roles = Deployment({"PermissionsBoundaryArn": BOUNDARY, **GRADUAL}).of_type("AWS::IAM::Role")
    assert set(roles) == ROLES
    assert {role["PermissionsBoundary"] for role in roles.values()} == {BOUNDARY}


def test_without_a_boundary_no_role_has_one() -> None:
    """An empty ARN would be refused."""
    roles = Deployment(GRADUAL).of_type("AWS::IAM::Role")
    assert set(roles) == ROLES
    assert not [role for role in roles.values() if "PermissionsBoundary" in role]


def test_a_key_encrypts_queues_log_groups_and_variables() -> None:
    """With both kinds of encryption set, SQS refuses the queue."""
    deployment = Deployment({"KmsKeyArn": KEY})
    for queue in deployment.of_type("AWS::SQS::Queue").values():
        assert queue["KmsMasterKeyId"] == KEY
        assert "SqsManagedSseEnabled" not in queue
    assert {group["KmsKeyId"] for group in deployment.of_type("AWS::Logs::LogGroup").values()} == {KEY}
    assert {each["KmsKeyArn"] for each in deployment.of_type("AWS::Lambda::Function").values()} == {KEY}


def test_without_a_key_all_of_it_is_encrypted_by_aws_own() -> None:
    """Unencrypted queues would hold customers' addresses in the clear."""
    deployment = Deployment()
    for queue in deployment.of_type("AWS::SQS::Queue").values():
        assert queue["SqsManagedSseEnabled"] is True
        assert "KmsMasterKeyId" not in queue
    assert not [group for group in deployment.of_type("AWS::Logs::LogGroup").values() if "KmsKeyId" in group]
    assert not [each for each in deployment.of_type("AWS::Lambda::Function").values() if "KmsKeyArn" in each]


KEY_ACTIONS = {
    "ViewedOfferRole": ["kms:Decrypt", "kms:GenerateDataKey"],
    "NotViewedOfferRole": ["kms:Decrypt", "kms:GenerateDataKey"],
    "WriterRole": ["kms:Decrypt", "kms:GenerateDataKey"],
    "BootstrapRole": "kms:Decrypt",
}


@pytest.mark.parametrize("role", list(KEY_ACTIONS))
def test_a_role_may_use_the_key_and_no_other(role: str) -> None:
    """Who sends to an encrypted queue makes a data key and decrypts it, who receives decrypts: SQS's guide."""
    [statement] = [each for each in Deployment({"KmsKeyArn": KEY}).statements(role) if each["Sid"] == "UseKey"]
    assert (statement["Action"], statement["Resource"]) == (KEY_ACTIONS[role], KEY)
    assert "UseKey" not in [each["Sid"] for each in Deployment().statements(role)]


def test_a_vpc_holds_every_function() -> None:
    """One left out would be the way around whatever the VPC is for."""
    functions = Deployment(VPC).of_type("AWS::Lambda::Function")
    assert set(functions) == set(FUNCTIONS)
    for function in functions.values():
        assert function["VpcConfig"] == {"SubnetIds": SUBNETS.split(","), "SecurityGroupIds": GROUPS.split(",")}
    assert not [each for each in Deployment().of_type("AWS::Lambda::Function").values() if "VpcConfig" in each]


@pytest.mark.parametrize("role", list(KEY_ACTIONS))
def test_a_functions_role_may_make_its_interfaces_only_in_a_vpc(role: str) -> None:
    """Lambda makes them with the function's role, and refuses the function without."""
    assert "AttachToVpc" in [each["Sid"] for each in Deployment(VPC).statements(role)]
    assert "AttachToVpc" not in [each["Sid"] for each in Deployment().statements(role)]


@pytest.mark.parametrize(
    ("given", "accepted"),
    [
        ({}, True),
        (VPC, True),
        ({"VpcSubnetIds": SUBNETS}, False),
        ({"VpcSecurityGroupIds": GROUPS}, False),
    ],
)
def test_half_a_vpc_is_refused_before_anything_is_made(given: dict[str, str], *, accepted: bool) -> None:
    """Taken silently, the functions would be outside of it."""
    assert Deployment(given).accepts() is accepted


def test_everything_here_is_every_optional_parameter() -> None:
    """Empty by default means that there is something to be set; so does a choice that is off."""
    optional = {name for name, each in PARAMETERS.items() if each.get("Default") == ""}
    assert optional <= set(EVERYTHING)


def test_cloudformation_would_take_what_comes_out_of_all_of_them() -> None:
    """`make lint` looks at the defaults; this at what is made when every optional parameter is set."""
    made = {"AWSTemplateFormatVersion": "2010-09-09", "Resources": Deployment(EVERYTHING).resources}
    findings = [found for found in lint_all(json.dumps(made)) if not found.rule.id.startswith("I")]
    assert [str(found) for found in findings] == []
