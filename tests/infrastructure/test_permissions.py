"""Who may call, and what each function may do."""

from typing import Any

import pytest

from tests.infrastructure.template import FUNCTIONS, INGEST, TEMPLATE, listed, of_type, properties, statements

DOMAIN = "arn:${AWS::Partition}:profile:${AWS::Region}:${AWS::AccountId}:domains/${ProfileDomainName}"
OBJECT_TYPE = f"{DOMAIN}/object-types/${{ProfileObjectTypeName}}"
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

ALLOWED: dict[str, dict[str, set[str]]] = {
    "ViewedOfferFunction": {"sqs:SendMessage": {"EngagementQueue.Arn", "DeadLetterQueue.Arn"}},
    "NotViewedOfferFunction": {"sqs:SendMessage": {"EngagementQueue.Arn", "DeadLetterQueue.Arn"}},
    "WriterFunction": {
        "sqs:ReceiveMessage": {"EngagementQueue.Arn"},
        "sqs:DeleteMessage": {"EngagementQueue.Arn"},
        "sqs:GetQueueAttributes": {"EngagementQueue.Arn"},
        "sqs:ChangeMessageVisibility": {"EngagementQueue.Arn"},
        "sqs:SendMessage": {"DeadLetterQueue.Arn"},
        "profile:PutProfileObject": {DOMAIN, OBJECT_TYPE},
    },
    "BootstrapFunction": {
        "profile:GetDomain": {DOMAIN},
        "profile:UpdateDomain": {DOMAIN},
        "profile:PutProfileObjectType": {DOMAIN, OBJECT_TYPE},
        "profile:GetProfileObjectType": {DOMAIN, OBJECT_TYPE},
        "profile:DeleteProfileObjectType": {DOMAIN, OBJECT_TYPE},
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
        if set(actions) != LOGS and (set(actions), resources(statement)) != TRACES:
            found |= {action: set(resources(statement)) for action in actions}
    assert found == ALLOWED[function]


def conditional() -> dict[str, str]:
    """Return the actions of the bootstrap function that are granted only under a condition, and the condition."""
    [policy] = properties("BootstrapRole")["Policies"]
    granted = [each["Fn::If"] for each in policy["PolicyDocument"]["Statement"] if "Fn::If" in each]
    assert all(otherwise == {"Ref": "AWS::NoValue"} for _, _, otherwise in granted)
    return {statement["Action"]: condition for condition, statement, _ in granted}


def test_the_domain_may_be_changed_only_while_a_queue_for_it_is_given() -> None:
    """It is the contact centre's, not this stack's; and UpdateDomain can do far more than name a queue."""
    assert conditional()["profile:UpdateDomain"] == "GivesDomainQueue"
    assert TEMPLATE["Conditions"]["GivesDomainQueue"] == {
        "Fn::Not": [{"Fn::Equals": [{"Ref": "DomainDeadLetterQueueUrl"}, ""]}]
    }


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
    """A wildcard is a promise to notice everything that it will ever cover."""
    for statement in statements(function):
        actions = listed(statement["Action"])
        assert not [action for action in actions if "*" in action]
        if "*" in "".join(resources(statement)) and {action.partition(":")[0] for action in actions}.isdisjoint(
            CONNECT
        ):
            assert (set(actions), resources(statement)) == TRACES


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
        if resource["Properties"]["FunctionName"] == {"Ref": function}:
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
    """The default lets every application call, and an application's id narrows it."""
    source = permissions(function)["pinpoint.${AWS::Region}.amazonaws.com"]["Properties"]["SourceArn"]["Fn::If"]
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
    assert allowed == set(INGEST)
    assert all(len(permissions(function)) == 3 for function in INGEST)
