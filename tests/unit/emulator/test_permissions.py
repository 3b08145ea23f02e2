"""Who may call what."""

import pytest

from customer_profiles_emulator.errors import AccessDeniedError
from customer_profiles_emulator.permissions import Permissions, PermissionSpecificationError, access_key

OPERATIONS = ("PutProfileObject", "GetDomain")


def test_a_listed_key_may_call_what_is_listed_and_nothing_else() -> None:
    """Least privilege is proved by taking one name away."""
    permissions = Permissions({"ASIA1": ["GetDomain"]}, OPERATIONS)

    permissions.check("ASIA1", "GetDomain")
    with pytest.raises(AccessDeniedError, match="profile:PutProfileObject"):
        permissions.check("ASIA1", "PutProfileObject")


def test_a_key_that_is_not_listed_may_call_everything() -> None:
    """Tests and demos that do not care about permissions say nothing of them."""
    Permissions({"ASIA1": []}, OPERATIONS).check("test", "GetDomain")


@pytest.mark.parametrize("specification", [None, [], {"ASIA1": "GetDomain"}, {"ASIA1": ["GetDomian"]}])
def test_permissions_that_make_no_sense_are_refused(specification: object) -> None:
    """A misspelt operation would be allowed or denied for ever."""
    with pytest.raises(PermissionSpecificationError):
        Permissions(specification, OPERATIONS)


@pytest.mark.parametrize(
    ("authorization", "expected"),
    [
        ("AWS4-HMAC-SHA256 Credential=ASIA1/20261123/us-east-1/profile/aws4_request, SignedHeaders=host", "ASIA1"),
        ("AWS4-HMAC-SHA256 SignedHeaders=host,Credential=test/20261123/us-east-1", "test"),
        ("Bearer x", ""),
        ("", ""),
    ],
)
def test_the_key_is_read_from_the_signature(authorization: str, expected: str) -> None:
    """Every AWS SDK sends it in this header."""
    assert access_key(authorization) == expected
