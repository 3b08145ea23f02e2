"""What of Customer Profiles' answers the emulator's limits keep from showing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from bootstrap.object_type import Definition
from bootstrap.profiles import CONFIG, CustomerProfiles
from bootstrap.properties import ObjectTypeId
from bootstrap.provisioning import Domain

OFFERS = ObjectTypeId("amazon-connect-one", "Offers")
MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


def _page(names: list[str], token: str | None) -> dict[str, Any]:
    items = [
        {"ObjectTypeName": name, "Description": "any", "CreatedAt": MOMENT, "LastUpdatedAt": MOMENT} for name in names
    ]
    return {"Items": items} | ({} if token is None else {"NextToken": token})


@pytest.fixture
def client() -> Iterator[Any]:
    """A client of which each test gives the answers."""
    client = boto3.client("customer-profiles", "us-east-1", aws_access_key_id="any", aws_secret_access_key="any")
    yield client
    client.close()


def test_a_type_on_a_later_page_exists(client: Any) -> None:
    """Taken for absent, another stack's type would be made anew, over what it is.

    A domain has a hundred types by default, one page, and its quota can be raised.
    """
    with Stubber(client) as answers:
        asked = {"DomainName": "amazon-connect-one", "MaxResults": 100}
        answers.add_response("list_profile_object_types", _page(["Other"], "more"), asked)
        answers.add_response("list_profile_object_types", _page(["Offers"], None), asked | {"NextToken": "more"})

        assert CustomerProfiles(client).exists(OFFERS)
        answers.assert_no_pending_responses()


@pytest.mark.parametrize(
    ("members", "domain"),
    [
        ({}, Domain(None, resolves_identities=False)),
        ({"DeadLetterQueueUrl": ""}, Domain(None, resolves_identities=False)),
        ({"DeadLetterQueueUrl": "https://sqs/q"}, Domain("https://sqs/q", resolves_identities=False)),
        ({"Matching": {"Enabled": False}}, Domain(None, resolves_identities=False)),
        ({"Matching": {"Enabled": True}}, Domain(None, resolves_identities=True)),
        ({"RuleBasedMatching": {"Enabled": True}}, Domain(None, resolves_identities=True)),
        (
            {"Matching": {"Enabled": False}, "RuleBasedMatching": {"Enabled": True}},
            Domain(None, resolves_identities=True),
        ),
    ],
)
def test_a_domain_is_read_from_what_it_has(client: Any, members: dict[str, Any], domain: Domain) -> None:
    """Profiles are merged by machine learning or by rules; either one makes the warning."""
    answer = {"DomainName": "amazon-connect-one", "CreatedAt": MOMENT, "LastUpdatedAt": MOMENT, **members}
    with Stubber(client) as answers:
        answers.add_response("get_domain", answer, {"DomainName": "amazon-connect-one"})

        assert CustomerProfiles(client).domain(OFFERS) == domain


def test_tags_that_aws_gave_are_not_sent(client: Any) -> None:
    """Their keys are reserved: the service would refuse the whole type. What is not set is left out."""
    sent: dict[str, Any] = {}
    client.meta.events.register("provide-client-params.customer-profiles", lambda params, **_: sent.update(params))
    wanted = Definition(
        "Offers",
        None,
        None,
        allow_profile_creation=True,
        fields={},
        keys={},
        tags={"aws:cloudformation:stack-id": "s", "team": "t"},
    )
    with Stubber(client) as answers:
        answers.add_response("put_profile_object_type", {"ObjectTypeName": "Offers", "Description": "Offers"})
        CustomerProfiles(client).put(OFFERS, wanted)

    assert sent == {
        "DomainName": "amazon-connect-one",
        "ObjectTypeName": "Offers",
        "Description": "Offers",
        "AllowProfileCreation": True,
        "Tags": {"team": "t"},
    }


def test_a_call_fits_into_the_time_that_is_kept_for_it() -> None:
    """Two seconds to connect and six to answer, once: with the pace of a put that is the call timeout, nine seconds."""
    options = vars(CONFIG)
    assert (options["connect_timeout"], options["read_timeout"]) == (2, 6)
    assert options["retries"] == {"mode": "standard", "total_max_attempts": 1}
