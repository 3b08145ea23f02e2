"""What `writer.profiles.CustomerProfiles` promises, asked of it on the fake client and against the emulator."""

import json
from collections.abc import Iterator
from socket import socket
from typing import Any

import pytest

from customer_profiles_emulator import Emulator, Settings
from engagement.call_timeout import ThreadCallTimeout, timed
from engagement.errors import DeliveryError, PermanentError, SystemicError, ThrottledError, TransientError
from tests.contract.writer_service import EmulatedService, FakeService, Service, client_of
from tests.fakes.clock import FakeClock
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE
from tests.samples import engagement_record
from tests.sqs_events import sqs_event
from writer.delivery import Returned, Written, deliver
from writer.handler import LONGEST_CALL
from writer.message import read_event
from writer.profile_object import profile_object
from writer.profiles import CustomerProfiles
from writer.swapped_answers import CAUSE, SwappedAnswers

RECORD = engagement_record()
OBJECT = profile_object(RECORD)


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator without quotas."""
    emulator = Emulator(Settings(rates={}))
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture(params=["fake", "emulator"])
def service(request: pytest.FixtureRequest) -> Iterator[Service]:
    """Customer Profiles, the domain and the type in place."""
    if request.param == "fake":
        yield FakeService()
        return
    emulated = EmulatedService(request.getfixturevalue("emulator"))
    yield emulated
    emulated.close()


def put(service: Service, text: str = OBJECT, *, domain: str = DOMAIN, object_type: str = OBJECT_TYPE) -> None:
    """Put an object through the adapter."""
    CustomerProfiles(service.client, domain, object_type).put(text)


def failure(
    service: Service, text: str = OBJECT, *, domain: str = DOMAIN, object_type: str = OBJECT_TYPE
) -> DeliveryError:
    """Return what putting the object raises."""
    with pytest.raises(DeliveryError) as raised:
        put(service, text, domain=domain, object_type=object_type)
    return raised.value


def test_an_object_is_kept_as_it_was_put(service: Service) -> None:
    """What an agent reads is what the writer wrote."""
    put(service)

    assert service.objects() == {RECORD.record_id: json.loads(OBJECT)}
    assert service.requests() == 1


def test_a_repeated_put_replaces(service: Service) -> None:
    """Redelivery, retry and redrive are harmless because of this alone."""
    newer = engagement_record(endpoint={"Version": "2"})

    put(service)
    put(service)
    put(service, profile_object(newer))

    assert service.objects() == {RECORD.record_id: json.loads(profile_object(newer))}


def test_another_record_stands_beside(service: Service) -> None:
    """A customer keeps a history, not only the last offer."""
    put(service)
    put(service, profile_object(engagement_record(offer_name="another")))

    assert len(service.objects()) == 2


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("throttle", ThrottledError, "ThrottlingException"),
        ("server_error", TransientError, "InternalServerException"),
        ("unavailable", TransientError, "ServiceUnavailableException"),
        ("concurrent_update", TransientError, "ConcurrentUpdate"),
        ("access_denied", SystemicError, "AccessDeniedException"),
    ],
)
def test_an_answered_fault_costs_one_request_and_has_its_type(
    service: Service, fault: str, kind: type[DeliveryError], code: str
) -> None:
    """One layer retries, and it is not this one: botocore would hide throttles from it and multiply them."""
    service.fail_once(fault)

    error = failure(service)

    assert type(error) is kind
    assert error.code == code
    assert error.request_id
    assert service.requests() == 1
    assert service.objects() == {}


@pytest.mark.parametrize(("fault", "objects"), [("drop_before_write", 0), ("drop_after_write", 1)])
def test_a_dropped_connection_is_transient_whether_or_not_the_object_was_written(
    service: Service, fault: str, objects: int
) -> None:
    """The caller cannot know which it was."""
    service.fail_once(fault)

    error = failure(service)

    assert type(error) is TransientError
    assert service.requests() == 1
    assert len(service.objects()) == objects


@pytest.mark.parametrize(
    "kind",
    [
        "lying_page",
        "lying_empty",
        "lying_no_content",
        "lying_created",
        "lying_null",
        "lying_cut",
        "others_answer",
        "foreign_400",
    ],
)
def test_what_comes_in_the_services_place_is_neither_a_write_nor_a_refusal(emulator: Emulator, kind: str) -> None:
    """A page that says 200 would lose the record, one that says 400 would park it for nothing."""
    service = EmulatedService(emulator)
    service.fail_once(kind)
    profiles = CustomerProfiles(timed(service.client, ThreadCallTimeout(LONGEST_CALL)), DOMAIN, OBJECT_TYPE)

    with pytest.raises(TransientError) as raised:
        profiles.put(OBJECT)
    assert type(raised.value) is TransientError
    assert service.objects() == {}

    profiles.put(OBJECT)
    assert set(service.objects()) == {RECORD.record_id}
    service.close()


@pytest.mark.parametrize(("kind", "objects"), [("hang", 0), ("drip", 1)])
def test_an_answer_that_does_not_end_is_given_up_in_time(emulator: Emulator, kind: str, objects: int) -> None:
    """The client's read time-out of five seconds holds for each byte, and strikes never."""
    service = EmulatedService(emulator)
    service.fail_once(kind, seconds=0.2)
    profiles = CustomerProfiles(timed(service.client, ThreadCallTimeout(0.5)), DOMAIN, OBJECT_TYPE)

    with pytest.raises(TransientError, match="CallOutlastedError"):
        profiles.put(OBJECT)

    assert len(service.objects()) == objects
    service.close()


