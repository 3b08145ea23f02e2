"""An emulator in this process, in virtual time, and a boto3 client that talks to it over real HTTP."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any

import boto3
import pytest
import urllib3
from botocore.config import Config

from customer_profiles_emulator import DeadLetter, Emulator, Settings
from tests.customer_profiles_samples import DOMAIN, TYPE, definition
from tests.fakes.clock import FakeClock
from tests.fakes.dead_letters import FakeDeadLetterQueue

SESSION = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-central-1")


def client_of(url: str, **config: Any) -> Any:
    """A boto3 client that makes each call once."""
    settings = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=5, **config)
    return SESSION.client("customer-profiles", endpoint_url=url, config=settings)


@dataclass(frozen=True, slots=True)
class Running:
    """A running emulator with what a test reaches it by; the sample domain exists, and the sample type in it."""

    emulator: Emulator
    client: Any
    clock: FakeClock
    dead_letters: FakeDeadLetterQueue
    http: urllib3.PoolManager

    def control(self, method: str, path: str, document: object = None) -> Any:
        """Call the control plane and return what it answers."""
        answer = self.http.request(method, f"{self.emulator.url}/_emulator/{path}", json=document)
        assert answer.status == 200, answer.data
        return answer.json()

    def put(self, text: str, **changes: str) -> Any:
        """PutProfileObject into the sample type."""
        request = {"DomainName": DOMAIN, "ObjectTypeName": TYPE, "Object": text, **changes}
        return self.client.put_profile_object(**request)

    def search(self, key: str, *values: str, **more: Any) -> list[dict[str, Any]]:
        """SearchProfiles in the sample domain, one page."""
        request = {"DomainName": DOMAIN, "KeyName": key, "Values": list(values), **more}
        items: list[dict[str, Any]] = self.client.search_profiles(**request)["Items"]
        return items


class Current:
    """The clock and the dead-letter queue of the test that runs, for an emulator that outlives it."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.dead_letters = FakeDeadLetterQueue()

    def settings(self) -> Settings:
        """Virtual time, and the sample domain."""
        return Settings(
            clock=self.now, monotonic=self.monotonic, sleep=self.sleep, dead_letters=self, domains=(DOMAIN,)
        )

    def now(self) -> float:
        return self.clock.now().timestamp()

    def monotonic(self) -> float:
        return self.clock.monotonic()

    def sleep(self, seconds: float) -> None:
        self.clock.sleep(seconds)

    def send(self, queue_url: str, letter: DeadLetter) -> bool:
        return self.dead_letters.send(queue_url, letter)


@pytest.fixture
def run() -> Iterator[Callable[..., Running]]:
    """Start emulators; each is stopped when the test ends."""
    with ExitStack() as started:

        def start(**settings: Any) -> Running:
            current = Current()
            emulator = Emulator(replace(current.settings(), **settings))
            emulator.start()
            started.callback(emulator.stop)
            client = client_of(emulator.url)
            started.callback(client.close)
            http = urllib3.PoolManager(retries=False)
            started.callback(http.clear)
            return Running(emulator, client, current.clock, current.dead_letters, http)

        yield start


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Current, Emulator, Any]]:
    """One emulator and one client for all tests of a file: to start and stop them takes longer than a test."""
    current = Current()
    emulator = Emulator(current.settings())
    emulator.start()
    client = client_of(emulator.url)
    yield current, emulator, client
    client.close()
    emulator.stop()


@pytest.fixture
def running(shared: tuple[Current, Emulator, Any]) -> Iterator[Running]:
    """An emulator with the sample domain and type, and nothing of an earlier test."""
    current, emulator, client = shared
    current.clock, current.dead_letters = FakeClock(), FakeDeadLetterQueue()
    emulator.reset()
    http = urllib3.PoolManager(retries=False)
    made = Running(emulator, client, current.clock, current.dead_letters, http)
    made.control("PUT", "permissions", {})
    client.put_profile_object_type(DomainName=DOMAIN, ObjectTypeName=TYPE, **definition())
    current.clock.advance(1)
    yield made
    emulator.settle()  # or its own thread could send a dead letter of this test in the next one
    client.close()  # a connection may hold half of an answer; the next request opens another
    http.clear()
