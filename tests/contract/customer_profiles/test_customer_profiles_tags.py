"""Tags: set at creation, then changed by the operations on tags alone.

Admin guide, update-and-validate-mapping: "Tags can't be changed through the update path. Use TagResource and
UntagResource instead." API reference, UpdateDomain: "To add or remove tags on an existing Domain, see
TagResource/UntagResource"; TagResource: "domains, profile object types, and integrations can be tagged".
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_samples import DOMAIN, TYPE, definition

ARN = f"arn:aws:profile:eu-central-1:123456789012:domains/{DOMAIN}"
TYPE_ARN = f"{ARN}/object-types/{TYPE}"
NAMED = {"DomainName": DOMAIN, "ObjectTypeName": TYPE}


@pytest.fixture
def tagged(run: Callable[..., Running]) -> Running:
    """An emulator whose domain and type were created with a tag each."""
    running = run(domains=(), rates={})
    running.client.create_domain(DomainName=DOMAIN, DefaultExpirationDays=30, Tags={"owner": "domain"})
    running.client.put_profile_object_type(**NAMED, **definition(), Tags={"owner": "type"})
    return running


def tags(running: Running, arn: str) -> Any:
    """What ListTagsForResource answers."""
    return running.client.list_tags_for_resource(resourceArn=arn)["tags"]


@pytest.mark.parametrize(("arn", "owner"), [(ARN, "domain"), (TYPE_ARN, "type")])
def test_tags_are_added_replaced_and_taken_away(tagged: Running, arn: str, owner: str) -> None:
    """A key that is there gets the new value; one that is not there is no error to take away."""
    tagged.client.tag_resource(resourceArn=arn, tags={"stack": "a", "stage": "test"})
    tagged.client.tag_resource(resourceArn=arn, tags={"stack": "b"})
    assert tags(tagged, arn) == {"owner": owner, "stack": "b", "stage": "test"}

    tagged.client.untag_resource(resourceArn=arn, tagKeys=["stage", "owner", "nothing"])
    assert tags(tagged, arn) == {"stack": "b"}

    tagged.client.untag_resource(resourceArn=arn, tagKeys=["stack"])
    assert tags(tagged, arn) == {}


@pytest.mark.parametrize("asked", [{}, {"Tags": {"owner": "somebody else"}}])
def test_an_updated_type_keeps_the_tags_it_has(tagged: Running, asked: dict[str, Any]) -> None:
    """Whether the update names none or others."""
    tagged.client.tag_resource(resourceArn=TYPE_ARN, tags={"team": "marketing"})
    answered = tagged.client.put_profile_object_type(**NAMED, **definition(Description="new"), **asked)

    assert answered["Tags"] == {"owner": "type", "team": "marketing"}
    described = tagged.client.get_profile_object_type(**NAMED)
    assert (described["Description"], described["Tags"]) == ("new", {"owner": "type", "team": "marketing"})


@pytest.mark.parametrize("asked", [{}, {"Tags": {"owner": "somebody else"}}])
def test_an_updated_domain_keeps_the_tags_it_has(tagged: Running, asked: dict[str, Any]) -> None:
    """Likewise."""
    answered = tagged.client.update_domain(DomainName=DOMAIN, DefaultExpirationDays=60, **asked)

    assert (answered["DefaultExpirationDays"], answered["Tags"]) == (60, {"owner": "domain"})


def test_what_was_untagged_stays_untagged_after_an_update(tagged: Running) -> None:
    """An update that names the old tags must not bring them back."""
    tagged.client.untag_resource(resourceArn=TYPE_ARN, tagKeys=["owner"])
    tagged.client.put_profile_object_type(**NAMED, **definition(), Tags={"owner": "type"})

    assert tags(tagged, TYPE_ARN) == {}
    assert "Tags" not in tagged.client.get_profile_object_type(**NAMED)


def test_a_type_that_was_deleted_and_made_again_has_the_new_tags(tagged: Running) -> None:
    """It is another resource."""
    tagged.client.delete_profile_object_type(**NAMED)
    tagged.client.put_profile_object_type(**NAMED, **definition(), Tags={"owner": "second"})

    assert tags(tagged, TYPE_ARN) == {"owner": "second"}


def test_the_lists_show_the_tags(tagged: Running) -> None:
    """An owner finds resources by listing them."""
    tagged.client.tag_resource(resourceArn=ARN, tags={"a": "1"})
    (domain,) = tagged.client.list_domains()["Items"]
    (listed,) = tagged.client.list_profile_object_types(DomainName=DOMAIN)["Items"]

    assert (domain["Tags"], listed["Tags"]) == ({"owner": "domain", "a": "1"}, {"owner": "type"})


def test_a_resource_has_fifty_tags_at_most(tagged: Running) -> None:
    """The model limits one call; this is about all of them."""
    tagged.client.tag_resource(resourceArn=ARN, tags={f"k{'x' * number}": "v" for number in range(49)})
    with pytest.raises(tagged.client.exceptions.BadRequestException, match="at most 50 tags"):
        tagged.client.tag_resource(resourceArn=ARN, tags={"another": "v"})

    assert len(tags(tagged, ARN)) == 50
    tagged.client.tag_resource(resourceArn=ARN, tags={"owner": "changed"})
    assert tags(tagged, ARN)["owner"] == "changed"


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:profile:eu-central-1:123456789012:domains/Nothing",
        f"{ARN}/object-types/Nothing",
        f"{ARN}/integrations/x",
        f"{TYPE_ARN}/more",
        "arn:aws:profile:eu-central-1:123456789012:domains/",
    ],
)
def test_what_does_not_exist_has_no_tags(tagged: Running, arn: str) -> None:
    """A mistyped ARN must not pass for a resource without tags."""
    refused = pytest.raises(tagged.client.exceptions.ResourceNotFoundException)
    with refused:
        tagged.client.list_tags_for_resource(resourceArn=arn)
    with refused:
        tagged.client.tag_resource(resourceArn=arn, tags={"a": "1"})
    with refused:
        tagged.client.untag_resource(resourceArn=arn, tagKeys=["a"])


def test_what_is_no_arn_of_the_service_is_refused(tagged: Running) -> None:
    """By the model's own pattern."""
    with pytest.raises(tagged.client.exceptions.BadRequestException, match="pattern"):
        tagged.client.list_tags_for_resource(resourceArn="arn:aws:sqs:eu-central-1:123456789012:queue")
