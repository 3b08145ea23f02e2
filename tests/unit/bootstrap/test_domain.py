import pytest

from bootstrap.domain import warnings
from bootstrap.registration import Domain


@pytest.mark.parametrize(
    ("name", "resolves", "told"),
    [
        ("amazon-connect-contact-centre", False, []),
        ("AnyCompanyDomain", False, ["begins with amazon-connect-, and AnyCompanyDomain does not"]),
        ("amazon-connect-contact-centre", True, ["identity resolution on"]),
        ("AnyCompanyDomain", True, ["begins with amazon-connect-", "identity resolution on"]),
    ],
)
def test_what_a_domain_should_be_looked_at_for_is_told(name: str, told: list[str], *, resolves: bool) -> None:
    """A Connect instance reaches no other name, and merged profiles leave offers without a customer."""
    found = list(warnings(Domain(None, resolves), name))
    assert len(found) == len(told)
    assert [words for words, sentence in zip(told, found, strict=True) if words not in sentence] == []
