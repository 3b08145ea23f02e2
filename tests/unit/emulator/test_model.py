"""The service's model, compiled."""

import tomllib
from pathlib import Path

import botocore.session
import pytest
from packaging.requirements import Requirement

from customer_profiles_emulator.model import OLDEST_BOTOCORE, SERVICE, OldBotocoreError, check_botocore, operations

BOTOCORE = botocore.session.get_session().get_service_model(SERVICE)


def test_every_operation_of_the_service_is_there() -> None:
    """One that is not emulated must still be recognised, to say so."""
    assert set(operations()) == set(BOTOCORE.operation_names)


def test_every_member_of_every_input_has_a_place_in_the_request() -> None:
    """A member in a place that nobody reads would be lost without an error."""
    for operation in operations().values():
        places = (operation.uri_members, operation.query_members, operation.header_members, operation.body_members)
        bound = [member for place in places for member in place.values()]
        assert sorted(bound) == sorted(operation.input.members), operation.name


def test_constraints_are_the_models_own() -> None:
    """Length, pattern, enum, required and range, each once."""
    request = operations()["PutProfileObjectType"].input
    name, days = request.members["ObjectTypeName"], request.members["ExpirationDays"]
    field = request.members["Fields"].element

    assert request.required == ("DomainName", "ObjectTypeName", "Description")
    assert (name.minimum, name.maximum) == (1, 255)
    assert name.pattern is not None
    assert name.pattern.pattern == "^[a-zA-Z_][a-zA-Z_0-9-]*$"
    assert (days.kind, days.minimum, days.maximum) == ("integer", 1, 1098)
    assert field is not None
    assert "EMAIL_ADDRESS" in field.members["ContentType"].enum


@pytest.mark.parametrize("version", ["1.34.0", "1.43.16", "1.9.99", "0.99"])
def test_an_older_botocore_is_refused(version: str) -> None:
    """Compared by numbers, not by letters."""
    with pytest.raises(OldBotocoreError, match=f"botocore {version} is too old"):
        check_botocore(version)


@pytest.mark.parametrize("version", [OLDEST_BOTOCORE, "1.43.106", "1.100.0", "2.0.0", "1.44.0.dev1"])
def test_a_newer_botocore_is_taken(version: str) -> None:
    """Newer models only add."""
    check_botocore(version)


def test_the_package_asks_for_the_botocore_that_the_code_asks_for() -> None:
    """Two places that must not drift."""
    project = tomllib.loads((Path(__file__).parents[3] / "emulator" / "pyproject.toml").read_text())["project"]
    (requirement,) = map(Requirement, project["dependencies"])

    assert (requirement.name, str(requirement.specifier)) == ("botocore", f">={OLDEST_BOTOCORE}")
