import pytest

from bootstrap.properties import Target
from bootstrap.stack import Stack, shown
from engagement.errors import InvalidEventError

ID = "arn:aws-us-gov:cloudformation:us-gov-west-1:123456789012:stack/write-back/6d5f2c40-c80e-11f1-a8b4-0a0000000000"


def test_a_stack_is_read_from_its_id() -> None:
    """Account, Region and partition of the object type are the stack's."""
    stack = Stack.of(ID)
    assert (stack.id, stack.name) == (ID, "write-back")
    assert stack.arn(Target("Domain", "Offers")) == (
        "arn:aws-us-gov:profile:us-gov-west-1:123456789012:domains/Domain/object-types/Offers"
    )


@pytest.mark.parametrize(
    "text", ["unknown", "", "write-back", ID.replace("cloudformation", "sqs"), f"{ID}/more", "x" * 9_999]
)
def test_what_is_no_stack_id_is_named(text: str) -> None:
    """The tag that it would become could never be compared."""
    with pytest.raises(InvalidEventError, match="StackId is") as refused:
        Stack.of(text)
    assert len(str(refused.value)) < 400


def test_a_stack_is_shown_by_its_name_and_its_id() -> None:
    """Two stacks can have had one name; a tag may hold anything."""
    assert shown(ID) == f"write-back ({ID})"
    assert shown("somebody's \n") == '"somebody\'s \\n"'


def test_the_longest_stack_id_fits_a_tag() -> None:
    """Customer Profiles model, TagValue: at most 256 characters."""
    longest = ID.replace("write-back", "n" * 128).replace("us-gov-west-1", "ap-southeast-99")
    assert Stack.of(longest).id == longest
    assert len(longest) <= 256
