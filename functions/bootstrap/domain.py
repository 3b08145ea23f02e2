"""What an operator should be told of the domain into which offers are written."""

from collections.abc import Iterator

from bootstrap.registration import Domain

CONNECT_PREFIX = "amazon-connect-"
"""How a domain's name begins that an Amazon Connect instance reaches.

The instance's service-linked role is granted the domains of this name alone (AmazonConnect_FullAccess has the same
pattern; two projects report it of AmazonConnectServiceLinkedRolePolicy).
"""


def warnings(domain: Domain, name: str) -> Iterator[str]:
    """Yield what an operator may not expect of the domain, a sentence each."""
    if not name.startswith(CONNECT_PREFIX):
        yield (
            f"an Amazon Connect instance reaches only domains whose name begins with {CONNECT_PREFIX}, and {name} does"
            " not: agents will not see the offers"
        )
    if domain.resolves_identities:
        yield (
            f"domain {name} has identity resolution on: profiles may be merged while a campaign runs, and an offer for"
            " a profile id that is gone by then makes a profile without a name"
        )
