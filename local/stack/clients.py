"""AWS clients for the local stack, which ignore the user's own AWS settings."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import boto3
import botocore.session
from botocore.config import Config

from local.stack.environment import ACCESS_KEY, REGION

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_connectcampaignsv2 import ConnectCampaignServiceV2Client
    from mypy_boto3_customer_profiles import CustomerProfilesClient
    from mypy_boto3_iam import IAMClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sts import STSClient

Client = TypeVar("Client")

CONFIG = Config(
    connect_timeout=5,
    read_timeout=120,  # an ingest invocation may take its 15 seconds, a cold start more
    retries={"total_max_attempts": 3, "mode": "standard"},
    proxies={},  # none, whatever the shell says: no proxy reaches this machine's loopback interface
)
# a profile or file named in the shell may not exist, and must not matter
NOT_THE_USERS = {
    "profile": (None, None, None, None),
    "config_file": (None, None, os.devnull, None),
    "credentials_file": (None, None, os.devnull, None),
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What signs the calls."""

    access_key: str
    secret: str
    token: str | None = None


ACCOUNT = Credentials(ACCESS_KEY, ACCESS_KEY)


class Clients:
    """The boto3 clients of the stack's services, each pointed to the server that has it, and made at its first use.

    Args:
        aws_url: Of ministack.
        profiles_url: Of the Customer Profiles emulator.
        certificate: The file of ministack's certificate; empty if it speaks plain HTTP.
        credentials: Whose calls these are; the account's own by default.
        campaigns_url: Of the endpoint of outbound campaigns. Without one ministack is called, which has none: never
            an account of the user's.
    """

    def __init__(
        self,
        aws_url: str,
        profiles_url: str,
        certificate: str = "",
        credentials: Credentials = ACCOUNT,
        campaigns_url: str = "",
    ) -> None:
        self._aws_url = aws_url
        self._certificate = certificate
        self._profiles_url = profiles_url
        self._campaigns_url = campaigns_url or aws_url
        self._made: dict[str, Any] = {}
        self._session = boto3.session.Session(
            aws_access_key_id=credentials.access_key,
            aws_secret_access_key=credentials.secret,
            aws_session_token=credentials.token,
            region_name=REGION,
            botocore_session=botocore.session.Session(session_vars=NOT_THE_USERS),
        )

    def assuming(self, role_arn: str) -> "Clients":
        """Return clients whose calls are a role's, as those of a function or of Lambda's poller are."""
        sts: STSClient = self._session.client("sts", **self._options(self._aws_url))
        given = sts.assume_role(RoleArn=role_arn, RoleSessionName="local")["Credentials"]
        credentials = Credentials(given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
        return Clients(self._aws_url, self._profiles_url, self._certificate, credentials, self._campaigns_url)

    def cloudformation(self) -> "CloudFormationClient":
        """Return a client of CloudFormation."""
        return self._once(
            "cloudformation", lambda: self._session.client("cloudformation", **self._options(self._aws_url))
        )

    def cloudwatch(self) -> "CloudWatchClient":
        """Return a client of CloudWatch."""
        return self._once("cloudwatch", lambda: self._session.client("cloudwatch", **self._options(self._aws_url)))

    def connect_campaigns(self) -> "ConnectCampaignServiceV2Client":
        """Return a client of Connect's outbound campaigns."""
        return self._once(
            "connectcampaignsv2",
            lambda: self._session.client("connectcampaignsv2", **self._options(self._campaigns_url)),
        )

    def customer_profiles(self) -> "CustomerProfilesClient":
        """Return a client of the Customer Profiles emulator."""
        return self._once(
            "customer-profiles", lambda: self._session.client("customer-profiles", **self._options(self._profiles_url))
        )

    def functions(self) -> "LambdaClient":
        """Return a client of Lambda."""
        return self._once("lambda", lambda: self._session.client("lambda", **self._options(self._aws_url)))

    def iam(self) -> "IAMClient":
        """Return a client of IAM."""
        return self._once("iam", lambda: self._session.client("iam", **self._options(self._aws_url)))

    def logs(self) -> "CloudWatchLogsClient":
        """Return a client of CloudWatch Logs."""
        return self._once("logs", lambda: self._session.client("logs", **self._options(self._aws_url)))

    def s3(self) -> "S3Client":
        """Return a client of S3."""
        return self._once("s3", lambda: self._session.client("s3", **self._options(self._aws_url)))

    def sqs(self) -> "SQSClient":
        """Return a client of SQS."""
        return self._once("sqs", lambda: self._session.client("sqs", **self._options(self._aws_url)))

    def _once(self, service: str, make: Callable[[], Client]) -> Client:
        if service not in self._made:
            self._made[service] = make()
        made: Client = self._made[service]
        return made

    def _options(self, url: str) -> dict[str, Any]:
        trusted = {"verify": self._certificate} if self._certificate else {}
        return {"endpoint_url": url, "config": CONFIG, **trusted}
