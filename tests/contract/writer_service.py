"""Customer Profiles for the writer's contract, twice: the fake client's, and the emulator's behind a boto3 client."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import boto3
import urllib3

from bootstrap.object_type import definition
from bootstrap.profiles import CustomerProfiles as ObjectTypes
from bootstrap.properties import ObjectTypeId, Properties
from customer_profiles_emulator import Emulator
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE, FakeCustomerProfiles
from writer.handler import profiles_config
from writer.profiles import PutProfileObject

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient

PROPERTIES = Properties(
    ObjectTypeId(DOMAIN, OBJECT_TYPE), expiration_days=1000, max_object_count=50, delete_with_stack=False
)


class Service(Protocol):
    """Customer Profiles, to be brought into the state that a case needs; the domain and the type exist."""

    @property
    def client(self) -> PutProfileObject:
        """What the adapter calls."""

    def fail_once(self, fault: str) -> None:
        """Let the next call meet a fault, by the name that `tests.fakes.profiles.FAULTS` gives it."""

    def requests(self) -> int:
        """Return how many PutProfileObject requests have come so far."""

    def objects(self) -> Mapping[str, Any]:
        """Return every object of the type, by record id."""


@dataclass(slots=True)
class FakeService:
    """The fake's."""

    client: FakeCustomerProfiles = field(default_factory=FakeCustomerProfiles)

    def fail_once(self, fault: str) -> None:
        """See Service."""
        self.client.fail(fault)

    def requests(self) -> int:
        """See Service."""
        return len(self.client.calls)

    def objects(self) -> Mapping[str, Any]:
        """See Service."""
        return self.client.objects


def client_of(url: str) -> "CustomerProfilesClient":
    """Return the client that the writer makes, for the service at ``url``."""
    return boto3.client(
        "customer-profiles",
        endpoint_url=url,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=profiles_config(threads=2),
    )


class EmulatedService:
    """The emulator's, with the object type that bootstrap registers and the client that the writer makes."""

    def __init__(self, emulator: Emulator) -> None:
        self._url = emulator.url
        self.client = client_of(emulator.url)
        self.client.create_domain(DomainName=DOMAIN, DefaultExpirationDays=366)
        ObjectTypes(self.client).put(PROPERTIES.object_type, definition(PROPERTIES))

    def fail_once(self, fault: str, seconds: float = 0.0) -> None:
        """See Service; ``seconds`` go with an answer that drips or comes twice."""
        rule: dict[str, Any] = {"kind": fault, "operations": ["PutProfileObject"], "times": 1}
        if fault == "unavailable":
            rule |= {"kind": "server_error", "status": 503}
        if fault in {"drip", "sent_twice"}:
            rule["seconds"] = seconds
        answer = urllib3.request("PUT", f"{self._url}/_emulator/faults", json={"rules": [rule]})
        assert answer.status == 200, answer.data

    def requests(self) -> int:
        """See Service."""
        stats = urllib3.request("GET", f"{self._url}/_emulator/stats").json()
        return sum(stats["operations"].get("PutProfileObject", {}).values())

    def objects(self) -> Mapping[str, Any]:
        """See Service."""
        return {
            members["recordId"]: members
            for profile_id in set(self.profiles().values())
            for members in self.objects_of(profile_id)
        }

    def profiles(self) -> Mapping[str, str]:
        """Return the profile that each object is attached to, by record id."""
        lines = urllib3.request("GET", f"{self._url}/_emulator/objects?type={OBJECT_TYPE}").data.splitlines()
        stored = [json.loads(line) for line in lines]
        return {each["key"][0]: each["profile_id"] for each in stored}

    def objects_of(self, profile_id: str) -> list[dict[str, Any]]:
        """Return the profile's objects, the oldest first, as ListProfileObjects tells them."""
        answer = self.client.list_profile_objects(
            DomainName=DOMAIN, ObjectTypeName=OBJECT_TYPE, ProfileId=profile_id, MaxResults=100
        )
        return [json.loads(item["Object"]) for item in answer["Items"]]

    def reset(self) -> None:
        """Delete the domain and all that is in it."""
        answer = urllib3.request("POST", f"{self._url}/_emulator/reset")
        assert answer.status == 200, answer.data

    def close(self) -> None:
        """Close the client's connections."""
        self.client.close()
