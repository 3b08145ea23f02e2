"""Who may call what, over HTTP."""

import pytest
from botocore.exceptions import ClientError

from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_samples import stringified

RECORD = stringified(recordId="r1", UserId="u1")


def test_a_key_without_the_operation_is_refused_as_the_service_does(running: Running) -> None:
    """The writer's role without its one action must fail here as it would in AWS."""
    running.control("PUT", "permissions", {"test": ["SearchProfiles"]})

    assert running.search("_account", "u1") == []
    with pytest.raises(ClientError, match="profile:PutProfileObject") as caught:
        running.put(RECORD)

    assert caught.value.response["Error"]["Code"] == "AccessDeniedException"
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert running.control("GET", "stats")["callers"]["test"] == [
        "PutProfileObject",
        "PutProfileObjectType",
        "SearchProfiles",
    ]


def test_a_key_that_is_not_listed_may_call_everything(running: Running) -> None:
    """The account's own client keeps its rights while a function's are taken."""
    running.control("PUT", "permissions", {"ASIASOMEBODY": []})

    assert running.put(RECORD)["ProfileObjectUniqueKey"]
    assert running.control("GET", "permissions") == {"ASIASOMEBODY": []}


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"test": ["PutObject"]}'])
def test_permissions_that_make_no_sense_change_nothing(running: Running, body: bytes) -> None:
    """A trial with misspelt permissions must not run as if they were in force."""
    url = f"{running.emulator.url}/_emulator/permissions"

    assert running.http.request("PUT", url, body=body).status == 400
    assert running.control("GET", "permissions") == {}
