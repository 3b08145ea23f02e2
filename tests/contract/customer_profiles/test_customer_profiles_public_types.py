"""Object types that AWS's guide shows and that public projects deploy are accepted, side by side in one domain."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.customer_profiles.conftest import Running
from tests.customer_profiles_public_types import APPLICATIONS, TRAVEL, WORKED_EXAMPLES
from tests.customer_profiles_samples import DOMAIN


@pytest.mark.parametrize("types", [TRAVEL, APPLICATIONS, WORKED_EXAMPLES], ids=["travel", "applications", "guide"])
def test_public_object_types_are_accepted_and_come_back(
    run: Callable[..., Running], types: dict[str, dict[str, Any]]
) -> None:
    """The four worked examples of examples-object-type-mappings; targets of mapping-field-definitions, 15 kinds."""
    running = run(rates={})

    for name, members in types.items():
        running.client.put_profile_object_type(DomainName=DOMAIN, ObjectTypeName=name, **members)
        described = running.client.get_profile_object_type(DomainName=DOMAIN, ObjectTypeName=name)
        assert {member: described[member] for member in members} == members
