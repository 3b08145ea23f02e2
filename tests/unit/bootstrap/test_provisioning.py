from dataclasses import replace

import pytest

from bootstrap.object_type import FIELDS, Field, definition
from bootstrap.ownership import STACK_TAG, Ownership, Stack
from bootstrap.properties import ObjectTypeId, Properties
from bootstrap.provisioning import DeletionResult, Domain, ObjectTypeProvisioner, ProvisioningResult
from custom_resource.errors import (
    AccessDeniedError,
    NotFoundError,
    PermanentServiceError,
    TimeUpError,
    TransientServiceError,
)
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
ASKING = ["GetDomain", "GetProfileObjectType"]
MAKING = [*ASKING, "ListProfileObjectTypes", "PutProfileObjectType", "GetProfileObjectType"]
EVERY_CALL = ("GetDomain", "UpdateDomain", "GetProfileObjectType", "ListProfileObjectTypes", "PutProfileObjectType")


def test_an_absent_type_is_created(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """The domain is asked for first: without it every other error would mislead."""
    assert provisioner.register(PROPERTIES, STACK, deadline) == ProvisioningResult(
        DOMAIN, DOMAIN, ("everything",), Ownership.CREATED
    )
    assert object_types.types == {TARGET: MADE}
    assert object_types.calls == MAKING


def test_nothing_is_put_where_nothing_differs(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """CloudFormation may repeat a request, and a stack may be updated for other reasons."""
    provisioner.register(PROPERTIES, STACK, deadline)
    object_types.calls.clear()
    assert provisioner.register(PROPERTIES, STACK, deadline) == ProvisioningResult(DOMAIN, DOMAIN, (), Ownership.OWNED)
    assert object_types.calls == ASKING


def test_a_type_that_differs_is_changed_in_place(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Deleting it first would delete the customers' offers; what an operator set by hand is kept."""
    by_hand = replace(MADE, expiration_days=30, others={"EncryptionKey": "key-1"}, fields={"x": Field("_source.x")})
    object_types.types[TARGET] = by_hand
    assert provisioner.register(PROPERTIES, STACK, deadline).changed == (
        "expiration_days",
        *sorted(f"field {name}" for name in FIELDS),
    )
    assert object_types.types[TARGET] == replace(MADE, others=by_hand.others, fields={**FIELDS, **by_hand.fields})
    assert "DeleteProfileObjectType" not in object_types.calls


@pytest.mark.parametrize("found", [Domain(None), DOMAIN])
def test_a_domain_is_given_its_queue(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline, found: Domain
) -> None:
    """Before the type: a queue that is refused must not leave half of a deployment behind."""
    object_types.domains[TARGET.domain_name] = found
    given = Domain(OTHER_QUEUE_URL)
    assert provisioner.register(GIVING, STACK, deadline) == ProvisioningResult(
        found, given, ("everything",), Ownership.CREATED
    )
    assert object_types.domains == {TARGET.domain_name: given}
    assert object_types.calls.index("UpdateDomain") < object_types.calls.index("PutProfileObjectType")


def test_a_domain_that_has_the_queue_is_left_alone(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """A repeated deployment changes nothing."""
    provisioner.register(GIVING, STACK, deadline)
    object_types.calls.clear()
    assert provisioner.register(GIVING, STACK, deadline) == ProvisioningResult(
        Domain(OTHER_QUEUE_URL), Domain(OTHER_QUEUE_URL), (), Ownership.OWNED
    )
    assert object_types.calls == ASKING


def test_a_queue_is_never_taken_away(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """An emptied parameter says nothing about the domain, in which others may rely on the queue; nor does Delete."""
    provisioner.register(GIVING, STACK, deadline)
    provisioner.register(PROPERTIES, STACK, deadline)
    provisioner.delete(TARGET, STACK, deadline)
    assert object_types.domains == {TARGET.domain_name: Domain(OTHER_QUEUE_URL)}


def test_a_refused_queue_leaves_the_type_alone(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """The deployment fails as a whole, and says why."""
    object_types.refuse("UpdateDomain", "BadRequestException", "The queue does not exist")
    with pytest.raises(PermanentServiceError, match="parameter DomainDeadLetterQueueUrl"):
        provisioner.register(GIVING, STACK, deadline)
    assert "PutProfileObjectType" not in object_types.calls


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
@pytest.mark.parametrize("operation", EVERY_CALL)
def test_a_permission_that_has_not_arrived_yet_is_waited_for(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline, operation: str, code: str
) -> None:
    """The deployment that needs a permission gives it a moment before; IAM takes seconds."""
    object_types.refuse(operation, code, times=3)
    assert provisioner.register(GIVING, STACK, deadline).domain == Domain(OTHER_QUEUE_URL)
    assert object_types.types == {TARGET: MADE}


@pytest.mark.parametrize("operation", EVERY_CALL)
def test_a_permission_that_never_arrives_is_the_reason(
    provisioner: ObjectTypeProvisioner,
    object_types: FakeObjectTypes,
    clock: FakeClock,
    deadline: Deadline,
    operation: str,
) -> None:
    """A service control policy may deny it; CloudFormation gets its answer in time."""
    object_types.refuse(operation, "AccessDeniedException", times=1_000)
    with pytest.raises(AccessDeniedError, match=f"call profile:{operation} on domain AnyCompanyDomain"):
        provisioner.register(GIVING, STACK, deadline)
    assert 50 <= clock.elapsed <= 80


def test_a_type_that_does_not_exist_yet_costs_no_wait(
    provisioner: ObjectTypeProvisioner, clock: FakeClock, deadline: Deadline
) -> None:
    """The list of types has none of the name either: it is no denial that looks like an absence."""
    provisioner.register(PROPERTIES, STACK, deadline)
    assert clock.slept in ([], [0.0])


def test_a_type_that_is_listed_but_may_not_be_seen_yet_is_not_made_anew(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """To put over it what it is not would lose what others gave it."""
    object_types.types[TARGET] = replace(MADE, others={"SourcePriority": 3})
    object_types.refuse("GetProfileObjectType", "ResourceNotFoundException", times=2)
    assert provisioner.register(PROPERTIES, STACK, deadline).changed == ()
    assert object_types.types[TARGET].others == {"SourcePriority": 3}


def test_an_absent_domain_ends_it(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """No object type can be put into it."""
    object_types.domains.clear()
    with pytest.raises(NotFoundError, match="ProfileDomainName"):
        provisioner.register(PROPERTIES, STACK, deadline)
    assert set(object_types.calls) == {"GetDomain"}


@pytest.mark.parametrize("operation", EVERY_CALL)
def test_every_call_outlasts_throttles_and_hangs(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline, operation: str
) -> None:
    """The quotas are the account's: other callers may be using them up."""
    object_types.refuse(operation, "ThrottlingException", times=2)
    object_types.hang_up(operation)
    assert provisioner.register(GIVING, STACK, deadline).changed == ("everything",)
    assert object_types.calls.count(operation) >= 4


def test_a_throttle_without_end_is_the_reason(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, clock: FakeClock, deadline: Deadline
) -> None:
    """The operator learns which quota it was, and CloudFormation gets its answer in time."""
    object_types.refuse("PutProfileObjectType", "ThrottlingException", times=1_000)
    with pytest.raises(TransientServiceError, match="quota for PutProfileObjectType"):
        provisioner.register(PROPERTIES, STACK, deadline)
    assert clock.elapsed <= 80


def test_a_refusal_is_not_repeated(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """No definition gets better by waiting."""
    object_types.refuse("PutProfileObjectType", "BadRequestException", "Key is invalid")
    with pytest.raises(PermanentServiceError):
        provisioner.register(PROPERTIES, STACK, deadline)
    assert object_types.calls.count("PutProfileObjectType") == 1


def test_puts_are_a_second_apart(object_types: FakeObjectTypes, clock: FakeClock, deadline: Deadline) -> None:
    """The quota is one a second, over all resources that one environment serves."""
    provisioner = ObjectTypeProvisioner(object_types, clock, FakeCallTimeout(clock))
    for name in ("First", "Second", "Third"):
        provisioner.register(replace(PROPERTIES, object_type=ObjectTypeId(TARGET.domain_name, name)), STACK, deadline)
    assert clock.elapsed == 2.0


def test_no_call_starts_after_the_deadline(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, clock: FakeClock
) -> None:
    """Work that was left behind must not change anything later."""
    with pytest.raises(TimeUpError, match="longer Timeout"):
        provisioner.register(PROPERTIES, STACK, Deadline.after(clock, 0))
    assert object_types.calls == []


def test_a_type_is_deleted(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Only the caller knows whether it should be; throttles are outlasted here too."""
    provisioner.register(PROPERTIES, STACK, deadline)
    object_types.refuse("DeleteProfileObjectType", "ThrottlingException")
    object_types.refuse("DeleteProfileObjectType", "AccessDeniedException", times=2)
    assert provisioner.delete(TARGET, STACK, deadline) is DeletionResult.DELETED
    assert object_types.types == {}


def test_deleting_what_is_gone_succeeds(provisioner: ObjectTypeProvisioner, deadline: Deadline) -> None:
    """An operator may have deleted the type or the domain by hand; the stack must still go."""
    assert provisioner.delete(TARGET, STACK, deadline) is DeletionResult.GONE


def test_a_refused_deletion_is_reported(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """The operator asked for the data to go; that it stayed must not pass unnoticed."""
    provisioner.register(PROPERTIES, STACK, deadline)
    object_types.refuse("DeleteProfileObjectType", "AccessDeniedException", times=1_000)
    with pytest.raises(AccessDeniedError, match="call profile:DeleteProfileObjectType"):
        provisioner.delete(TARGET, STACK, deadline)


def test_deleting_in_a_domain_that_is_gone_succeeds(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Even its list of types is not found then."""
    object_types.domains.clear()
    assert provisioner.delete(TARGET, STACK, deadline) is DeletionResult.GONE


def test_what_goes_while_it_is_deleted_is_gone(
    provisioner: ObjectTypeProvisioner, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Another caller may delete it between the check and the call."""
    provisioner.register(PROPERTIES, STACK, deadline)
    object_types.refuse("DeleteProfileObjectType", "ResourceNotFoundException", times=1_000)
    assert provisioner.delete(TARGET, STACK, deadline) is DeletionResult.GONE


def test_a_put_that_comes_late_does_not_wait(
    provisioner: ObjectTypeProvisioner, clock: FakeClock, deadline: Deadline
) -> None:
    """Only haste is slowed down."""
    provisioner.register(PROPERTIES, STACK, deadline)
    clock.advance(5)
    provisioner.register(replace(PROPERTIES, expiration_days=1), STACK, deadline)
    assert clock.elapsed == 5.0
