"""What the outbound campaigns of a Connect instance may use."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_connectcampaignsv2 import ConnectCampaignServiceV2Client


def functions_of(campaigns: "ConnectCampaignServiceV2Client", instance_arn: str) -> list[str]:
    """Return the ARNs of the functions that were added to the instance's outbound campaigns.

    Raises:
        ClientError, BotoCoreError: as boto3 raises them.
    """
    pages = campaigns.get_paginator("list_connect_instance_integrations")
    integrations: list[Mapping[str, Any]] = [
        found
        for page in pages.paginate(connectInstanceId=instance_arn.rpartition("/")[2])
        for found in page["integrationSummaryList"]
    ]
    return [found["lambda"]["functionArn"] for found in integrations if "lambda" in found]
