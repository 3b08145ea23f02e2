"""What of Customer Profiles' answers the emulator's limits keep from showing."""

from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.stub import Stubber

from bootstrap.profiles import CustomerProfiles
from bootstrap.properties import ObjectTypeId


def _page(names: list[str], token: str | None) -> dict[str, Any]:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    items = [
        {"ObjectTypeName": name, "Description": "any", "CreatedAt": moment, "LastUpdatedAt": moment} for name in names
    ]
    return {"Items": items} | ({} if token is None else {"NextToken": token})


def test_a_type_on_a_later_page_exists() -> None:
    """Taken for absent, another stack's type would be made anew, over what it is.

    A domain has a hundred types by default, one page, and its quota can be raised.
    """
    client = boto3.client("customer-profiles", "us-east-1", aws_access_key_id="any", aws_secret_access_key="any")
    with Stubber(client) as answers:
        asked = {"DomainName": "amazon-connect-one", "MaxResults": 100}
        answers.add_response("list_profile_object_types", _page(["Other"], "more"), asked)
        answers.add_response("list_profile_object_types", _page(["Offers"], None), asked | {"NextToken": "more"})

        assert CustomerProfiles(client).exists(ObjectTypeId("amazon-connect-one", "Offers"))
        answers.assert_no_pending_responses()
    client.close()
