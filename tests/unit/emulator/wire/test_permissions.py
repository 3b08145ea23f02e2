"""Who may call what."""

import pytest

from customer_profiles_emulator.transport.errors import AccessDeniedError, MissingAuthenticationTokenError
from customer_profiles_emulator.transport.messages import Request
from customer_profiles_emulator.wire.permissions import Permissions, PermissionSpecificationError, authenticated_key

OPERATIONS = ("PutProfileObject", "GetDomain")


def test_a_listed_key_may_call_what_is_listed_and_nothing_else() -> None:
    """Least privilege is proved by taking one name away."""
    permissions = Permissions({"ASIA1": ["GetDomain"]}, OPERATIONS, "profile")

    permissions.check("ASIA1", "GetDomain")
    with pytest.raises(AccessDeniedError, match="profile:PutProfileObject"):
        permissions.check("ASIA1", "PutProfileObject")


def test_a_key_that_is_not_listed_may_call_everything() -> None:
    """Tests and demos that do not care about permissions say nothing of them."""
    Permissions({"ASIA1": []}, OPERATIONS, "profile").check("test", "GetDomain")


@pytest.mark.parametrize("specification", [None, [], {"ASIA1": "GetDomain"}, {"ASIA1": ["GetDomian"]}])
def test_permissions_that_make_no_sense_are_refused(specification: object) -> None:
    """A misspelt operation would be allowed or denied for ever."""
    with pytest.raises(PermissionSpecificationError):
        Permissions(specification, OPERATIONS, "profile")


def signed(authorization: str, **query: list[str]) -> Request:
    """A request with this header."""
    return Request("GET", "/", query, {"authorization": authorization}, b"")


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        ("AWS4-HMAC-SHA256 Credential=ASIA1/20261123/us-east-1/profile/aws4_request, SignedHeaders=host", "ASIA1"),
        ("AWS4-HMAC-SHA256 SignedHeaders=host,Credential=test/20261123/us-east-1", "test"),
        ("AWS4-HMAC-SHA256 x", ""),
    ],
)
def test_the_key_is_read_from_the_signature(authorization: str, expected: str) -> None:
    """Every AWS SDK sends it in this header."""
    assert authenticated_key(signed(authorization)) == expected


@pytest.mark.parametrize("authorization", ["", "Bearer x"])
def test_a_request_that_is_not_signed_is_refused(authorization: str) -> None:
    """A client without credentials must not seem to work; a signature in the query string is one, too."""
    with pytest.raises(MissingAuthenticationTokenError):
        authenticated_key(signed(authorization))

    assert authenticated_key(signed(authorization, **{"X-Amz-Signature": ["x"]})) == ""
