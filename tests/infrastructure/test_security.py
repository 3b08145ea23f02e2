"""Who gets in, and what lies open: what the template must not hold."""

from typing import Any

import pytest

from tests.infrastructure.template import FUNCTIONS, PARAMETERS, RESOURCES, listed, of_type, properties

ENCRYPTED = {
    "AWS::SQS::Queue": "by SQS's own key, or KmsKeyArn: test_organisations holds it",
    "AWS::Logs::LogGroup": "by CloudWatch's own key, or KmsKeyArn; nothing personal is in it",
    "AWS::Serverless::Function": "code and variables by Lambda's own key; variables by KmsKeyArn where it is given",
    "AWS::Serverless::LayerVersion": "the same; it holds public code alone",
    "AWS::SNS::Topic": "by AlarmKey, below",
    "AWS::KMS::Key": "it is what encrypts",
}
"""Resources that keep something, and by what it is encrypted."""
KEEP_NOTHING = {
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::SNS::Subscription",
    "AWS::SNS::TopicPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::Lambda::Permission",
    "AWS::SQS::QueuePolicy",
    "Custom::ConnectCampaignsIntegration",
    "Custom::ProfileObjectType",
}


def test_every_resource_that_keeps_something_is_known_to_be_encrypted() -> None:
    """A bucket or a table that is added must be looked at for this, too."""
    assert {resource["Type"] for resource in RESOURCES.values()} == set(ENCRYPTED) | KEEP_NOTHING


def allowing() -> list[tuple[str, dict[str, Any]]]:
    """Return every statement of a resource policy or a trust policy that allows something."""
    trust = [
        (name, statement)
        for name, role in of_type("AWS::IAM::Role").items()
        for statement in role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    ]
    queues = [
        (name, statement)
        for name, policy in of_type("AWS::SQS::QueuePolicy").items()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]
    return [(name, statement) for name, statement in [*trust, *queues] if statement["Effect"] == "Allow"]


def test_nobody_is_let_in_but_lambda_itself_and_what_moves_its_alias() -> None:
    """No account, no user and no anonymous caller is named anywhere; queues let nobody in beyond the roles."""
    assert {name for name, _ in allowing()} == set(of_type("AWS::IAM::Role"))
    for name, statement in allowing():
        service = "codedeploy.amazonaws.com" if name == "WriterDeploymentRole" else "lambda.amazonaws.com"
        assert statement["Principal"] == {"Service": service}, name
        assert statement["Action"] == "sts:AssumeRole", name


def allowed_to_alarms(logical_id: str, policy: str) -> list[dict[str, Any]]:
    """Return what the alarms' topic or key allows, and check that only alarms of this account are meant."""
    statements: list[dict[str, Any]] = properties(logical_id)[policy]["Statement"]
    [alarms] = [one for one in statements if one["Principal"] == {"Service": "cloudwatch.amazonaws.com"}]
    assert alarms["Effect"] == "Allow"
    assert alarms["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    return statements


def test_only_this_stacks_alarms_can_send_mail() -> None:
    """An open topic is a way to mail whoever is on call; and nobody listens to it unencrypted."""
    alarms, denial = allowed_to_alarms("AlarmTopicPolicy", "PolicyDocument")
    assert alarms["Action"] == "sns:Publish"
    source = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:${AWS::StackName}-*"
    assert alarms["Condition"]["ArnLike"] == {"aws:SourceArn": {"Fn::Sub": source}}
    assert (denial["Effect"], denial["Principal"]) == ("Deny", "*")
    assert denial["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_alarms_can_use_the_topics_key() -> None:
    """With the key that AWS manages for SNS, CloudWatch's messages would be dropped without a word."""
    account, alarms = allowed_to_alarms("AlarmKey", "KeyPolicy")
    assert properties("AlarmTopic")["KmsMasterKeyId"] == {"Ref": "AlarmKey"}
    assert alarms["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
    # without its own account a key can never be changed or deleted again
    assert account["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    assert properties("AlarmKey")["EnableKeyRotation"] is True


def test_without_an_address_there_is_neither_topic_nor_key() -> None:
    """A key costs a dollar a month."""
    given = {name for name, resource in RESOURCES.items() if resource.get("Condition") == "SendsMail"}
    assert given == {"AlarmKey", "AlarmTopic", "AlarmTopicPolicy", "AlarmSubscription"}


def test_only_services_may_call_functions() -> None:
    """Each for one account and one source, which test_permissions holds."""
    for name, permission in of_type("AWS::Lambda::Permission").items():
        principal = permission["Properties"]["Principal"]
        service = principal if isinstance(principal, str) else principal["Fn::Sub"]
        assert service.endswith(".amazonaws.com"), name
        assert "FunctionUrlAuthType" not in permission["Properties"], name


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_no_way_in_of_its_own(function: str) -> None:
    """No URL, no API: a journey, a queue's mapping, CloudFormation."""
    made = properties(function)
    assert "FunctionUrlConfig" not in made
    assert {event["Type"] for event in made.get("Events", {}).values()} <= {"SQS"}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_has_no_policy_but_what_is_read_here(function: str) -> None:
    """SAM's own policies, and managed ones, would be granted beside it."""
    role = properties(properties(function)["Role"]["Fn::GetAtt"].partition(".")[0])
    assert set(role) == {"AssumeRolePolicyDocument", "Policies", "PermissionsBoundary"}
    assert len(role["Policies"]) == 1
    assert not {"Policies", "ManagedPolicyArns", "PermissionsBoundary"} & set(properties(function))


def test_a_policy_apart_from_its_role_is_the_bootstraps_alone() -> None:
    """Shared between roles it would be the sum of what each of them needs; users and groups are none of the stack's."""
    for policy in of_type("AWS::IAM::Policy").values():
        assert set(policy["Properties"]) == {"PolicyName", "Roles", "PolicyDocument"}
        assert policy["Properties"]["Roles"] == [{"Ref": "BootstrapRole"}]


@pytest.mark.parametrize("queue", list(of_type("AWS::SQS::QueuePolicy")))
def test_a_denial_knows_no_exception(queue: str) -> None:
    """A wildcard is right in a denial alone: whoever, whatever, unless over TLS."""
    [statement] = properties(queue)["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], listed(statement["Action"])) == ("Deny", "*", ["sqs:*"])
    assert not {"NotPrincipal", "NotAction", "NotResource"} & set(statement)


def test_no_parameter_asks_for_a_secret() -> None:
    """A secret in a parameter ends in variables, in consoles and in shell histories."""
    assert not [name for name, parameter in PARAMETERS.items() if parameter.get("NoEcho")]
