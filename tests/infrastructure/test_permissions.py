"""Who may call, and what each function may do."""

from typing import Any

import pytest

from bootstrap.ownership import ADOPTED_TAG, STACK_TAG
from tests.infrastructure.template import (
    FUNCTIONS,
    INGEST,
    TEMPLATE,
    conditional,
    listed,
    of_type,
    properties,
    statements,
)

DOMAIN = "arn:${AWS::Partition}:profile:${AWS::Region}:${AWS::AccountId}:domains/${ProfileDomainName}"
OBJECT_TYPE = f"{DOMAIN}/object-types/${{ProfileObjectTypeName}}"
# only under the condition of `own`
ANY_OBJECT_TYPE = "arn:${AWS::Partition}:profile:${AWS::Region}:${AWS::AccountId}:domains/*/object-types/*"
INSTANCES = "arn:${AWS::Partition}:connect:${AWS::Region}:${AWS::AccountId}:instance/*"
CHANNELS = {
    *("ViewedOfferFunction.Arn", "${ViewedOfferFunction.Arn}:live"),
    *("NotViewedOfferFunction.Arn", "${NotViewedOfferFunction.Arn}:live"),
}
# X-Ray knows no resources for these two actions: nothing narrower can be written
TRACES = ({"xray:PutTraceSegments", "xray:PutTelemetryRecords"}, ["*"])
# outbound campaigns know no resources for their instance actions; a former instance is not known any more
CONNECT = {"connect-campaigns", "connect"}
LOGS = {"logs:CreateLogStream", "logs:PutLogEvents"}
# Lambda makes a function's network interfaces with the function's role, before there is a resource to name
INTERFACES = (
    {
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
        "ec2:DeleteNetworkInterface",
        "ec2:AssignPrivateIpAddresses",
        "ec2:UnassignPrivateIpAddresses",
    },
    ["*"],
)
WILDCARDS = (TRACES, INTERFACES)
SENDS_ENCRYPTED = {"kms:Decrypt": {"KmsKeyArn"}, "kms:GenerateDataKey": {"KmsKeyArn"}}

ALLOWED: dict[str, dict[str, set[str]]] = {
    "ViewedOfferFunction": {"sqs:SendMessage": {"EngagementQueue.Arn", "DeadLetterQueue.Arn"}, **SENDS_ENCRYPTED},
    "NotViewedOfferFunction": {"sqs:SendMessage": {"EngagementQueue.Arn", "DeadLetterQueue.Arn"}, **SENDS_ENCRYPTED},
    "WriterFunction": {
        "sqs:ReceiveMessage": {"EngagementQueue.Arn"},
        "sqs:DeleteMessage": {"EngagementQueue.Arn"},
        "sqs:GetQueueAttributes": {"EngagementQueue.Arn"},
        "sqs:ChangeMessageVisibility": {"EngagementQueue.Arn"},
        "sqs:SendMessage": {"DeadLetterQueue.Arn"},
        "profile:PutProfileObject": {DOMAIN, OBJECT_TYPE},
        **SENDS_ENCRYPTED,
    },
    "BootstrapFunction": {
        "profile:GetDomain": {DOMAIN},
        "profile:UpdateDomain": {DOMAIN},
        "profile:ListProfileObjectTypes": {DOMAIN},
        "profile:PutProfileObjectType": {DOMAIN, OBJECT_TYPE},
        "profile:TagResource": {DOMAIN, OBJECT_TYPE},
        "profile:GetProfileObjectType": {DOMAIN, OBJECT_TYPE, ANY_OBJECT_TYPE},
        "profile:DeleteProfileObjectType": {ANY_OBJECT_TYPE},
        "kms:Decrypt": {"KmsKeyArn"},
        # the service authorization reference has no resource types for these three
        "connect-campaigns:PutConnectInstanceIntegration": {"*"},
        "connect-campaigns:ListConnectInstanceIntegrations": {"*"},
        "connect-campaigns:DeleteConnectInstanceIntegration": {"*"},
        "connect:DescribeInstance": {INSTANCES},
        "lambda:AddPermission": CHANNELS,
        "lambda:RemovePermission": CHANNELS,
    },
}


def resources(statement: dict[str, Any]) -> list[str]:
    """Return what a statement is about: ARNs as they are written, or the attribute that gives them."""
    return [
        resource if isinstance(resource, str) else next(iter(resource.values()))
        for resource in listed(statement["Resource"])
    ]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_exactly_what_its_function_does(function: str) -> None:
    """Whatever else is added must be added here too, with its reason."""
    found: dict[str, set[str]] = {}
    for statement in statements(function):
        assert statement["Effect"] == "Allow"
        actions = listed(statement["Action"])
        if set(actions) != LOGS and (set(actions), resources(statement)) not in WILDCARDS:
            for action in actions:
                found.setdefault(action, set()).update(resources(statement))
    assert found == ALLOWED[function]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_keys_and_interfaces_may_be_used_only_where_there_are_any(function: str) -> None:
    """Most deployments have neither a key of their own nor a VPC, and no role of theirs says a word of them."""
    granted = conditional(properties(function)["Role"]["Fn::GetAtt"].partition(".")[0])
    for action in ALLOWED[function]:
        assert not action.startswith("kms:") or granted[action] == "HasKey"
    assert {action for action, condition in granted.items() if condition == "InVpc"} == INTERFACES[0]


