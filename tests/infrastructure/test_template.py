"""What the template must hold beyond what cfn-lint can see: time-outs, queues, functions, parameters."""

import re
from typing import Any

import pytest

from tests.infrastructure.template import FUNCTIONS, GIVEN, INGEST, PARAMETERS, RESOURCES, TEMPLATE, of_type, properties

PINPOINT_WAITS = 15
CONNECT_WAITS = 30
ENGAGEMENTS = properties("WriterFunction")["Events"]["Engagements"]["Properties"]
QUEUE = properties("EngagementQueue")
DEAD_LETTERS = properties("DeadLetterQueue")


def globals_and(function: str) -> dict[str, Any]:
    """Return a function's properties with what all functions share."""
    shared: dict[str, Any] = TEMPLATE["Globals"]["Function"]
    return shared | properties(function)


def test_every_function_is_known_here() -> None:
    """A new function must come under the rules below."""
    assert set(of_type("AWS::Serverless::Function")) == set(FUNCTIONS)


@pytest.mark.parametrize("function", FUNCTIONS)
class TestEveryFunction:
    """What holds for each of the functions."""

    def test_runs_on_the_runtime_that_the_layer_is_built_for(self, function: str) -> None:
        """Bytecode and wheels of another Python would be ignored or break."""
        layer = properties("DependenciesLayer")
        made = globals_and(function)
        assert [made["Runtime"]] == layer["CompatibleRuntimes"] == ["python3.13"]
        assert made["Architectures"] == layer["CompatibleArchitectures"] == ["arm64"]

    def test_is_traced(self, function: str) -> None:
        """A record's way is followed through the queue."""
        tracing = globals_and(function)["Tracing"]
        index, values = tracing["Fn::Select"] if isinstance(tracing, dict) else (0, [tracing])
        assert values[int(index)] == "Active"

    def test_logs_into_its_own_group_with_an_end(self, function: str) -> None:
        """A group that Lambda makes by itself keeps everything for ever."""
        logging = properties(function)["LoggingConfig"]
        group = logging["LogGroup"]["Ref"]
        assert properties(group)["RetentionInDays"] == {"Ref": "LogRetentionDays"}
        assert [other for other in FUNCTIONS if properties(other)["LoggingConfig"] == logging] == [function]

    def test_has_no_reserved_concurrency(self, function: str) -> None:
        """On a queue's consumer it over-pulls and sends healthy messages to the dead-letter queue."""
        assert "ReservedConcurrentExecutions" not in globals_and(function)

    def test_ships_the_one_code_folder_unbuilt(self, function: str) -> None:
        """The layer alone is built, so that any host's Python will do."""
        assert properties(function)["CodeUri"] == "functions/"
        assert RESOURCES[function]["Metadata"]["SkipBuild"] is True


def test_ingest_ends_before_its_callers_stop_waiting() -> None:
    """A caller that has gone counts the customers as failed although they are queued."""
    for function in INGEST:
        assert properties(function)["Timeout"] <= min(PINPOINT_WAITS, CONNECT_WAITS)


def test_the_ingest_functions_differ_in_the_branch_alone() -> None:
    """One code, two functions: whatever else differs is a mistake."""

    def without_branch(function: str) -> dict[str, Any]:
        variables = dict(properties(function)["Environment"]["Variables"])
        assert variables.pop("OFFER_VIEWED") == ("true" if function == "ViewedOfferFunction" else "false")
        variables.pop("POWERTOOLS_SERVICE_NAME")
        own = {"Description", "Role", "LoggingConfig", "Environment"}
        return {name: value for name, value in properties(function).items() if name not in own} | variables

    viewed, not_viewed = INGEST
    assert without_branch(viewed) == without_branch(not_viewed)


def test_the_dead_letter_queue_takes_from_its_queue_alone() -> None:
    """By name, since by reference the two queues would wait for one another."""
    assert QUEUE["RedrivePolicy"]["deadLetterTargetArn"] == {"Fn::GetAtt": "DeadLetterQueue.Arn"}
    allowed = DEAD_LETTERS["RedriveAllowPolicy"]
    assert allowed["redrivePermission"] == "byQueue"
    [arn] = allowed["sourceQueueArns"]
    name, suffix = QUEUE["QueueName"]["Fn::Sub"]
    assert arn["Fn::Sub"] == [f"arn:${{AWS::Partition}}:sqs:${{AWS::Region}}:${{AWS::AccountId}}:{name}", suffix]


