import re
from dataclasses import replace

import boto3
import pytest

from bootstrap.errors import ForeignTypeError
from bootstrap.object_type import Key, definition
from bootstrap.ownership import ADOPTED_TAG, STACK_TAG, Claim, claim, lost, tags_of
from bootstrap.properties import Properties, Target
from bootstrap.stack import Stack
from tests.fakes.cloudformation import PROPERTIES, STACK_ID

TARGET = Target("AnyCompanyDomain", "MarketingAssignedOffers")
STACK = Stack.of(STACK_ID)
OTHER_ID = "arn:aws:cloudformation:eu-west-1:123456789012:stack/staging/7e6a3d51-d91f-22e2"
PLAIN = definition(Properties.read(PROPERTIES))
SAMPLE = replace(PLAIN, keys={"_account": (Key(("UserId",), frozenset({"PROFILE", "UNIQUE"})),)})


def test_the_samples_own_type_is_refused_with_what_to_do() -> None:
    """Its UNIQUE key is the account: the sample kept one offer for a customer, and may still be writing."""
    with pytest.raises(ForeignTypeError) as refused:
        claim(SAMPLE, TARGET, STACK, may_adopt=False, registered=False)
    told = str(refused.value)
    assert told.startswith("Object type MarketingAssignedOffers of domain AnyCompanyDomain exists")
    for words in ("UNIQUE key is _account", "published sample", "ProfileObjectTypeName", "AdoptObjectType=true"):
        assert words in told


def test_a_type_without_a_unique_key_is_described_too() -> None:
    """One made from a template need not show its keys."""
    with pytest.raises(ForeignTypeError, match=r"its UNIQUE key is not there\. Nothing was changed"):
        claim(replace(PLAIN, keys={}), TARGET, STACK, may_adopt=False, registered=False)


def test_another_stacks_type_is_refused_with_its_name() -> None:
    """Whoever deploys can look for it."""
    with pytest.raises(ForeignTypeError, match=re.escape(f"belongs to stack staging ({OTHER_ID}).")):
        claim(replace(PLAIN, tags={STACK_TAG: OTHER_ID}), TARGET, STACK, may_adopt=False, registered=True)


@pytest.mark.parametrize("description", ["x" * 1_000, "\n" * 1_000])
def test_a_refusal_is_short_enough_for_an_answer(description: str) -> None:
    """CloudFormation takes 4,096 bytes of it; a description may have a thousand characters."""
    with pytest.raises(ForeignTypeError) as refused:
        claim(replace(PLAIN, description=description), TARGET, STACK, may_adopt=False, registered=False)
    assert len(str(refused.value)) < 1_500


def test_an_adopted_type_says_so() -> None:
    """Nothing else tells later that the stack did not make it."""
    assert tags_of(Claim.MADE, STACK) == {STACK_TAG: STACK_ID}
    assert tags_of(Claim.ADOPTED, STACK) == {STACK_TAG: STACK_ID, ADOPTED_TAG: "true"}


def test_who_lost_a_race_is_told_to_whom() -> None:
    """Both stacks think that the type is theirs, until then."""
    assert "staging" in str(lost(TARGET, OTHER_ID))
    assert "no stack's tag" in str(lost(TARGET, None))


@pytest.mark.parametrize("key", [STACK_TAG, ADOPTED_TAG])
def test_the_tags_keep_to_the_services_model(key: str) -> None:
    """A tag that the service refuses would fail every first deployment."""
    model = boto3.Session().client("customer-profiles", region_name="eu-west-1").meta.service_model
    rule = model.shape_for("TagKey").metadata
    assert re.search(rule["pattern"], key)
    assert rule["min"] <= len(key) <= rule["max"]
