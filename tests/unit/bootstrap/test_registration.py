from dataclasses import replace

import pytest

from bootstrap.errors import AbsentError, PassingError, RefusedError, TimeUpError
from bootstrap.object_type import FIELDS, definition
from bootstrap.properties import Properties, Target
from bootstrap.registration import Domain, Registrar, Registration
from engagement.clock import Deadline
from tests.fakes.clock import FakeClock
from tests.fakes.object_types import FakeObjectTypes

TARGET = Target("AnyCompanyDomain", "Offers")
PROPERTIES = Properties(TARGET, expiration_days=1000, max_object_count=100, delete_with_stack=False)
DOMAIN = Domain("https://sqs.eu-west-1.amazonaws.com/123456789012/domain-dead-letters")
OTHER_QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/other"
GIVING = replace(PROPERTIES, domain_queue_url=OTHER_QUEUE_URL)
ASKING = ["GetDomain", "GetProfileObjectType"]


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
    assert registrar.register(PROPERTIES, deadline) == Registration(DOMAIN, DOMAIN, ("everything",))
    assert object_types.types == {TARGET: definition(PROPERTIES)}
    assert object_types.calls == [*ASKING, "PutProfileObjectType"]


def test_nothing_is_put_where_nothing_differs(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """CloudFormation may repeat a request, and a stack may be updated for other reasons."""
    registrar.register(PROPERTIES, deadline)
    object_types.calls.clear()
    assert registrar.register(PROPERTIES, deadline) == Registration(DOMAIN, DOMAIN, ())
    assert object_types.calls == ASKING


def test_a_type_that_differs_is_changed_in_place(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """Deleting it first would delete the customers' offers; what an operator set by hand is kept."""
    by_hand = replace(definition(PROPERTIES), expiration_days=30, encryption_key="key-1", fields={})
    object_types.types[TARGET] = by_hand
    assert registrar.register(PROPERTIES, deadline).changed == (
        "expiration_days",
        *sorted(f"field {name}" for name in FIELDS),
    )
    assert object_types.types[TARGET] == replace(definition(PROPERTIES), encryption_key="key-1")
    assert "DeleteProfileObjectType" not in object_types.calls


@pytest.mark.parametrize("found", [Domain(None), DOMAIN])
def test_a_domain_is_given_its_queue(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline, found: Domain
) -> None:
    """Before the type: a queue that is refused must not leave half of a deployment behind."""
    object_types.domains[TARGET.domain_name] = found
    given = Domain(OTHER_QUEUE_URL)
    assert registrar.register(GIVING, deadline) == Registration(found, given, ("everything",))
    assert object_types.domains == {TARGET.domain_name: given}
    assert object_types.calls == ["GetDomain", "UpdateDomain", "GetProfileObjectType", "PutProfileObjectType"]


def test_a_domain_that_has_the_queue_is_left_alone(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """A repeated deployment changes nothing."""
    registrar.register(GIVING, deadline)
    object_types.calls.clear()
    assert registrar.register(GIVING, deadline) == Registration(Domain(OTHER_QUEUE_URL), Domain(OTHER_QUEUE_URL), ())
    assert object_types.calls == ASKING


def test_a_queue_is_never_taken_away(registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline) -> None:
    """An emptied parameter says nothing about the domain, in which others may rely on the queue; nor does Delete."""
    registrar.register(GIVING, deadline)
    registrar.register(PROPERTIES, deadline)
    registrar.delete(TARGET, deadline)
    assert object_types.domains == {TARGET.domain_name: Domain(OTHER_QUEUE_URL)}


def test_a_refused_queue_leaves_the_type_alone(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """The deployment fails as a whole, and says why."""
    object_types.refuse("UpdateDomain", "BadRequestException", "The queue does not exist")
    with pytest.raises(RefusedError, match="parameter DomainDeadLetterQueueUrl"):
        registrar.register(GIVING, deadline)
    assert object_types.calls == ["GetDomain", "UpdateDomain"]


def test_a_permission_that_has_not_arrived_yet_is_waited_for(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline
) -> None:
    """The deployment that gives the queue gives the permission to set it a moment before; IAM takes seconds."""
    object_types.refuse("UpdateDomain", "AccessDeniedException", times=3)
    assert registrar.register(GIVING, deadline).domain == Domain(OTHER_QUEUE_URL)


def test_a_permission_that_never_arrives_is_the_reason(
    registrar: Registrar, object_types: FakeObjectTypes, clock: FakeClock, deadline: Deadline
) -> None:
    """A service control policy may deny it; CloudFormation gets its answer in time."""
    object_types.refuse("UpdateDomain", "AccessDeniedException", times=1_000)
    with pytest.raises(PassingError, match="call profile:UpdateDomain on domain AnyCompanyDomain"):
        registrar.register(GIVING, deadline)
    assert clock.elapsed <= 80


def test_an_absent_domain_ends_it(registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline) -> None:
    """No object type can be put into it."""
    object_types.domains.clear()
    with pytest.raises(AbsentError, match="ProfileDomainName"):
        registrar.register(PROPERTIES, deadline)
    assert object_types.calls == ["GetDomain"]


@pytest.mark.parametrize("operation", ["GetDomain", "UpdateDomain", "GetProfileObjectType", "PutProfileObjectType"])
def test_every_call_outlasts_throttles_and_hangs(
    registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline, operation: str
) -> None:
    """The quotas are the account's: somebody else may be using them up."""
    object_types.refuse(operation, "ThrottlingException", times=2)
    object_types.hang_up(operation)
    assert registrar.register(GIVING, deadline).changed == ("everything",)
    assert object_types.calls.count(operation) == 4


def test_a_throttle_without_end_is_the_reason(
    registrar: Registrar, object_types: FakeObjectTypes, clock: FakeClock, deadline: Deadline
) -> None:
    """The operator learns which quota it was, and CloudFormation gets its answer in time."""
    object_types.refuse("PutProfileObjectType", "ThrottlingException", times=1_000)
    with pytest.raises(PassingError, match="quota for PutProfileObjectType"):
        registrar.register(PROPERTIES, deadline)
    assert clock.elapsed <= 80


def test_a_refusal_is_not_repeated(registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline) -> None:
    """No permission appears by waiting."""
    object_types.refuse("PutProfileObjectType", "AccessDeniedException")
    with pytest.raises(RefusedError):
        registrar.register(PROPERTIES, deadline)
    assert object_types.calls.count("PutProfileObjectType") == 1


def test_puts_are_a_second_apart(object_types: FakeObjectTypes, clock: FakeClock, deadline: Deadline) -> None:
    """The quota is one a second, over all resources that one environment serves."""
    registrar = Registrar(object_types, clock)
    for name in ("First", "Second", "Third"):
        registrar.register(replace(PROPERTIES, target=Target(TARGET.domain_name, name)), deadline)
    assert clock.elapsed == 2.0


def test_no_call_starts_after_the_deadline(
    registrar: Registrar, object_types: FakeObjectTypes, clock: FakeClock
) -> None:
    """Work that was left behind must not change anything later."""
    with pytest.raises(TimeUpError, match="longer Timeout"):
        registrar.register(PROPERTIES, Deadline.after(clock, 0))
    assert object_types.calls == []


def test_a_type_is_deleted(registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline) -> None:
    """Only the caller knows whether it should be; throttles are outlasted here too."""
    registrar.register(PROPERTIES, deadline)
    object_types.refuse("DeleteProfileObjectType", "ThrottlingException")
    assert registrar.delete(TARGET, deadline) is True
    assert object_types.types == {}


def test_deleting_what_is_gone_succeeds(registrar: Registrar, deadline: Deadline) -> None:
    """Somebody may have deleted the type or the domain by hand; the stack must still go."""
    assert registrar.delete(TARGET, deadline) is False


def test_a_refused_deletion_is_told(registrar: Registrar, object_types: FakeObjectTypes, deadline: Deadline) -> None:
    """The operator asked for the data to go; that it stayed must not pass unnoticed."""
    object_types.refuse("DeleteProfileObjectType", "AccessDeniedException")
    with pytest.raises(RefusedError, match="call profile:DeleteProfileObjectType"):
        registrar.delete(TARGET, deadline)
