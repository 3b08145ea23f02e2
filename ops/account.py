"""The AWS account that is operated on: a boto3 session, and its clients.

With AWS_ENDPOINT_URL in the environment, as after ``eval "$(make -s up)"``, it is the local stack.
"""

from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import NoRegionError

from ops.answers import check
from ops.errors import AWS_FAILURES, explained

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_connectcampaignsv2 import ConnectCampaignServiceV2Client
    from mypy_boto3_customer_profiles import CustomerProfilesClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient

CONNECTIONS = 16
CONFIG = Config(
    connect_timeout=3,
    read_timeout=30,  # a channel function answers within its 14 seconds, and a long poll within 20
    max_pool_connections=CONNECTIONS,
    retries={"total_max_attempts": 4, "mode": "standard"},
    user_agent_extra="journeys-that-write-back-ops",
)
ONCE = CONFIG.merge(Config(retries={"total_max_attempts": 1}))
"""For calls of which it must be known whether they took effect: the caller decides what may be repeated."""


class Account:
    """An account and Region, as the command line or the environment names them.

    Args:
        profile: Of the AWS configuration; None for what the environment says.
        region: The same.

    Raises:
        UnreachableError: there is no such profile, or no Region.
    """

    def __init__(self, profile: str | None = None, region: str | None = None) -> None:
        try:
            self._session = boto3.session.Session(profile_name=profile, region_name=region)
            self._session.events.register("before-parse", check)
        except AWS_FAILURES as error:
            raise explained(error) from error
        if not self._session.region_name:
            raise explained(NoRegionError())

    @property
    def region(self) -> str:
        """The Region."""
        return str(self._session.region_name)

    def campaigns(self) -> "ConnectCampaignServiceV2Client":
        """Return a client of Connect's outbound campaigns."""
        return self._session.client("connectcampaignsv2", config=CONFIG)

    def cloudformation(self) -> "CloudFormationClient":
        """Return a client of CloudFormation."""
        return self._session.client("cloudformation", config=CONFIG)

    def cloudwatch(self) -> "CloudWatchClient":
        """Return a client of CloudWatch."""
        return self._session.client("cloudwatch", config=CONFIG)

    def customer_profiles(self) -> "CustomerProfilesClient":
        """Return a client of Customer Profiles."""
        return self._session.client("customer-profiles", config=CONFIG)

    def functions(self) -> "LambdaClient":
        """Return a client of Lambda."""
        return self._session.client("lambda", config=CONFIG)

    def functions_once(self) -> "LambdaClient":
        """Return a client of Lambda that repeats no call."""
        return self._session.client("lambda", config=ONCE)

    def logs(self) -> "CloudWatchLogsClient":
        """Return a client of CloudWatch Logs."""
        return self._session.client("logs", config=CONFIG)

    def quotas(self) -> Any:  # noqa: ANN401 - its stubs are not among the pinned ones
        """Return a client of Service Quotas."""
        return self._session.client("service-quotas", config=CONFIG)

    def sqs(self) -> "SQSClient":
        """Return a client of SQS."""
        return self._session.client("sqs", config=CONFIG)

    def sqs_once(self) -> "SQSClient":
        """Return a client of SQS that repeats no call."""
        return self._session.client("sqs", config=ONCE)

    def sts(self) -> "STSClient":
        """Return a client of STS."""
        return self._session.client("sts", config=CONFIG)
