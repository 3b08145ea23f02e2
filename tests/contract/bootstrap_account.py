"""An AWS account for bootstrap's contract, twice: the fake's, and the emulator's behind the real adapter."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import boto3
import urllib3
from botocore.config import Config

from bootstrap.profiles import CONFIG, CustomerProfiles
from bootstrap.provisioning import Domain, ObjectTypes
from customer_profiles_emulator import Emulator
from tests.fakes.object_types import FakeObjectTypes

FAULTS = {
    "throttle": ("ThrottlingException", "Rate exceeded", 429),
    "access_denied": ("AccessDeniedException", "User is not authorized", 403),
    "server_error": ("InternalServerException", "Internal server error", 500),
    "concurrent_update": ("BadRequestException", "concurrent update in-progress", 400),
}


class Account(Protocol):
    """An AWS account, to be brought into the state that a case needs."""

    @property
    def object_types(self) -> ObjectTypes:
        """Customer Profiles."""

    def create_domain(self, name: str, queue_url: str | None = None) -> None:
        """Create a domain."""

    def fail_once(self, operation: str, kind: str) -> None:
        """Let the next call of the operation fail in the way that `FAULTS` names, or ``drop_before_write``."""


@dataclass(slots=True)
class FakeAccount:
    """The fake's."""

    object_types: FakeObjectTypes = field(default_factory=FakeObjectTypes)

    def create_domain(self, name: str, queue_url: str | None = None) -> None:
        """See Account."""
        self.object_types.domains[name] = Domain(queue_url)

    def fail_once(self, operation: str, kind: str) -> None:
        """See Account."""
        if kind == "drop_before_write":
            self.object_types.hang_up(operation)
        else:
            self.object_types.refuse(operation, *FAULTS[kind])


class EmulatedAccount:
    """The emulator's, through the real adapter; `client` is for what the adapter does not see."""

    def __init__(self, emulator: Emulator, config: Config = CONFIG) -> None:
        self.url = emulator.url
        self.client = boto3.client(
            "customer-profiles",
            endpoint_url=emulator.url,
            region_name="eu-west-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=config,
        )
        self.object_types = CustomerProfiles(self.client)

    def create_domain(self, name: str, queue_url: str | None = None) -> None:
        """See Account."""
        self.client.create_domain(DomainName=name, DefaultExpirationDays=366, DeadLetterQueueUrl=queue_url or "")

    def fail_once(self, operation: str, kind: str) -> None:
        """See Account."""
        put_faults(self.url, {"kind": kind, "operations": [operation], "times": 1})

    def close(self) -> None:
        """Close the client's connections."""
        self.client.close()


def put_faults(url: str, *rules: dict[str, Any]) -> None:
    """Replace the emulator's faults."""
    answer = urllib3.request("PUT", f"{url}/_emulator/faults", json={"rules": rules})
    assert answer.status == 200, answer.data
