from dataclasses import replace

import pytest

from bootstrap.errors import AbsentError, DeniedError, ForeignTypeError, PassingError, RefusedError, TimeUpError
from bootstrap.object_type import FIELDS, Definition, Field, definition
from bootstrap.ownership import ADOPTED_TAG, STACK_TAG, Claim
from bootstrap.properties import Properties, Target
from bootstrap.registration import Deletion, Domain, Registrar, Registration
from bootstrap.stack import Stack
from engagement.clock import Deadline
from tests.fakes.clock import FakeClock
from tests.fakes.object_types import FakeObjectTypes

TARGET = Target("AnyCompanyDomain", "Offers")
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


@pytest.fixture
def clock() -> FakeClock:
    """Time that moves only when somebody sleeps."""
    return FakeClock()


@pytest.fixture
def deadline(clock: FakeClock) -> Deadline:
    """As long as the template's function has."""
    return Deadline.after(clock, 80)


@pytest.fixture
def object_types() -> FakeObjectTypes:
    """A domain without object types."""
    return FakeObjectTypes({TARGET.domain_name: DOMAIN})


@pytest.fixture
def registrar(object_types: FakeObjectTypes, clock: FakeClock) -> Registrar:
    """The registrar over the fake."""
    return Registrar(object_types, clock)


def test_an_absent_type_is_created(registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline) -> None:
    """The domain is asked for first: without it every other error would mislead."""
    assert registrar.register(PROPERTIES, STACK, deadline) == Registration(DOMAIN, DOMAIN, ("everything",), Claim.MADE)
    assert object_types.types == {TARGET: MADE}
    assert object_types.calls == MAKING


