"""The fixture `customer_profiles` for pytest: an emulator of its own for each test, empty and in virtual time.

    def test_an_offer_is_written(customer_profiles):
        customer_profiles.client.create_domain(DomainName="d", DefaultExpirationDays=30)
        write_offer(endpoint_url=customer_profiles.url)
        assert customer_profiles.stats()["events"]["objects_written"] == 1

Override the fixture `customer_profiles_settings` to start it otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from botocore.session import Session

    from customer_profiles_emulator import Emulator, Settings, VirtualClock

_REGION = "us-east-1"
_KEY = "test"


@dataclass(frozen=True)
class CustomerProfiles:
    """A running emulator, as a test sees it.

    Attributes:
        clock: the emulator's time; an injected delay advances it, too, instead of waiting.
        emulator: for what the rest does not offer.
    """

    emulator: Emulator
    clock: VirtualClock
    session: Session

    @property
    def url(self) -> str:
        """The endpoint for any client in any process of this machine."""
        return self.emulator.url

    @property
    def environment(self) -> Mapping[str, str]:
        """Variables by which clients that the code under test makes itself, or a subprocess, find the emulator."""
        return {
            "AWS_ENDPOINT_URL_CUSTOMER_PROFILES": self.url,
            "AWS_ACCESS_KEY_ID": _KEY,
            "AWS_SECRET_ACCESS_KEY": _KEY,
            "AWS_DEFAULT_REGION": _REGION,
        }

    @cached_property
    def client(self) -> Any:  # noqa: ANN401 - botocore makes a client's methods at run time
        """A botocore client (boto3's are the same) that makes each call once, so that a test sees each error."""
        from botocore.config import Config  # noqa: PLC0415 - see `customer_profiles`

        return self.session.create_client(
            "customer-profiles",
            endpoint_url=self.url,
            region_name=_REGION,
            aws_access_key_id=_KEY,
            aws_secret_access_key=_KEY,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def set_faults(self, specification: Mapping[str, Any]) -> None:
        """Let requests fail, as README's "Faults" shows; `{}` for none.

        Raises:
            FaultSpecificationError: the specification makes no sense.
        """
        self.emulator.set_faults(specification)

    def stats(self) -> dict[str, Any]:
        """What happened so far: requests by operation and outcome, and what became of objects."""
        return self.emulator.stats()

    def settle(self) -> None:
        """Attach what is due and send the dead letters that wait, now."""
        self.emulator.settle()


@pytest.fixture(scope="session")
def customer_profiles_botocore() -> Session:
    """The botocore session whose clients the tests share: it reads the service's model once."""
    import botocore.session  # noqa: PLC0415 - see `customer_profiles`

    return botocore.session.Session()


@pytest.fixture
def customer_profiles_settings() -> Settings:
    """How to start the emulator, without quotas unless overridden; the clock is always the virtual one."""
    from customer_profiles_emulator import Settings  # noqa: PLC0415 - see `customer_profiles`

    return Settings(rates={})


@pytest.fixture
def customer_profiles(
    customer_profiles_settings: Settings, customer_profiles_botocore: Session
) -> Iterator[CustomerProfiles]:
    """An emulator of Customer Profiles that lives as long as the test."""
    # Imported here: pytest loads this module in every run, and a run that has no use for it must not pay for botocore.
    from customer_profiles_emulator import Emulator, VirtualClock  # noqa: PLC0415

    clock = VirtualClock()
    emulator = Emulator(replace(customer_profiles_settings, clock=clock.now, monotonic=clock.now, sleep=clock.advance))
    emulator.start()
    running = CustomerProfiles(emulator, clock, customer_profiles_botocore)
    yield running
    if "client" in vars(running):
        running.client.close()
    emulator.stop()
