"""What `bootstrap.provisioning.ObjectTypes` promises, asked of the fake and of the adapter against the emulator."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

import pytest

from bootstrap.object_type import KEYS, Field, Key, definition, differences
from bootstrap.ownership import STACK_TAG, Stack
from bootstrap.properties import ObjectTypeId, Properties
from bootstrap.provisioning import DeletionResult, Domain, ObjectTypeProvisioner, ObjectTypes
from custom_resource.errors import (
    AccessDeniedError,
    NotFoundError,
    PermanentServiceError,
    ServiceError,
    TransientServiceError,
)
from custom_resource.service_calls import LONGEST_CALL
from customer_profiles_emulator import Emulator, Settings
from engagement.call_timeout import ThreadCallTimeout
from engagement.clock import Deadline
from tests.contract.bootstrap_account import Account, EmulatedAccount, FakeAccount
from tests.fakes.clock import FakeClock

TARGET = ObjectTypeId("AnyCompanyDomain", "MarketingAssignedOffers")
PROPERTIES = Properties(TARGET, expiration_days=1000, max_object_count=5, delete_with_stack=False)
WANTED = definition(PROPERTIES)
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/domain-dead-letters"
OTHER_QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/other"
STACK = Stack.of("arn:aws:cloudformation:eu-west-1:123456789012:stack/write-back/6d5f2c40-c80e-11f1")
OPERATIONS = (
    *("GetDomain", "UpdateDomain", "GetProfileObjectType", "ListProfileObjectTypes", "PutProfileObjectType"),
    "DeleteProfileObjectType",
)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator without quotas."""
    emulator = Emulator(Settings(rates={}))
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture(params=["fake", "emulator"])
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    """An account without domains."""
    if request.param == "fake":
        yield FakeAccount()
        return
    emulated = EmulatedAccount(request.getfixturevalue("emulator"))
    yield emulated
    emulated.close()


def call(object_types: ObjectTypes, operation: str) -> object:
    """Call one operation of the service."""
    calls: Mapping[str, Callable[[], object]] = {
        "GetDomain": lambda: object_types.domain(TARGET),
        "UpdateDomain": lambda: object_types.set_queue(TARGET, OTHER_QUEUE_URL),
        "GetProfileObjectType": lambda: object_types.get(TARGET),
        "ListProfileObjectTypes": lambda: object_types.exists(TARGET),
        "PutProfileObjectType": lambda: object_types.put(TARGET, WANTED),
        "DeleteProfileObjectType": lambda: object_types.delete(TARGET),
    }
    return calls[operation]()


@pytest.mark.parametrize("queue_url", [None, QUEUE_URL])
def test_a_domain_tells_its_dead_letter_queue(account: Account, queue_url: str | None) -> None:
    """Without one, what cannot be attached is lost."""
    account.create_domain(TARGET.domain_name, queue_url)
    assert account.object_types.domain(TARGET) == Domain(queue_url)


@pytest.mark.parametrize("before", [None, QUEUE_URL])
def test_a_domain_is_given_its_dead_letter_queue(account: Account, before: str | None) -> None:
    """In place of none or another; given twice it is the same."""
    account.create_domain(TARGET.domain_name, before)
    assert account.object_types.set_queue(TARGET, OTHER_QUEUE_URL) == Domain(OTHER_QUEUE_URL)
    assert account.object_types.set_queue(TARGET, OTHER_QUEUE_URL) == Domain(OTHER_QUEUE_URL)
    assert account.object_types.domain(TARGET) == Domain(OTHER_QUEUE_URL)


def test_a_queue_that_cannot_be_one_is_refused(account: Account) -> None:
    """The operator learns which parameter names it, and the domain keeps what it has."""
    account.create_domain(TARGET.domain_name, QUEUE_URL)
    with pytest.raises(PermanentServiceError, match="parameter DomainDeadLetterQueueUrl"):
        account.object_types.set_queue(TARGET, "https://sqs/" + "q" * 255)
    assert account.object_types.domain(TARGET) == Domain(QUEUE_URL)


def test_an_absent_domain_is_absent(account: Account) -> None:
    """The operator learns which parameter names it."""
    with pytest.raises(NotFoundError, match="parameter ProfileDomainName"):
        account.object_types.domain(TARGET)
    with pytest.raises(NotFoundError, match="call profile:PutProfileObjectType"):
        account.object_types.put(TARGET, WANTED)
    with pytest.raises(NotFoundError, match="or domain AnyCompanyDomain itself, does not exist"):
        account.object_types.set_queue(TARGET, QUEUE_URL)


def test_an_absent_type_is_absent(account: Account) -> None:
    """To create and to delete it are two different answers to that."""
    account.create_domain(TARGET.domain_name)
    with pytest.raises(NotFoundError):
        account.object_types.get(TARGET)
    with pytest.raises(NotFoundError):
        account.object_types.delete(TARGET)