def test_nothing_is_put_where_nothing_differs(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """CloudFormation may repeat a request, and a stack may be updated for other reasons."""
    registrar.register(PROPERTIES, STACK, deadline)
    object_types.calls.clear()
    assert registrar.register(PROPERTIES, STACK, deadline) == Registration(DOMAIN, DOMAIN, (), Claim.KEPT)
    assert object_types.calls == ASKING


def test_a_type_that_differs_is_changed_in_place(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Deleting it first would delete the customers' offers; what an operator set by hand is kept."""
    by_hand = replace(MADE, expiration_days=30, others={"EncryptionKey": "key-1"}, fields={"x": Field("_source.x")})
    object_types.types[TARGET] = by_hand
    assert registrar.register(PROPERTIES, STACK, deadline).changed == (
        "expiration_days",
        *sorted(f"field {name}" for name in FIELDS),
    )
    assert object_types.types[TARGET] == replace(MADE, others=by_hand.others, fields={**FIELDS, **by_hand.fields})
    assert "DeleteProfileObjectType" not in object_types.calls


@pytest.mark.parametrize("found", [Domain(None), DOMAIN])
def test_a_domain_is_given_its_queue(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline, found: Domain
) -> None:
    """Before the type: a queue that is refused must not leave half of a deployment behind."""
    object_types.domains[TARGET.domain_name] = found
    given = Domain(OTHER_QUEUE_URL)
    assert registrar.register(GIVING, STACK, deadline) == Registration(found, given, ("everything",), Claim.MADE)
    assert object_types.domains == {TARGET.domain_name: given}
    assert object_types.calls.index("UpdateDomain") < object_types.calls.index("PutProfileObjectType")


def test_a_domain_that_has_the_queue_is_left_alone(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """A repeated deployment changes nothing."""
    registrar.register(GIVING, STACK, deadline)
    object_types.calls.clear()
    assert registrar.register(GIVING, STACK, deadline) == Registration(
        Domain(OTHER_QUEUE_URL), Domain(OTHER_QUEUE_URL), (), Claim.KEPT
    )
    assert object_types.calls == ASKING


def test_a_queue_is_never_taken_away(registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline) -> None:
    """An emptied parameter says nothing about the domain, in which others may rely on the queue; nor does Delete."""
    registrar.register(GIVING, STACK, deadline)
    registrar.register(PROPERTIES, STACK, deadline)
    registrar.delete(TARGET, STACK, deadline)
    assert object_types.domains == {TARGET.domain_name: Domain(OTHER_QUEUE_URL)}


def test_a_refused_queue_leaves_the_type_alone(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """The deployment fails as a whole, and says why."""
    object_types.refuse("UpdateDomain", "BadRequestException", "The queue does not exist")
    with pytest.raises(RefusedError, match="parameter DomainDeadLetterQueueUrl"):
        registrar.register(GIVING, STACK, deadline)
    assert "PutProfileObjectType" not in object_types.calls


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
@pytest.mark.parametrize("operation", EVERY_CALL)
def test_a_permission_that_has_not_arrived_yet_is_waited_for(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline, operation: str, code: str
) -> None:
    """The deployment that needs a permission gives it a moment before; IAM takes seconds."""
    object_types.refuse(operation, code, times=3)
    assert registrar.register(GIVING, STACK, deadline).domain == Domain(OTHER_QUEUE_URL)
    assert object_types.types == {TARGET: MADE}


@pytest.mark.parametrize("operation", EVERY_CALL)
def test_a_permission_that_never_arrives_is_the_reason(
    registrar: Registrar, object_types: FakeObjectTypes, clock: FakeClock, deadline: Deadline, operation: str
) -> None:
    """A service control policy may deny it; CloudFormation gets its answer in time."""
    object_types.refuse(operation, "AccessDeniedException", times=1_000)
    with pytest.raises(DeniedError, match=f"call profile:{operation} on domain AnyCompanyDomain"):
        registrar.register(GIVING, STACK, deadline)
    assert 50 <= clock.elapsed <= 80


def test_a_type_that_does_not_exist_yet_costs_no_wait(
    registrar: Registrar, clock: FakeClock, deadline: Deadline
) -> None:
    """The list of types has none of the name either: it is no denial that looks like an absence."""
    registrar.register(PROPERTIES, STACK, deadline)
    assert clock.slept in ([], [0.0])


def test_a_type_that_is_listed_but_may_not_be_seen_yet_is_not_made_anew(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """To put over it what it is not would lose what others gave it."""
    object_types.types[TARGET] = replace(MADE, others={"SourcePriority": 3})
    object_types.refuse("GetProfileObjectType", "ResourceNotFoundException", times=2)
    assert registrar.register(PROPERTIES, STACK, deadline).changed == ()
    assert object_types.types[TARGET].others == {"SourcePriority": 3}


def test_an_absent_domain_ends_it(registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline) -> None:
    """No object type can be put into it."""
    object_types.domains.clear()
    with pytest.raises(AbsentError, match="ProfileDomainName"):
        registrar.register(PROPERTIES, STACK, deadline)
    assert set(object_types.calls) == {"GetDomain"}


@pytest.mark.parametrize("operation", EVERY_CALL)
def test_every_call_outlasts_throttles_and_hangs(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline, operation: str
) -> None:
    """The quotas are the account's: somebody else may be using them up."""
    object_types.refuse(operation, "ThrottlingException", times=2)
    object_types.hang_up(operation)
    assert registrar.register(GIVING, STACK, deadline).changed == ("everything",)
    assert object_types.calls.count(operation) >= 4


def test_a_throttle_without_end_is_the_reason(
    registrar: Registrar, object_types: FakeObjectTypes, clock: FakeClock, deadline: Deadline
) -> None:
    """The operator learns which quota it was, and CloudFormation gets its answer in time."""
    object_types.refuse("PutProfileObjectType", "ThrottlingException", times=1_000)
    with pytest.raises(PassingError, match="quota for PutProfileObjectType"):
        registrar.register(PROPERTIES, STACK, deadline)
    assert clock.elapsed <= 80


def test_a_refusal_is_not_repeated(registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline) -> None:
    """No definition gets better by waiting."""
    object_types.refuse("PutProfileObjectType", "BadRequestException", "Key is invalid")
    with pytest.raises(RefusedError):
        registrar.register(PROPERTIES, STACK, deadline)
    assert object_types.calls.count("PutProfileObjectType") == 1


def test_puts_are_a_second_apart(object_types: FakeObjectTypes, clock: FakeClock, deadline: Deadline) -> None:
    """The quota is one a second, over all resources that one environment serves."""
    registrar = Registrar(object_types, clock)
    for name in ("First", "Second", "Third"):
        registrar.register(replace(PROPERTIES, target=Target(TARGET.domain_name, name)), STACK, deadline)
    assert clock.elapsed == 2.0


def test_no_call_starts_after_the_deadline(
    registrar: Registrar, object_types: FakeObjectTypes, clock: FakeClock
) -> None:
    """Work that was left behind must not change anything later."""
    with pytest.raises(TimeUpError, match="longer Timeout"):
        registrar.register(PROPERTIES, STACK, Deadline.after(clock, 0))
    assert object_types.calls == []


def test_a_type_is_deleted(registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline) -> None:
    """Only the caller knows whether it should be; throttles are outlasted here too."""
    registrar.register(PROPERTIES, STACK, deadline)
    object_types.refuse("DeleteProfileObjectType", "ThrottlingException")
    object_types.refuse("DeleteProfileObjectType", "AccessDeniedException", times=2)
    assert registrar.delete(TARGET, STACK, deadline) is Deletion.DELETED
    assert object_types.types == {}


def test_deleting_what_is_gone_succeeds(registrar: Registrar, deadline: Deadline) -> None:
    """Somebody may have deleted the type or the domain by hand; the stack must still go."""
    assert registrar.delete(TARGET, STACK, deadline) is Deletion.GONE


def test_a_refused_deletion_is_told(registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline) -> None:
    """The operator asked for the data to go; that it stayed must not pass unnoticed."""
    registrar.register(PROPERTIES, STACK, deadline)
    object_types.refuse("DeleteProfileObjectType", "AccessDeniedException", times=1_000)
    with pytest.raises(DeniedError, match="call profile:DeleteProfileObjectType"):
        registrar.delete(TARGET, STACK, deadline)


def test_deleting_in_a_domain_that_is_gone_succeeds(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Even its list of types is not found then."""
    object_types.domains.clear()
    assert registrar.delete(TARGET, STACK, deadline) is Deletion.GONE


def test_what_goes_while_it_is_deleted_is_gone(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Somebody else may delete it between the look and the call."""
    registrar.register(PROPERTIES, STACK, deadline)
    object_types.refuse("DeleteProfileObjectType", "ResourceNotFoundException", times=1_000)
    assert registrar.delete(TARGET, STACK, deadline) is Deletion.GONE


FOREIGN = [replace(MADE, tags={}), replace(MADE, tags={STACK_TAG: OTHER.id})]


@pytest.mark.parametrize("current", FOREIGN)
def test_what_the_stack_does_not_own_is_left_alone(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline, current: Definition
) -> None:
    """Neither changed nor deleted, and the domain keeps its queue, too."""
    object_types.types[TARGET] = current
    with pytest.raises(ForeignTypeError, match="Nothing was changed"):
        registrar.register(GIVING, STACK, deadline)
    assert registrar.delete(TARGET, STACK, deadline) is Deletion.FOREIGN
    assert object_types.types == {TARGET: current}
    assert object_types.domains[TARGET.domain_name] == DOMAIN


@pytest.mark.parametrize("current", FOREIGN)
def test_a_type_is_adopted_where_that_was_said(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline, current: Definition
) -> None:
    """It is the stack's from then on, without being asked again, and is never deleted with it."""
    object_types.types[TARGET] = current
    registration = registrar.register(replace(GIVING, may_adopt=True), STACK, deadline)
    assert registration.claim is Claim.ADOPTED
    assert registration.previous_owner in {None, OTHER.id}
    assert object_types.types[TARGET].tags == {STACK_TAG: STACK.id, ADOPTED_TAG: "true"}
    assert registrar.register(GIVING, STACK, deadline).claim is Claim.KEPT
    assert registrar.delete(TARGET, STACK, deadline) is Deletion.ADOPTED
    assert TARGET in object_types.types


def test_a_type_that_the_stack_registered_before_there_were_tags_is_its_own(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """A deployed stack is updated without a new parameter. Who made the type nobody knows any more: it is kept."""
    object_types.types[TARGET] = replace(MADE, tags={})
    assert registrar.register(PROPERTIES, STACK, deadline, registered=True).claim is Claim.ADOPTED
    assert registrar.delete(TARGET, STACK, deadline) is Deletion.ADOPTED


def test_a_type_that_another_stack_has_adopted_meanwhile_is_not_taken_back(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Two stacks would change it in turn at each deployment."""
    object_types.types[TARGET] = replace(MADE, tags={STACK_TAG: OTHER.id, ADOPTED_TAG: "true"})
    with pytest.raises(ForeignTypeError, match="belongs to stack staging"):
        registrar.register(PROPERTIES, STACK, deadline, registered=True)


@pytest.mark.parametrize("may_adopt", [True, False])
def test_of_two_stacks_that_make_one_type_at_once_one_wins(
    object_types: FakeObjectTypes, clock: FakeClock, deadline: Deadline, *, may_adopt: bool
) -> None:
    """The other one is told, by the tag that the first put has left: no later put changes it."""
    wanted = replace(PROPERTIES, may_adopt=may_adopt)
    first, second = Registrar(object_types, clock), Registrar(object_types, clock)

    def overtake(operation: str) -> None:
        if operation == "PutProfileObjectType":
            object_types.before = lambda _: None
            assert second.register(wanted, OTHER, deadline).claim is Claim.MADE

    object_types.before = overtake
    with pytest.raises(ForeignTypeError, match=r"at the same time: it belongs to stack staging"):
        first.register(wanted, STACK, deadline)
    assert object_types.types[TARGET].tags == {STACK_TAG: OTHER.id}


def test_of_two_stacks_that_adopt_one_type_at_once_the_later_is_told_by_its_next_deployment(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Tags know no condition: the last one holds, and whoever lost it is refused from then on."""
    object_types.types[TARGET] = replace(MADE, tags={})
    wanted = replace(PROPERTIES, may_adopt=True)
    registrar.register(wanted, STACK, deadline)
    registrar.register(wanted, OTHER, deadline)
    with pytest.raises(ForeignTypeError, match="belongs to stack staging"):
        registrar.register(PROPERTIES, STACK, deadline, registered=True)


def test_tags_that_a_put_did_not_leave_are_given(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Somebody may have made the type a moment before, without tags."""

    def overtake(operation: str) -> None:
        if operation == "PutProfileObjectType":
            object_types.types[TARGET] = replace(MADE, tags={})

    object_types.before = overtake
    assert registrar.register(PROPERTIES, STACK, deadline).claim is Claim.MADE
    assert object_types.types[TARGET].tags == OURS


def test_a_tag_that_vanishes_fails_the_registration(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """A type without it would be nobody's, and the next deployment would be refused."""

    def undo(operation: str) -> None:
        if operation == "GetProfileObjectType" and TARGET in object_types.types:
            object_types.types[TARGET] = replace(MADE, tags={})

    object_types.before = undo
    with pytest.raises(ForeignTypeError, match="it carries no stack's tag"):
        registrar.register(PROPERTIES, STACK, deadline)
