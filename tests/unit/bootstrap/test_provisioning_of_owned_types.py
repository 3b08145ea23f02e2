from dataclasses import replace

import pytest

from bootstrap.object_type import Definition, definition
from bootstrap.ownership import ADOPTED_TAG, STACK_TAG, Ownership, OwnershipError, Stack
from bootstrap.properties import ObjectTypeId, Properties
from bootstrap.provisioning import DeletionResult, Domain, ObjectTypeProvisioner
from engagement.clock import Deadline
from tests.fakes.call_timeout import FakeCallTimeout
from tests.fakes.clock import FakeClock
from tests.fakes.object_types import FakeObjectTypes

TARGET = ObjectTypeId("AnyCompanyDomain", "Offers")
PROPERTIES = Properties(TARGET, expiration_days=1000, max_object_count=100, delete_with_stack=False)
DOMAIN = Domain("https://sqs.eu-west-1.amazonaws.com/123456789012/domain-dead-letters")
OTHER_QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/other"
GIVING = replace(PROPERTIES, domain_queue_url=OTHER_QUEUE_URL)
STACK = Stack.of("arn:aws:cloudformation:eu-west-1:123456789012:stack/write-back/6d5f2c40-c80e-11f1")
OTHER = Stack.of("arn:aws:cloudformation:eu-west-1:123456789012:stack/staging/7e6a3d51-d91f-22e2")
OURS = {STACK_TAG: STACK.id}
MADE = definition(PROPERTIES).keeping(None, OURS)
FOREIGN = [replace(MADE, tags={}), replace(MADE, tags={STACK_TAG: OTHER.id})]


@pytest.mark.parametrize("current", FOREIGN)
def test_what_the_stack_does_not_own_is_left_alone(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline, current: Definition
) -> None:
    """Neither changed nor deleted, and the domain keeps its queue, too."""
    object_types.types[TARGET] = current
    with pytest.raises(OwnershipError, match="Nothing was changed"):
        provisioner.register(GIVING, STACK, deadline)
    assert provisioner.delete(TARGET, STACK, deadline) is DeletionResult.NOT_OWNED
    assert object_types.types == {TARGET: current}
    assert object_types.domains[TARGET.domain_name] == DOMAIN


@pytest.mark.parametrize("current", FOREIGN)
def test_a_type_is_adopted_where_that_was_said(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline, current: Definition
) -> None:
    """It is the stack's from then on, without being asked again, and is never deleted with it."""
    object_types.types[TARGET] = current
    registration = provisioner.register(replace(GIVING, may_adopt=True), STACK, deadline)
    assert registration.ownership is Ownership.ADOPTED
    assert registration.previous_owner in {None, OTHER.id}
    assert object_types.types[TARGET].tags == {STACK_TAG: STACK.id, ADOPTED_TAG: "true"}
    assert provisioner.register(GIVING, STACK, deadline).ownership is Ownership.OWNED
    assert provisioner.delete(TARGET, STACK, deadline) is DeletionResult.ADOPTED
    assert TARGET in object_types.types


def test_a_type_that_the_stack_registered_before_there_were_tags_is_its_own(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """A deployed stack is updated without a new parameter. Who made the type is unknown: it is kept."""
    object_types.types[TARGET] = replace(MADE, tags={})
    assert provisioner.register(PROPERTIES, STACK, deadline, registered=True).ownership is Ownership.ADOPTED
    assert provisioner.delete(TARGET, STACK, deadline) is DeletionResult.ADOPTED


def test_a_type_that_another_stack_has_adopted_meanwhile_is_not_taken_back(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Two stacks would change it in turn at each deployment."""
    object_types.types[TARGET] = replace(MADE, tags={STACK_TAG: OTHER.id, ADOPTED_TAG: "true"})
    with pytest.raises(OwnershipError, match="belongs to stack staging"):
        provisioner.register(PROPERTIES, STACK, deadline, registered=True)


@pytest.mark.parametrize("may_adopt", [True, False])
def test_of_two_stacks_that_make_one_type_at_once_one_wins(
    object_types: FakeObjectTypes, clock: FakeClock, deadline: Deadline, *, may_adopt: bool
) -> None:
    """The other one learns it by the tag that the first put has left: no later put changes it."""
    wanted = replace(PROPERTIES, may_adopt=may_adopt)
    first, second = (ObjectTypeProvisioner(object_types, clock, FakeCallTimeout(clock)) for _ in range(2))

    def overtake(operation: str) -> None:
        if operation == "PutProfileObjectType":
            object_types.before = lambda _: None
            assert second.register(wanted, OTHER, deadline).ownership is Ownership.CREATED

    object_types.before = overtake
    with pytest.raises(OwnershipError, match=r"at the same time: it belongs to stack staging"):
        first.register(wanted, STACK, deadline)
    assert object_types.types[TARGET].tags == {STACK_TAG: OTHER.id}


def test_of_two_stacks_that_adopt_one_type_at_once_the_loser_learns_it_at_its_next_deployment(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Tags know no condition: the last one holds, and the stack that lost it is refused from then on."""
    object_types.types[TARGET] = replace(MADE, tags={})
    wanted = replace(PROPERTIES, may_adopt=True)
    provisioner.register(wanted, STACK, deadline)
    provisioner.register(wanted, OTHER, deadline)
    with pytest.raises(OwnershipError, match="belongs to stack staging"):
        provisioner.register(PROPERTIES, STACK, deadline, registered=True)


def test_tags_that_a_put_did_not_leave_are_given(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Another caller may have made the type a moment before, without tags."""

    def overtake(operation: str) -> None:
        if operation == "PutProfileObjectType":
            object_types.types[TARGET] = replace(MADE, tags={})

    object_types.before = overtake
    assert provisioner.register(PROPERTIES, STACK, deadline).ownership is Ownership.CREATED
    assert object_types.types[TARGET].tags == OURS


def test_a_tag_that_vanishes_fails_the_registration(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """A type without it would be no stack's, and the next deployment would be refused."""

    def undo(operation: str) -> None:
        if operation == "GetProfileObjectType" and TARGET in object_types.types:
            object_types.types[TARGET] = replace(MADE, tags={})

    object_types.before = undo
    with pytest.raises(OwnershipError, match="it carries no stack's tag"):
        provisioner.register(PROPERTIES, STACK, deadline)
