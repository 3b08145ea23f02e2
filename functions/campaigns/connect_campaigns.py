"""The adapter to Connect's outbound campaigns (connectcampaignsv2): the only place that sees its errors and shapes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from campaigns.service_errors import explain
from custom_resource.service_failure import ServiceFailure
from engagement.aws_errors import AWS_FAILURES

if TYPE_CHECKING:
    from mypy_boto3_connectcampaignsv2 import ConnectCampaignServiceV2Client

    from campaigns.properties import Instance

CONFIG = Config(
    connect_timeout=2,
    read_timeout=6,
    # custom_resource.service_calls is the one layer that retries
    retries={"mode": "standard", "total_max_attempts": 1},
)


class ConnectCampaigns:
    """`campaigns.resource.OutboundCampaigns` over boto3."""

    def __init__(self, client: ConnectCampaignServiceV2Client) -> None:
        self._client = client

    @classmethod
    def connect(cls) -> ConnectCampaigns:
        """Return an adapter for this environment's account and Region.

        Raises:
            BotoCoreError: the environment names no Region.
        """
        return cls(boto3.client("connectcampaignsv2", config=CONFIG))

    def functions(self, instance: Instance) -> frozenset[str]:
        """Return the ARNs of the functions that the instance's journeys may choose."""
        with _explained("ListConnectInstanceIntegrations", instance):
            pages = self._client.get_paginator("list_connect_instance_integrations").paginate(
                connectInstanceId=instance.id
            )
            integrations = [found for page in pages for found in page["integrationSummaryList"]]
        return frozenset(found["lambda"]["functionArn"] for found in integrations if "lambda" in found)

    def add(self, instance: Instance, function: str) -> None:
        """Add a function; idempotent by the service's model."""
        with _explained("PutConnectInstanceIntegration", instance, function):
            self._client.put_connect_instance_integration(
                connectInstanceId=instance.id, integrationConfig={"lambda": {"functionArn": function}}
            )

    def remove(self, instance: Instance, function: str) -> None:
        """Remove a function."""
        with _explained("DeleteConnectInstanceIntegration", instance, function):
            self._client.delete_connect_instance_integration(
                connectInstanceId=instance.id, integrationIdentifier={"lambda": {"functionArn": function}}
            )


@contextmanager
def _explained(operation: str, instance: Instance, function: str | None = None) -> Iterator[None]:
    try:
        yield
    except AWS_FAILURES as error:
        raise explain(ServiceFailure.of(operation, error), instance, function) from error
