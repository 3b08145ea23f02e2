"""The account that is operated on, and its clients."""

import pytest

from ops.account import Account
from ops.errors import UnreachableError

SERVICES = {
    "campaigns": "connectcampaignsv2",
    "cloudformation": "cloudformation",
    "cloudwatch": "cloudwatch",
    "customer_profiles": "customer-profiles",
    "functions": "lambda",
    "functions_once": "lambda",
    "logs": "logs",
    "quotas": "service-quotas",
    "sqs": "sqs",
    "sqs_once": "sqs",
    "sts": "sts",
}


@pytest.mark.parametrize("name", SERVICES)
def test_each_client_repeats_what_may_be_repeated(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Four attempts; but one, of calls of which it must be known whether they took effect."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    client = getattr(Account(region="eu-west-1"), name)()

    assert client.meta.service_model.service_name == SERVICES[name]
    assert client.meta.config.retries["total_max_attempts"] == (1 if name.endswith("_once") else 4)
    assert client.meta.region_name == "eu-west-1"
    client.close()


def test_without_a_region_there_is_no_account(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said with what to type."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")

    with pytest.raises(UnreachableError, match="give --region"):
        Account()


def test_a_profile_that_is_not_there_is_named() -> None:
    """AWS's own command line lists those that are."""
    with pytest.raises(UnreachableError, match=r"nobody-s.*aws configure list-profiles"):
        Account("nobody-s", "eu-west-1")
