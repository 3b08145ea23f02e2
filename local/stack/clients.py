"""AWS clients for the local stack, deaf to the user's own AWS settings."""

import os
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config

from local.stack.surroundings import ACCESS_KEY, REGION

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_customer_profiles import CustomerProfilesClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

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


class Clients:
    """Makes boto3 clients of the stack's services, each pointed to the server that has it."""

    def __init__(self, aws_url: str, profiles_url: str) -> None:
        self._aws_url = aws_url
        self._profiles_url = profiles_url
        self._session = boto3.session.Session(
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=ACCESS_KEY,
            region_name=REGION,
            botocore_session=botocore.session.Session(session_vars=NOT_THE_USERS),
        )

    def cloudformation(self) -> "CloudFormationClient":
        """Return a client of CloudFormation."""
        return self._session.client("cloudformation", **self._options(self._aws_url))

    def customer_profiles(self) -> "CustomerProfilesClient":
        """Return a client of the Customer Profiles emulator."""
        return self._session.client("customer-profiles", **self._options(self._profiles_url))

    def functions(self) -> "LambdaClient":
        """Return a client of Lambda."""
        return self._session.client("lambda", **self._options(self._aws_url))

    def logs(self) -> "CloudWatchLogsClient":
        """Return a client of CloudWatch Logs."""
        return self._session.client("logs", **self._options(self._aws_url))

    def s3(self) -> "S3Client":
        """Return a client of S3."""
        return self._session.client("s3", **self._options(self._aws_url))

    def sqs(self) -> "SQSClient":
        """Return a client of SQS."""
        return self._session.client("sqs", **self._options(self._aws_url))

    def _options(self, url: str) -> dict[str, Any]:
        return {"endpoint_url": url, "config": CONFIG}
