import re
from dataclasses import replace

import boto3
import pytest

from bootstrap.object_type import Key, definition
from bootstrap.ownership import ADOPTED_TAG, STACK_TAG, Ownership, OwnershipError, Stack, check, race_lost, tags_of
from bootstrap.properties import ObjectTypeId, Properties
from engagement.errors import InvalidEventError
from tests.fakes.cloudformation import PROPERTIES, STACK_ID

TARGET = ObjectTypeId("AnyCompanyDomain", "MarketingAssignedOffers")
STACK = Stack.of(STACK_ID)
OTHER_ID = "arn:aws:cloudformation:eu-west-1:123456789012:stack/staging/7e6a3d51-d91f-22e2"
GOV_ID = (
    "arn:aws-us-gov:cloudformation:us-gov-west-1:123456789012:stack/write-back/6d5f2c40-c80e-11f1-a8b4-0a0000000000"
)
PLAIN = definition(Properties.read(PROPERTIES))
SAMPLE = replace(PLAIN, keys={"_account": (Key(("UserId",), frozenset({"PROFILE", "UNIQUE"})),)})


def test_the_samples_own_type_is_refused_with_what_to_do() -> None:
    """Its UNIQUE key is the account: the sample kept one offer for a customer, and may still be writing."""
    with pytest.raises(OwnershipError) as refused:
        check(SAMPLE, TARGET, STACK, may_adopt=False, registered=False)
    reported = str(refused.value)
    assert reported.startswith("Object type MarketingAssignedOffers of domain AnyCompanyDomain exists")
    for words in ("UNIQUE key is _account", "published sample", "ProfileObjectTypeName", "AdoptObjectType=true"):
        assert words in reported


def test_a_type_without_a_unique_key_is_described_too() -> None:
    """One made from a template need not show its keys."""
    with pytest.raises(OwnershipError, match=r"it has no UNIQUE key\. Nothing was changed"):
        check(replace(PLAIN, keys={}), TARGET, STACK, may_adopt=False, registered=False)


def test_another_stacks_type_is_refused_with_its_name() -> None:
    """The engineer who deploys can look for it."""
    with pytest.raises(OwnershipError, match=re.escape(f"belongs to stack staging ({OTHER_ID}).")):
        check(replace(PLAIN, tags={STACK_TAG: OTHER_ID}), TARGET, STACK, may_adopt=False, registered=True)


@pytest.mark.parametrize("description", ["x" * 1_000, "\n" * 1_000])
def test_a_refusal_is_short_enough_for_an_answer(description: str) -> None:
    """CloudFormation takes 4,096 bytes of it; a description may have a thousand characters."""
    with pytest.raises(OwnershipError) as refused:
        check(replace(PLAIN, description=description), TARGET, STACK, may_adopt=False, registered=False)
    assert len(str(refused.value)) < 1_500


def test_an_adopted_type_says_so() -> None:
    """Nothing else tells later that the stack did not make it."""
    owned = {"journeys-that-write-back:stack": STACK_ID}
    assert tags_of(Ownership.CREATED, STACK) == owned
    assert tags_of(Ownership.ADOPTED, STACK) == owned | {"journeys-that-write-back:adopted": "true"}


def test_the_loser_of_a_race_learns_the_winner() -> None:
    """Both stacks think that the type is theirs, until then."""
    assert "staging" in str(race_lost(TARGET, OTHER_ID))
    assert "no stack's tag" in str(race_lost(TARGET, None))


@pytest.mark.parametrize("key", [STACK_TAG, ADOPTED_TAG])
def test_the_tags_keep_to_the_services_model(key: str) -> None:
    """A tag that the service refuses would fail every first deployment."""
    model = boto3.Session().client("customer-profiles", region_name="eu-west-1").meta.service_model
    rule = model.shape_for("TagKey").metadata
    assert re.search(rule["pattern"], key)
    assert rule["min"] <= len(key) <= rule["max"]


def test_a_stack_is_read_from_its_id() -> None:
    """Account, Region and partition of the object type are the stack's."""
    stack = Stack.of(GOV_ID)
    assert (stack.id, stack.name) == (GOV_ID, "write-back")
    assert stack.arn(ObjectTypeId("Domain", "Offers")) == (
        "arn:aws-us-gov:profile:us-gov-west-1:123456789012:domains/Domain/object-types/Offers"
    )


@pytest.mark.parametrize(
    "text", ["unknown", "", "write-back", GOV_ID.replace("cloudformation", "sqs"), f"{GOV_ID}/more", "x" * 9_999]
)
def test_what_is_no_stack_id_is_named(text: str) -> None:
    """The tag that it would become could never be compared."""
    with pytest.raises(InvalidEventError, match="StackId is") as refused:
        Stack.of(text)
    assert len(str(refused.value)) < 400


@pytest.mark.parametrize(("tag", "shown"), [(GOV_ID, f"stack write-back ({GOV_ID})"), ("any \n", r"stack 'any \n'")])
def test_the_owner_is_shown_by_its_name_and_its_id(tag: str, shown: str) -> None:
    """Two stacks can have had one name; a tag may hold anything."""
    assert f"it belongs to {shown}. Two stacks" in str(race_lost(TARGET, tag))


def test_the_longest_stack_id_fits_a_tag() -> None:
    """Customer Profiles model, TagValue: at most 256 characters."""
    longest = GOV_ID.replace("write-back", "n" * 128).replace("us-gov-west-1", "ap-southeast-99")
    assert Stack.of(longest).id == longest
    assert len(longest) <= 256