def test_what_was_put_is_what_is_got(account: Account) -> None:
    """Else every deployment would find a difference; what an operator may have set is kept as well."""
    account.create_domain(TARGET.domain_name)
    others = {"EncryptionKey": "arn:aws:kms:eu-west-1:123456789012:key/1", "SourcePriority": 3}
    others |= {"SourceLastUpdatedTimestampFormat": "EpochMilli"}
    wanted = replace(WANTED, others=others, tags={"cost-centre": "42", STACK_TAG: STACK.id})
    account.object_types.put(TARGET, wanted)
    assert account.object_types.get(TARGET) == wanted
    assert differences(account.object_types.get(TARGET), wanted) == ()


def test_a_put_replaces_the_type(account: Account) -> None:
    """The service creates and changes by the same call."""
    account.create_domain(TARGET.domain_name)
    account.object_types.put(
        TARGET, replace(WANTED, expiration_days=30, fields={**WANTED.fields, "x": Field("_source.x")})
    )
    account.object_types.put(TARGET, WANTED)
    assert account.object_types.get(TARGET) == WANTED


def test_a_type_may_leave_out_what_ours_has(account: Account) -> None:
    """The published sample's type has neither retention nor a number of objects; it is read nevertheless."""
    account.create_domain(TARGET.domain_name)
    sample = replace(
        WANTED,
        expiration_days=None,
        max_object_count=None,
        allow_profile_creation=False,
        keys={"_account": (Key(("UserId",), frozenset({"PROFILE", "UNIQUE"})),)},
    )
    account.object_types.put(TARGET, sample)
    assert account.object_types.get(TARGET) == sample


def test_the_list_of_types_tells_which_exist(account: Account) -> None:
    """It is what tells a type that is not there from one that may not be seen, beyond its first page as well."""
    account.create_domain(TARGET.domain_name)
    named = [replace(TARGET, name=f"Type{number}") for number in range(100)]
    assert not account.object_types.exists(named[0])
    for object_type in named:
        account.object_types.put(object_type, WANTED)
    assert all(account.object_types.exists(object_type) for object_type in (named[0], named[50], named[99]))
    assert not account.object_types.exists(TARGET)
    with pytest.raises(NotFoundError):
        account.object_types.exists(ObjectTypeId("Nowhere", "Offers"))


def test_a_deleted_type_is_gone(account: Account) -> None:
    """Deleting it again finds nothing."""
    account.create_domain(TARGET.domain_name)
    account.object_types.put(TARGET, WANTED)
    account.object_types.delete(TARGET)
    with pytest.raises(NotFoundError):
        account.object_types.delete(TARGET)


def test_a_definition_that_breaks_the_rules_is_refused(account: Account) -> None:
    """Two UNIQUE keys are one too many; no repetition helps."""
    account.create_domain(TARGET.domain_name)
    two = {**KEYS, "_account": (Key(("UserId",), frozenset({"PROFILE", "UNIQUE"})),)}
    with pytest.raises(PermanentServiceError, match="parameter ProfileObjectTypeName"):
        account.object_types.put(TARGET, replace(WANTED, keys=two))


def test_a_full_domain_is_refused(account: Account) -> None:
    """A domain holds a hundred object types; changing one that exists is still possible."""
    account.create_domain(TARGET.domain_name)
    for number in range(100):
        account.object_types.put(replace(TARGET, name=f"Type{number}"), WANTED)
    account.object_types.put(replace(TARGET, name="Type0"), replace(WANTED, expiration_days=30))
    with pytest.raises(PermanentServiceError, match="Delete an object type that nobody uses"):
        account.object_types.put(TARGET, WANTED)


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("kind", ["throttle", "server_error", "concurrent_update", "drop_before_write"])
def test_a_failure_that_may_pass_says_so(account: Account, operation: str, kind: str) -> None:
    """The one layer that retries goes by the error's type."""
    fails_once(account, operation, kind, TransientServiceError)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_denied_call_says_that_it_was_denied(account: Account, operation: str) -> None:
    """The permission comes with the deployment, and may be on its way."""
    fails_once(account, operation, "access_denied", AccessDeniedError)


def fails_once(account: Account, operation: str, kind: str, error: type[ServiceError]) -> None:
    """Assert that the call fails as it should, and succeeds once the fault is over."""
    account.create_domain(TARGET.domain_name)
    account.object_types.put(TARGET, WANTED)
    account.fail_once(operation, kind)
    with pytest.raises(error, match=f"{operation} failed with"):
        call(account.object_types, operation)
    call(account.object_types, operation)


def test_the_type_is_registered_once(account: Account) -> None:
    """The whole work over the port: created, found as wanted, changed, deleted."""
    account.create_domain(TARGET.domain_name, QUEUE_URL)
    clock = FakeClock()
    deadline = Deadline.after(clock, 60)
    provisioner = ObjectTypeProvisioner(account.object_types, clock, ThreadCallTimeout(LONGEST_CALL))
    assert provisioner.register(PROPERTIES, STACK, deadline).changed == ("everything",)
    assert provisioner.register(PROPERTIES, STACK, deadline).changed == ()
    changed = provisioner.register(replace(PROPERTIES, expiration_days=30), STACK, deadline).changed
    assert changed == ("expiration_days",)
    assert account.object_types.get(TARGET).tags == {STACK_TAG: STACK.id}
    assert provisioner.delete(TARGET, STACK, deadline) is DeletionResult.DELETED
    assert provisioner.delete(TARGET, STACK, deadline) is DeletionResult.GONE