@pytest.mark.parametrize("queue", list(of_type("AWS::SQS::Queue")))
def test_queues_are_encrypted_and_refuse_plain_http(queue: str) -> None:
    """Messages hold customers' addresses."""
    # by SQS itself, or by the key that is given instead
    assert properties(queue)["SqsManagedSseEnabled"] == {"Fn::If": ["HasKey", {"Ref": "AWS::NoValue"}, True]}
    [policy] = [
        p["Properties"]
        for p in of_type("AWS::SQS::QueuePolicy").values()
        if {"Ref": queue} in p["Properties"]["Queues"]
    ]
    [statement] = policy["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "sqs:*")
    assert statement["Resource"] == {"Fn::GetAtt": f"{queue}.Arn"}
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_the_mapping_reports_single_failures_and_caps_the_writers() -> None:
    """Without the first a failed record repeats its whole batch, without the second nothing guards the quota."""
    assert ENGAGEMENTS["Queue"] == {"Fn::GetAtt": "EngagementQueue.Arn"}
    assert ENGAGEMENTS["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert ENGAGEMENTS["ScalingConfig"] == {"MaximumConcurrency": {"Ref": "WriterMaximumConcurrency"}}
    assert "ProvisionedPollerConfig" not in ENGAGEMENTS


def test_the_custom_resource_is_awaited_no_longer_than_it_can_answer() -> None:
    """A bootstrap that dies without a word would hold the stack for an hour."""
    patience = properties("ProfileObjectType")["ServiceTimeout"]
    assert properties("BootstrapFunction")["Timeout"] < patience <= 300


def test_a_request_of_cloudformation_is_never_repeated_late() -> None:
    """CloudFormation has given up by then, and a roll-back or another deployment has followed: it would be undone."""
    late = properties("BootstrapFunction")["EventInvokeConfig"]
    waits, works = properties("ProfileObjectType")["ServiceTimeout"], properties("BootstrapFunction")["Timeout"]
    assert late["MaximumRetryAttempts"] == 0
    assert late["MaximumEventAgeInSeconds"] + works <= waits


def test_what_the_domain_should_be_looked_at_for_is_an_output() -> None:
    """Who deploys reads the outputs, and nobody the log of a function that succeeded."""
    assert TEMPLATE["Outputs"]["DomainWarnings"]["Value"] == {"Fn::GetAtt": "ProfileObjectType.DomainWarnings"}


def test_the_domains_queue_goes_to_the_custom_resource_and_comes_back_as_an_output() -> None:
    """What the domain has is known only where it is asked; given nothing, the stack still tells."""
    assert properties("ProfileObjectType")["DomainDeadLetterQueueUrl"] == {"Ref": "DomainDeadLetterQueueUrl"}
    told = TEMPLATE["Outputs"]["DomainDeadLetterQueueUrl"]["Value"]
    assert told == {"Fn::GetAtt": "ProfileObjectType.DomainDeadLetterQueueUrl"}


def test_whoever_gives_the_domain_a_queue_reads_what_its_policy_must_allow() -> None:
    """Customer Profiles sends as itself: no role of the stack can let it."""
    described = PARAMETERS["DomainDeadLetterQueueUrl"]["Description"]
    for word in ("profile.amazonaws.com", "sqs:SendMessage", "aws:SourceAccount", "aws:SourceArn"):
        assert word in described


ACCEPTED = [
    ("ProfileDomainName", "AnyCompanyDomain"),
    ("PinpointApplicationId", ""),
    ("PermissionsBoundaryArn", ""),
    ("PermissionsBoundaryArn", "arn:aws:iam::123456789012:policy/teams/developers-boundary"),
    ("PermissionsBoundaryArn", "arn:aws-us-gov:iam::aws:policy/PowerUserAccess"),
    ("KmsKeyArn", ""),
    ("KmsKeyArn", "arn:aws:kms:eu-west-2:123456789012:key/0f7a3b1c-1111-4222-8333-444455556666"),
    ("KmsKeyArn", "arn:aws:kms:eu-west-2:123456789012:key/mrk-0f7a3b1c111142228333444455556666"),
    ("VpcSubnetIds", ""),
    ("VpcSubnetIds", "subnet-0a1b2c3d4e5f60718"),
    ("VpcSubnetIds", "subnet-0a1b2c3d,subnet-0a1b2c3d4e5f60718"),
    ("VpcSecurityGroupIds", "sg-0a1b2c3d4e5f60718,sg-0a1b2c3d"),
    ("DomainDeadLetterQueueUrl", ""),
    ("DomainDeadLetterQueueUrl", "https://sqs.eu-west-2.amazonaws.com/123456789012/domain_dead-letters"),
    ("DomainDeadLetterQueueUrl", "https://sqs.us-gov-west-1.amazonaws.com/123456789012/" + "q" * 80),
    ("ProfileDomainName", "amazon-connect-my_instance"),
    ("ProfileObjectTypeName", "MarketingAssignedOffers"),
    ("ProfileObjectTypeName", "offers_-2"),
    ("OfferName", "30% Off Renewal"),
    ("OfferName", "Für Sie: 20 € zurück 🎁"),
    ("OfferName", "x"),
    ("OfferName", "x" * 255),
    ("PinpointApplicationId", "*"),
    ("PinpointApplicationId", "71b0f21869ac444eb0185d43539b97ea"),
    ("ConnectInstanceArn", ""),
    ("ConnectInstanceArn", "arn:aws:connect:us-east-1:123456789012:instance/0f7a3b1c-1111-4222-8333-444455556666"),
    (
        "ConnectInstanceArn",
        "arn:aws-us-gov:connect:us-gov-west-1:123456789012:instance/0f7a3b1c-1111-4222-8333-444455556666",
    ),
]
REFUSED = [
    ("DomainDeadLetterQueueUrl", "none"),
    ("DomainDeadLetterQueueUrl", "arn:aws:sqs:eu-west-2:123456789012:dead-letters"),
    ("DomainDeadLetterQueueUrl", "http://sqs.eu-west-2.amazonaws.com/123456789012/dead-letters"),
    ("DomainDeadLetterQueueUrl", "https://sqs.eu-west-2.amazonaws.com/123456789012/dead-letters.fifo"),
    ("DomainDeadLetterQueueUrl", "https://sqs.eu-west-2.amazonaws.com/1234/dead-letters"),
    ("DomainDeadLetterQueueUrl", "https://sqs.eu-west-2.amazonaws.com/123456789012/" + "q" * 81),
    ("ProfileDomainName", ""),
    ("ProfileDomainName", "Any Company"),
    ("ProfileDomainName", "x" * 65),
    ("ProfileObjectTypeName", "1offers"),
    ("ProfileObjectTypeName", "_offers"),
    ("ProfileObjectTypeName", "x" * 256),
    ("OfferName", ""),
    ("OfferName", " 30% Off"),
    ("OfferName", "30% Off "),
    ("OfferName", "30%\nOff"),
    ("OfferName", "x" * 256),
    ("PinpointApplicationId", "71b0f21869ac444eb0185d43539b97e*"),
    ("PermissionsBoundaryArn", "developers-boundary"),
    ("PermissionsBoundaryArn", "arn:aws:iam::123456789012:role/developers"),
    ("KmsKeyArn", "arn:aws:kms:eu-west-2:123456789012:alias/mine"),
    ("KmsKeyArn", "0f7a3b1c-1111-4222-8333-444455556666"),
    ("VpcSubnetIds", "subnet-0a1b2c3d, subnet-0a1b2c3e"),
    ("VpcSubnetIds", "vpc-0a1b2c3d"),
    ("VpcSecurityGroupIds", "sg-0a1b2c3d,"),
    ("ConnectInstanceArn", "0f7a3b1c-1111-4222-8333-444455556666"),
    ("ConnectInstanceArn", "arn:aws:connect:us-east-1:123456789012:instance/*"),
]


@pytest.mark.parametrize(("parameter", "value"), ACCEPTED)
def test_good_values_are_accepted(parameter: str, value: str) -> None:
    """The published sample's names, and what real accounts have."""
    assert re.search(PARAMETERS[parameter]["AllowedPattern"], value)


@pytest.mark.parametrize(("parameter", "value"), REFUSED)
def test_bad_values_are_refused_at_deployment(parameter: str, value: str) -> None:
    """A bad name would fail only when the first customer is written."""
    assert not re.fullmatch(PARAMETERS[parameter]["AllowedPattern"], value)


@pytest.mark.parametrize("parameter", list(PARAMETERS))
def test_a_parameter_explains_and_bounds_itself(parameter: str) -> None:
    """Whoever deploys reads only the question."""
    definition = PARAMETERS[parameter]
    interface = TEMPLATE["Metadata"]["AWS::CloudFormation::Interface"]
    assert definition["Description"].endswith(".")
    assert ("Default" in definition) == (parameter not in GIVEN)
    assert [group for group in interface["ParameterGroups"] if parameter in group["Parameters"]]
    assert parameter in interface["ParameterLabels"]
    bounded = "AllowedPattern" in definition or "MaxValue" in definition
    assert bounded != ("AllowedValues" in definition)
    assert not bounded or "ConstraintDescription" in definition


def test_the_published_samples_parameters_keep_their_names_and_defaults() -> None:
    """Who comes from the sample deploys with the values at hand."""
    defaults = {name: PARAMETERS[name]["Default"] for name in ("ProfileObjectTypeName", "OfferName")}
    assert defaults == {"ProfileObjectTypeName": "MarketingAssignedOffers", "OfferName": "30% Off Renewal"}


def test_the_domain_must_be_named() -> None:
    """A default would be taken by whoever presses Enter: the domain does not exist, and the first stack fails whole."""
    assert set(GIVEN) == {"ProfileDomainName"}
