"""What the tests of profiles ask of the emulator, in one line each."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_samples import DOMAIN, TYPE


def create(running: Running, **fields: Any) -> str:
    """CreateProfile; the profile's id."""
    profile_id: str = running.client.create_profile(DomainName=DOMAIN, **fields)["ProfileId"]
    return profile_id


def read(running: Running, profile_id: str) -> dict[str, Any]:
    """What BatchGetProfile says of one profile that exists."""
    answer = running.client.batch_get_profile(DomainName=DOMAIN, ProfileIds=[profile_id])
    (profile,) = answer["Profiles"]
    assert answer["Errors"] == []
    return dict(profile)


def add_key(running: Running, profile_id: str, key: str, *values: str) -> None:
    """AddProfileKey."""
    running.client.add_profile_key(DomainName=DOMAIN, ProfileId=profile_id, KeyName=key, Values=list(values))


def merge(running: Running, main: str, *others: str, **sources: Any) -> None:
    """MergeProfiles; `sources` are its FieldSourceProfileIds."""
    running.client.merge_profiles(
        DomainName=DOMAIN, MainProfileId=main, ProfileIdsToBeMerged=list(others), FieldSourceProfileIds=sources
    )


def found(running: Running, key: str, value: str) -> list[str]:
    """The ids of the profiles that a search finds."""
    return [profile["ProfileId"] for profile in running.search(key, value)]


def attached(running: Running, profile_id: str) -> int:
    """How many objects of the sample type a profile has."""
    request = {"DomainName": DOMAIN, "ObjectTypeName": TYPE, "ProfileId": profile_id}
    return len(running.client.list_profile_objects(**request)["Items"])


def refusal(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
    """The code and message that a call fails with."""
    with pytest.raises(ClientError) as caught:
        call(**request)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]
