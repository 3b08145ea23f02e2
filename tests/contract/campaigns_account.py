"""Connect's outbound campaigns for the adapter's contract, twice: the fake's, and the local endpoint's."""

from dataclasses import dataclass, field
from typing import Any, Protocol

import boto3
import urllib3
from botocore.config import Config

from campaigns.connect_campaigns import CONFIG, ConnectCampaigns
from campaigns.resource import OutboundCampaigns
from local.connect_campaigns.endpoint import Endpoint
from tests.fakes.outbound_campaigns import FakeOutboundCampaigns

FAULTS = {
    "throttle": ("ThrottlingException", "Rate exceeded", 429),
    "access_denied": ("AccessDeniedException", "User is not authorized", 403),
    "not_found": ("ResourceNotFoundException", "not found", 404),
    "server_error": ("InternalServerException", "Internal server error", 500),
    "concurrent_update": ("ConflictException", "conflict in the current state", 409),
}


class CampaignsAccount(Protocol):
    """An account's instances, to be brought into the state that a case needs."""

    @property
    def campaigns(self) -> OutboundCampaigns:
        """Connect's outbound campaigns."""

    def enable(self, instance_id: str) -> None:
        """Let there be an instance whose outbound campaigns are enabled."""

    def fail_once(self, operation: str, kind: str) -> None:
        """Let the next call of the operation fail in the way that `FAULTS` names, or ``drop_before_write``."""


@dataclass(slots=True)
class FakeCampaignsAccount:
    """The fake's."""

    campaigns: FakeOutboundCampaigns = field(default_factory=FakeOutboundCampaigns)

    def enable(self, instance_id: str) -> None:
        """See CampaignsAccount."""
        self.campaigns.instances[instance_id] = set()

    def fail_once(self, operation: str, kind: str) -> None:
        """See CampaignsAccount."""
        if kind == "drop_before_write":
            self.campaigns.hang_up(operation)
        else:
            self.campaigns.refuse(operation, *FAULTS[kind])


class LocalCampaignsAccount:
    """The local endpoint's, through the real adapter; `client` is for what the adapter does not see."""

    def __init__(self, endpoint: Endpoint, config: Config = CONFIG) -> None:
        self._endpoint = endpoint
        self.client = client_of(endpoint.url, config)
        self.campaigns = ConnectCampaigns(self.client)

    def enable(self, instance_id: str) -> None:
        """See CampaignsAccount."""
        self._endpoint.instances.enable([*self._endpoint.instances.snapshot(), instance_id])

    def fail_once(self, operation: str, kind: str) -> None:
        """See CampaignsAccount."""
        rules = [{"kind": kind, "operations": [operation], "times": 1}]
        answer = urllib3.request("PUT", f"{self._endpoint.url}/_emulator/faults", json={"rules": rules})
        assert answer.status == 200, answer.data

    def close(self) -> None:
        """Close the client's connections."""
        self.client.close()


def client_of(url: str, config: Config = CONFIG) -> Any:
    """Return a client of the service that asks this endpoint."""
    return boto3.client(
        "connectcampaignsv2",
        endpoint_url=url,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=config,
    )