def test_the_domain_may_be_changed_only_while_a_queue_for_it_is_given() -> None:
    """It is the contact centre's, not this stack's; and UpdateDomain can do far more than name a queue."""
    assert conditional()["profile:UpdateDomain"] == "GivesDomainQueue"
    assert TEMPLATE["Conditions"]["GivesDomainQueue"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "DomainDeadLetterQueueUrl"}, ""]}]
    }


def own(statement: dict[str, Any]) -> bool:
    """Tell whether a statement holds for what carries this stack's tag alone."""
    asked = statement.get("Condition", {}).get("StringEquals", {})
    return bool(asked == {f"aws:ResourceTag/{STACK_TAG}": {"Ref": "AWS::StackId"}})


def test_only_what_the_stack_made_may_be_deleted() -> None:
    """By tag and not by name: a renamed type is deleted when the policy names the new one already."""
    [statement] = [
        each for each in statements("BootstrapFunction") if "profile:DeleteProfileObjectType" in listed(each["Action"])
    ]
    assert own(statement)
    assert statement["Condition"]["Null"] == {f"aws:ResourceTag/{ADOPTED_TAG}": "true"}


def test_the_object_type_may_be_deleted_only_where_that_was_asked_for() -> None:
    """Every offer written goes with it, and what it put on profiles; the default must be unable to do that."""
    assert conditional()["profile:DeleteProfileObjectType"] == "DeletesObjectType"
    assert TEMPLATE["Conditions"]["DeletesObjectType"] == {
        "Fn::Equals": [{"Ref": "DeleteObjectTypeOnStackDelete"}, "true"]
    }


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_writes_only_its_own_logs(function: str) -> None:
    """One function's lines must not turn up as another's."""
    [statement] = [each for each in statements(function) if set(listed(each["Action"])) == LOGS]
    assert resources(statement) == [f"{properties(function)['LoggingConfig']['LogGroup']['Ref']}.Arn"]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_wildcard_but_where_nothing_narrower_can_be_written(function: str) -> None:
    """A wildcard is a promise to notice everything that it will ever cover; a tag of our own says what that is."""
    for statement in statements(function):
        actions = listed(statement["Action"])
        assert not [action for action in actions if "*" in action]
        services = {action.partition(":")[0] for action in actions}
        if "*" in "".join(resources(statement)) and services.isdisjoint(CONNECT) and not own(statement):
            assert (set(actions), resources(statement)) in WILDCARDS


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_is_its_functions_alone(function: str) -> None:
    """A shared role is the sum of what its functions may do; managed policies are broader than any of them."""
    role = properties(function)["Role"]["Fn::GetAtt"].partition(".")[0]
    users = [other for other in FUNCTIONS if properties(other)["Role"]["Fn::GetAtt"].startswith(f"{role}.")]
    assert users == [function]
    assert "ManagedPolicyArns" not in properties(role)
    [trust] = properties(role)["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def permissions(function: str) -> dict[str, dict[str, Any]]:
    """Return the permissions to call a function, by the caller's principal."""
    found = {}
    for resource in of_type("AWS::Lambda::Permission").values():
        if resource["Properties"]["FunctionName"] == {"Ref": f"{function}.Alias"}:
            principal = resource["Properties"]["Principal"]
            found[principal if isinstance(principal, str) else principal["Fn::Sub"]] = resource
    return found


@pytest.mark.parametrize("function", INGEST)
def test_only_journeys_of_this_account_may_call(function: str) -> None:
    """A service principal acts for all of its customers: without account and source anybody's journey calls."""
    for principal, permission in permissions(function).items():
        assert permission["Properties"]["Action"] == "lambda:InvokeFunction"
        assert permission["Properties"]["SourceAccount"] == {"Ref": "AWS::AccountId"}, principal
        assert permission["Properties"]["SourceArn"], principal


@pytest.mark.parametrize("function", INGEST)
def test_pinpoint_may_call_for_one_application_or_all_of_the_accounts(function: str) -> None:
    """By default none may; the star lets every application call, and an application's id narrows it."""
    permission = permissions(function)["pinpoint.${AWS::Region}.amazonaws.com"]
    assert permission["Condition"] == "PinpointMayCall"
    source = permission["Properties"]["SourceArn"]["Fn::If"]
    applications = "arn:${AWS::Partition}:mobiletargeting:${AWS::Region}:${AWS::AccountId}:apps/"
    assert source == [
        "AnyPinpointApplication",
        {"Fn::Sub": f"{applications}*"},
        {"Fn::Sub": f"{applications}${{PinpointApplicationId}}*"},
    ]


@pytest.mark.parametrize("function", INGEST)
@pytest.mark.parametrize("principal", ["connect-campaigns.amazonaws.com", "connect.amazonaws.com"])
def test_both_connect_principals_may_call_for_the_named_instance(function: str, principal: str) -> None:
    """The guide names one, CloudTrail has shown the other; without an instance neither may."""
    permission = permissions(function)[principal]
    assert permission["Condition"] == "ConnectMayCall"
    assert permission["Properties"]["SourceArn"] == {"Ref": "ConnectInstanceArn"}
    assert TEMPLATE["Conditions"]["ConnectMayCall"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "ConnectInstanceArn"}, ""]}]
    }


def test_nobody_else_may_call() -> None:
    """The writer is called by its queue's mapping, the bootstrap by CloudFormation with the deployer's own rights."""
    allowed = {
        resource["Properties"]["FunctionName"]["Ref"] for resource in of_type("AWS::Lambda::Permission").values()
    }
    assert allowed == {f"{function}.Alias" for function in INGEST}
    assert all(len(permissions(function)) == 3 for function in INGEST)
