"""`ops doctor` on a deployed stack: what it breaks is found, and what it sends is gone afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest

from engagement.clock import SystemClock
from local.stack import LocalStack
from ops import application
from ops.context import CliContext
from ops.doctor.canary import CUSTOMER
from ops.exits import Exit
from ops.profile_objects import ProfileObjects
from tests.fakes.terminal import FakeScreen


@pytest.fixture
def context(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> CliContext:
    """An operator at the local stack, whose shell has what `make up` printed."""
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    return CliContext(FakeScreen(as_json=True), SystemClock())


def _verdicts(context: CliContext, *, canary: bool = True) -> dict[str, dict[str, str]]:
    screen = context.screen
    assert isinstance(screen, FakeScreen)
    ended = application.parse(["doctor", "--patience", "60s", *([] if canary else ["--no-canary"])]).run(context)
    found = screen.json
    assert (ended is Exit.PROBLEMS) == (found["problems"] > 0)
    return {check["check"]: check for check in found["checks"]}


def test_what_was_just_deployed_is_fine_and_the_canary_leaves_nothing(context: CliContext) -> None:
    """A doctor that finds fault with a fresh deployment is not believed; alarms and figures depend on the stack."""
    found = _verdicts(context)

    undecided = {"alarms", "function errors", "outbound campaigns"}
    assert {
        check: one["seen"] for check, one in found.items() if one["verdict"] != "ok" and check not in undecided
    } == {}
    assert found["stack"]["seen"] == "CREATE_COMPLETE"
    assert found["outbound campaigns"]["verdict"] == "not checked"
    objects = ProfileObjects(
        context.account.customer_profiles(), context.deployment.domain, context.deployment.object_type
    )
    assert objects.of_customer(CUSTOMER) == []


@pytest.fixture
def without_partial_responses(stack: LocalStack) -> Iterator[None]:
    """An event source that was changed in the console."""
    functions = stack.clients.functions()
    [mapping] = functions.list_event_source_mappings()["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], FunctionResponseTypes=[], Enabled=False)
    yield
    functions.update_event_source_mapping(
        UUID=mapping["UUID"], FunctionResponseTypes=["ReportBatchItemFailures"], Enabled=True
    )


@pytest.mark.usefixtures("without_partial_responses")
def test_an_event_source_that_was_changed_is_found_and_no_canary_is_sent(context: CliContext) -> None:
    """It would wait in the queue for ever."""
    found = _verdicts(context)

    assert found["event source"]["verdict"] == "problem"
    assert "Disabled" in found["event source"]["seen"]
    assert found["canary"]["verdict"] == "not checked"


def test_an_object_type_that_was_changed_is_found(context: CliContext, stack: LocalStack) -> None:
    """Drift is what nobody deployed."""
    client: Any = stack.clients.customer_profiles()
    deployment = context.deployment
    names = {"DomainName": deployment.domain, "ObjectTypeName": deployment.object_type}
    registered = client.get_profile_object_type(**names)
    definition = {
        name: registered[name]
        for name in ("Description", "ExpirationDays", "AllowProfileCreation", "Fields", "Keys", "MaxProfileObjectCount")
    }
    client.put_profile_object_type(**names, **{**definition, "ExpirationDays": 7})
    try:
        found = _verdicts(context, canary=False)
    finally:
        client.put_profile_object_type(**names, **definition)

    assert found["object type"]["verdict"] == "problem"
    assert "expiration_days" in found["object type"]["seen"]
