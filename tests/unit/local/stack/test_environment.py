"""The environment variables of the local stack."""

import shlex

import pytest

from local.stack import environment

OUTPUTS = {
    "ViewedOfferFunctionName": "stack-Viewed-1",
    "NotViewedOfferFunctionName": "stack-NotViewed-1",
    "EngagementQueueUrl": "http://127.0.0.1:1/0/stack-engagement",
    "DeadLetterQueueUrl": "http://127.0.0.1:1/0/stack-dead-letters",
    "ProfileDomainName": "AnyCompanyDomain",
    "ProfileObjectTypeName": "MarketingAssignedOffers",
}
USERS = {
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL_SQS": "https://sqs.example.com",
    "AWS_SESSION_TOKEN": "real",
    "AWS_ACCESS_KEY_ID": "real",
    "SAM_CLI_POLL_DELAY": "30",
    "PYTHONDONTWRITEBYTECODE": "1",
    "HOME": "/home/user",
    "PATH": "/usr/bin",
}


@pytest.mark.parametrize(
    "made",
    [
        environment.isolated(USERS),
        environment.of_sam(USERS, "http://127.0.0.1:1"),
        environment.of_emulator(USERS, "http://127.0.0.1:1"),
    ],
)
def test_no_aws_setting_of_the_user_reaches_what_runs_locally(made: dict[str, str]) -> None:
    """A profile or token left in the shell must never let a local command touch a real account."""
    assert "real" not in made.values()
    assert not {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_SQS"} & made.keys()


def test_the_rest_of_the_users_environment_is_kept() -> None:
    """Certificates, homes and locales decide whether the tools work at all."""
    made = environment.isolated(USERS)
    assert made["HOME"] == "/home/user"
    assert made["PATH"].endswith("/usr/bin")


def test_a_proxy_is_not_asked_for_this_machine() -> None:
    """The layer's packages may need the proxy; the local servers are behind none."""
    assert environment.isolated({"NO_PROXY": "mirror.example"})["NO_PROXY"] == "mirror.example,127.0.0.1,localhost"
    assert environment.isolated({})["no_proxy"] == "127.0.0.1,localhost"


def test_sam_polls_quickly_and_reports_nothing() -> None:
    """The default poll of five seconds is most of a local deployment; usage data is nobody's business."""
    made = environment.of_sam(USERS, "http://127.0.0.1:1")
    assert float(made["SAM_CLI_POLL_DELAY"]) < 1
    assert made["SAM_CLI_TELEMETRY"] == "0"


def test_clients_get_every_promised_name() -> None:
    """`make up` promises these names to any AWS client."""
    made = environment.of_clients("http://127.0.0.1:1", "http://127.0.0.1:2", OUTPUTS)
    assert made.keys() >= {
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_CUSTOMER_PROFILES",
        "AWS_DEFAULT_REGION",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "VIEWED_FUNCTION",
        "NOT_VIEWED_FUNCTION",
        "ENGAGEMENT_QUEUE_URL",
        "DEAD_LETTER_QUEUE_URL",
        "PROFILE_DOMAIN_NAME",
        "PROFILE_OBJECT_TYPE_NAME",
    }


def test_exports_survive_the_shell() -> None:
    """Values are evaluated by a shell: spaces, quotes and dollars must come out as they went in."""
    value = "30% 'Off' $HOME; rm -rf"
    line = environment.exports({"OFFER": value})
    assert shlex.split(line) == ["export", f"OFFER={value}"]


def test_outbound_campaigns_are_found_where_they_run() -> None:
    """Without them no client may be led to an address that nobody answers at."""
    assert environment.to_campaigns("http://127.0.0.1:3") == {
        "AWS_ENDPOINT_URL_CONNECTCAMPAIGNSV2": "http://127.0.0.1:3"
    }
    assert environment.to_campaigns("") == {}
