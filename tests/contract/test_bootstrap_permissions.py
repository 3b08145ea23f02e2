"""IAM spreads in seconds what a deployment allows: no operation of bootstrap may fail for a denial till then."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import replace
from inspect import getsource

import boto3
import pytest

from bootstrap import profiles
from bootstrap.ownership import STACK_TAG, Ownership, Stack
from bootstrap.properties import ObjectTypeId, Properties
from bootstrap.provisioning import DeletionResult, ObjectTypeProvisioner
from custom_resource.errors import AccessDeniedError
from custom_resource.service_calls import LONGEST_CALL
from customer_profiles_emulator import Emulator, Settings
from engagement.call_timeout import ThreadCallTimeout
from engagement.clock import Deadline
from tests.contract.bootstrap_account import EmulatedAccount, put_faults
from tests.fakes.clock import FakeClock

TARGET = ObjectTypeId("AnyCompanyDomain", "MarketingAssignedOffers")
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/domain-dead-letters"
PROPERTIES = Properties(TARGET, 1000, 5, delete_with_stack=True, domain_queue_url=QUEUE_URL)
STACK = Stack.of("arn:aws:cloudformation:eu-west-1:123456789012:stack/write-back/6d5f2c40-c80e-11f1")
OTHER = Stack.of("arn:aws:cloudformation:eu-west-1:123456789012:stack/staging/7e6a3d51-d91f-22e2")


def operations() -> list[str]:
    """Return every operation that the adapter's code calls on its client: a new one is under the test by itself."""
    names = boto3.client("customer-profiles", region_name="eu-west-1").meta.method_to_api_mapping
    calls = [node.func for node in ast.walk(ast.parse(getsource(profiles))) if isinstance(node, ast.Call)]
    methods = [call for call in calls if isinstance(call, ast.Attribute) and isinstance(call.value, ast.Attribute)]
    called = {method.attr for method in methods if ast.unparse(method.value) == "self._client"}
    assert called, "the adapter calls its client by another name"
    return sorted(names[name] for name in called)


@pytest.fixture
def account() -> Iterator[EmulatedAccount]:
    """The emulator's account, with the domain."""
    emulator = Emulator(Settings(rates={}))
    emulator.start()
    emulated = EmulatedAccount(emulator)
    emulated.create_domain(TARGET.domain_name)
    yield emulated
    emulated.close()
    emulator.stop()


def life(account: EmulatedAccount, beginning: Callable[[], None]) -> list[object]:
    """Make, update, delete, and adopt a type; call ``beginning`` before each."""
    clock = FakeClock()
    provisioner = ObjectTypeProvisioner(account.object_types, clock, ThreadCallTimeout(LONGEST_CALL))
    updated, adopting = replace(PROPERTIES, max_object_count=6), replace(PROPERTIES, may_adopt=True)
    steps: list[Callable[[], object]] = [
        lambda: provisioner.register(PROPERTIES, STACK, Deadline.after(clock, 81)).ownership,
        lambda: provisioner.register(updated, STACK, Deadline.after(clock, 81)).ownership,
        lambda: provisioner.delete(TARGET, STACK, Deadline.after(clock, 81)),
        lambda: provisioner.register(PROPERTIES, OTHER, Deadline.after(clock, 81)).ownership,
        lambda: provisioner.register(adopting, STACK, Deadline.after(clock, 81)).ownership,
    ]
    ends: list[object] = []
    for step in steps:
        beginning()
        ends.append(step())
    return ends


WHOLE_LIFE = [Ownership.CREATED, Ownership.OWNED, DeletionResult.DELETED, Ownership.CREATED, Ownership.ADOPTED]


def test_the_life_of_a_type_calls_every_operation(account: EmulatedAccount) -> None:
    """Else the test that follows would show nothing of the one that is missing."""
    called: set[str] = set()
    account.client.meta.events.register("before-call.customer-profiles", lambda model, **_: called.add(model.name))
    assert life(account, lambda: None) == WHOLE_LIFE
    assert sorted(called) == operations()


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("operation", operations())
def test_an_operation_that_is_denied_at_first_does_not_fail_a_deployment(
    account: EmulatedAccount, operation: str, times: int
) -> None:
    """Whichever it is, and however the type came to be: made, changed, deleted, adopted."""

    def deny() -> None:
        put_faults(account.url, {"kind": "access_denied", "operations": [operation], "times": times})

    assert life(account, deny) == WHOLE_LIFE
    put_faults(account.url)
    assert account.object_types.get(TARGET).tags[STACK_TAG] == STACK.id


@pytest.mark.parametrize("operation", operations())
def test_an_operation_that_stays_denied_is_named(account: EmulatedAccount, operation: str) -> None:
    """Within the function's time, with what to do."""

    def deny() -> None:
        put_faults(account.url, {"kind": "access_denied", "operations": [operation]})

    with pytest.raises(AccessDeniedError, match=f"call profile:{operation}.*{operation} failed with AccessDenied"):
        life(account, deny)
