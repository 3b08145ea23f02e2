"""The adapter and the function, put together as deployed, against the emulator and a real ResponseURL."""

from collections.abc import Iterator
from dataclasses import replace
from threading import Event

import boto3
import pytest
from botocore.config import Config

from bootstrap import handler as bootstrap_handler
from bootstrap.object_type import definition
from bootstrap.ownership import STACK_TAG, Stack
from bootstrap.profiles import CONFIG, CustomerProfiles
from bootstrap.properties import ObjectTypeId, Properties
from bootstrap.provisioning import Domain, ObjectTypeProvisioner
from custom_resource.errors import PermanentServiceError, TransientServiceError
from custom_resource.service_calls import LONGEST_CALL
from customer_profiles_emulator import Emulator, Settings
from engagement.call_timeout import ThreadCallTimeout
from engagement.clock import Deadline
from engagement.errors import InvalidEventError
from tests.contract.bootstrap_account import EmulatedAccount, put_faults
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import STACK_ID, ResponseUrlServer, resource_request
from tests.fakes.invocation import FakeContext

TARGET = ObjectTypeId("amazon-connect-any-company", "MarketingAssignedOffers")
QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/domain-dead-letters"
PROPERTIES = Properties(TARGET, expiration_days=1000, max_object_count=5, delete_with_stack=False)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator without quotas."""
    emulator = Emulator(Settings(rates={}))
    emulator.start()
    yield emulator
    emulator.stop()


def test_the_services_quota_is_kept() -> None:
    """At the emulator's own clock and quota of one a second, no put of ours is ever throttled."""
    clock = FakeClock()
    emulator = Emulator(Settings(rates={"PutProfileObjectType": 1}, monotonic=clock.monotonic))
    emulator.start()
    emulated = EmulatedAccount(emulator)
    emulated.create_domain(TARGET.domain_name)
    provisioner = ObjectTypeProvisioner(emulated.object_types, clock, ThreadCallTimeout(LONGEST_CALL))
    for days in range(1, 6):
        provisioner.register(replace(PROPERTIES, expiration_days=days), Stack.of(STACK_ID), Deadline.after(clock, 60))
    emulated.close()
    emulator.stop()
    assert clock.elapsed == 4.0


def test_nothing_else_of_the_domain_changes(emulator: Emulator) -> None:
    """It is the contact centre's: its encryption, retention, matching and tags are none of this stack's business."""
    emulated = EmulatedAccount(emulator)
    emulated.client.create_domain(
        DomainName=TARGET.domain_name,
        DefaultExpirationDays=90,
        DefaultEncryptionKey="arn:aws:kms:eu-west-1:123456789012:key/1",
        Matching={"Enabled": True},
        Tags={"owner": "contact-centre"},
    )
    before = members(emulated)
    emulated.object_types.set_queue(TARGET, QUEUE_URL)
    assert members(emulated) == {**before, "DeadLetterQueueUrl": QUEUE_URL}
    emulated.close()


def members(emulated: EmulatedAccount) -> dict[str, object]:
    """Return all that the domain is, but for when it changed."""
    answer = emulated.client.get_domain(DomainName=TARGET.domain_name)
    return {name: value for name, value in answer.items() if name not in {"LastUpdatedAt", "ResponseMetadata"}}


def test_a_call_that_hangs_is_given_up() -> None:
    """An answer that does not come must not use up the time in which CloudFormation is to be answered."""
    release = Event()

    def hang(_seconds: float) -> None:
        release.wait()

    emulator = Emulator(Settings(sleep=hang, domains=(TARGET.domain_name,)))
    emulator.start()
    put_faults(emulator.url, {"kind": "delay", "seconds": [60, 60]})
    emulated = EmulatedAccount(emulator, CONFIG.merge(Config(read_timeout=0.05)))
    with pytest.raises(TransientServiceError, match="GetDomain failed with NoAnswer: ReadTimeoutError"):
        emulated.object_types.domain(TARGET)
    release.set()
    emulated.close()
    emulator.stop()


def test_a_client_without_credentials_is_refused(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """No call can be made, then or later."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    client = boto3.Session().client("customer-profiles", region_name="eu-west-1", endpoint_url=emulator.url)
    with pytest.raises(PermanentServiceError, match="its role, its Region"):
        CustomerProfiles(client).domain(TARGET)


@pytest.fixture
def _environment(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The function's environment, and a composition root of its own."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_CUSTOMER_PROFILES", emulator.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("POWERTOOLS_SERVICE_NAME", "bootstrap")
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", "JourneyWriteBack")
    bootstrap_handler.bootstrap.cache_clear()
    yield
    bootstrap_handler.bootstrap.cache_clear()


@pytest.mark.usefixtures("_environment")
def test_the_function_as_deployed_registers_the_type(emulator: Emulator) -> None:
    """Entry point, environment, client, HTTP both ways: only AWS itself is missing."""
    emulated = EmulatedAccount(emulator)
    emulated.create_domain(TARGET.domain_name)
    with ResponseUrlServer() as response_url:
        bootstrap_handler.handler(
            resource_request("Create", response_url.url, {"DomainDeadLetterQueueUrl": QUEUE_URL}), FakeContext(120.0)
        )
        bootstrap_handler.handler(
            resource_request("Create", response_url.url, {"DomainName": "Gone"}), FakeContext(40.0)
        )
    assert [received.answer["Status"] for received in response_url.received] == ["SUCCESS", "FAILED"]
    assert emulated.object_types.get(TARGET) == replace(
        definition(PROPERTIES), max_object_count=100, tags={STACK_TAG: STACK_ID}
    )
    assert emulated.object_types.domain(TARGET) == Domain(QUEUE_URL)
    emulated.close()


@pytest.mark.usefixtures("_environment")
def test_the_function_invoked_by_hand_says_what_it_is_for() -> None:
    """The caller gets the error's type and text."""
    with pytest.raises(InvalidEventError, match="no ResponseURL"):
        bootstrap_handler.handler({}, FakeContext(120.0))