def test_an_answer_that_came_twice_counts_for_neither_record(emulator: Emulator) -> None:
    """The second write was answered with the first one's key, before it was looked at."""
    service = EmulatedService(emulator)
    service.fail_once("sent_twice", seconds=0.2)
    records = [engagement_record(offer_name=name) for name in ("first", "second")]
    put = CustomerProfiles(service.client, DOMAIN, OBJECT_TYPE).put

    outcomes = deliver(read_event(sqs_event(records)), put, 1, FakeClock().now)

    assert all(isinstance(outcome, Written) for outcome in outcomes)
    checked = SwappedAnswers().return_swapped(outcomes)
    assert [outcome.cause for outcome in checked if isinstance(outcome, Returned)] == [CAUSE, CAUSE]
    service.close()


def test_after_a_fault_the_next_put_succeeds(service: Service) -> None:
    """A client whose connection was cut makes another."""
    service.fail_once("drop_before_write")
    failure(service)

    put(service)

    assert set(service.objects()) == {RECORD.record_id}


@pytest.mark.parametrize(("domain", "object_type"), [("Missing", OBJECT_TYPE), (DOMAIN, "Missing")])
def test_a_missing_place_is_systemic(service: Service, domain: str, object_type: str) -> None:
    """Every record would meet it: none is at fault."""
    error = failure(service, domain=domain, object_type=object_type)

    assert type(error) is SystemicError
    assert error.code == "ResourceNotFoundException"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "[]",
        '{"recordId": NaN}',
        "{}",
        '{"recordId": "r"}',
        '{"UserId": "user-1"}',
        '{"recordId": "", "UserId": "user-1"}',
        '{"recordId": "r", "UserId": "user-1", "endpoint": {"Data": "' + "x" * 256_000 + '"}}',
    ],
)
def test_an_object_that_can_never_be_stored_is_permanent(service: Service, text: str) -> None:
    """It would come again and again until somebody looked."""
    assert type(failure(service, text)) is PermanentError
    assert service.objects() == {}


def test_an_endpoint_that_nobody_serves_is_transient() -> None:
    """A refused connection says nothing against the record."""
    with socket() as bound_but_deaf:
        bound_but_deaf.bind(("127.0.0.1", 0))
        client = client_of(f"http://127.0.0.1:{bound_but_deaf.getsockname()[1]}")

        with pytest.raises(TransientError, match="EndpointConnectionError"):
            CustomerProfiles(client, DOMAIN, OBJECT_TYPE).put(OBJECT)
        client.close()


def test_the_environment_cannot_add_a_second_layer_of_retries(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator's AWS_MAX_ATTEMPTS, or another default of another botocore, must not multiply the calls."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "5")
    monkeypatch.setenv("AWS_RETRY_MODE", "adaptive")
    service = EmulatedService(emulator)
    service.fail_once("throttle")

    failure(service)

    assert service.requests() == 1
    service.close()


def test_a_client_has_a_connection_for_each_thread_and_gives_up_in_time() -> None:
    """A thread without a connection opens one a call; a call beyond the limit eats the time to park."""
    client = client_of("http://127.0.0.1")
    config: Any = client.meta.config

    assert config.max_pool_connections == 2
    assert config.connect_timeout + config.read_timeout <= LONGEST_CALL
