"""Names that hold for every stack's name and that two stacks never share, and what stays behind a deleted stack."""

from itertools import chain

import pytest

from tests.infrastructure.template import RESOURCES, TEMPLATE, of_type
from tests.infrastructure.transformed import Deployment

LONGEST_STACK_NAME = "s" * 128
LONGEST = {
    "AWS::SQS::Queue": ("QueueName", 80),
    "AWS::Logs::LogGroup": ("LogGroupName", 512),
    "AWS::Lambda::LayerVersion": ("LayerName", 140),
    "AWS::CloudWatch::Alarm": ("AlarmName", 255),
    "AWS::CloudWatch::CompositeAlarm": ("AlarmName", 255),
    "AWS::CloudWatch::Dashboard": ("DashboardName", 255),
}
"""Which property names a resource of a type, and how long it may be: the service's own reference."""
UNNAMED = {"AWS::IAM::Role": "RoleName", "AWS::Serverless::Function": "FunctionName", "AWS::SNS::Topic": "TopicName"}
"""What CloudFormation names itself, short enough and never twice; the property that would name it."""
EVERYTHING = {"NoTrafficHours": "1", "AlarmEmail": "on-call@example.org"}
KEPT = ("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "AWS::Logs::LogGroup")


def names(stack: str, uuid: str = "0f7a3b1c-1111-4222-8333-444455556666") -> dict[str, dict[str, str]]:
    """Return the names of what a stack makes, by type and logical id."""
    made = Deployment(EVERYTHING, stack=stack, uuid=uuid)
    return {
        kind: {logical: properties[name] for logical, properties in made.of_type(kind).items()}
        for kind, (name, _) in LONGEST.items()
    }


@pytest.mark.parametrize("kind", list(LONGEST))
def test_the_longest_stack_name_makes_no_name_too_long(kind: str) -> None:
    """A stack's name may have 128 characters: the create would fail, and say a queue's name and not the stack's."""
    made = names(LONGEST_STACK_NAME)[kind]
    assert made
    assert all(0 < len(name) <= LONGEST[kind][1] for name in made.values()), made


def test_what_is_not_named_here_is_named_by_cloudformation() -> None:
    """It cuts a name to what the service takes, and never uses one twice."""
    for kind, name in UNNAMED.items():
        assert not [logical for logical, one in of_type(kind).items() if name in one["Properties"]]


def test_two_stacks_share_no_name() -> None:
    """Staging beside production, in one account and Region."""
    one, other = names("staging", "0f7a3b1c-1111-4222-8333-444455556666"), names("production", "0a-1-2-3-999955556666")
    for kind in LONGEST:
        assert not set(one[kind].values()) & set(other[kind].values()), kind


@pytest.mark.parametrize("kind", ["AWS::SQS::Queue", "AWS::Logs::LogGroup"])
def test_a_stack_deployed_again_under_its_name_meets_nothing_of_the_first(kind: str) -> None:
    """What stayed behind has its name, and a deleted queue's name is taken for a minute more."""
    first, again = names("journeys")[kind], names("journeys", "1e8b4c2d-1111-4222-8333-555566667777")[kind]
    assert first.keys() == again.keys()
    assert not set(first.values()) & set(again.values())


def test_an_update_renames_nothing() -> None:
    """The stack's id stays, whatever changes: a queue that is replaced would leave its messages behind."""
    assert names("journeys") == names("journeys")
    changed = Deployment({"OfferName": "Another", "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/k"})
    assert {each["QueueName"] for each in changed.of_type("AWS::SQS::Queue").values()} == set(
        names("journeys")["AWS::SQS::Queue"].values()
    )


@pytest.mark.parametrize("logical", list(chain.from_iterable(of_type(kind) for kind in KEPT)))
def test_deleting_the_stack_keeps_customers_and_the_record_of_them(logical: str) -> None:
    """A campaign on its way and 14 days of parked customers would go at once, with what says who was written."""
    assert RESOURCES[logical]["DeletionPolicy"] == "RetainExceptOnCreate", "a create that failed leaves nothing"
    assert RESOURCES[logical]["UpdateReplacePolicy"] == "Retain"


def test_nothing_else_stays_behind() -> None:
    """What stays costs, or is found by nobody."""
    kept = {resource["Type"] for resource in RESOURCES.values() if "DeletionPolicy" in resource}
    assert kept == set(KEPT)


def test_the_writer_comes_after_the_type_and_goes_before_it() -> None:
    """CloudFormation orders by references alone, and the two have none to one another."""
    assert RESOURCES["WriterFunction"]["DependsOn"] == "ProfileObjectType"
    resources = Deployment().resources
    assert "ProfileObjectType" in resources["WriterFunction"]["DependsOn"]
    source = resources["WriterFunctionEngagements"]["Properties"]
    assert source["FunctionName"] == {"Ref": "WriterFunctionAliaslive"}, "and so the event source, by its reference"


def test_the_alarms_key_ends_soon_after_its_stack() -> None:
    """A key that waits for its deletion costs a dollar a month, and SNS keeps nothing that it would open."""
    assert TEMPLATE["Resources"]["AlarmKey"]["Properties"]["PendingWindowInDays"] == 7
