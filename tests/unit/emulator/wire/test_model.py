"""A service's model, compiled: its operations, and the paths and methods that name them."""

from urllib.parse import quote

import botocore.session
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_profiles_emulator.service_model import SERVICE, operations
from customer_profiles_emulator.transport.errors import BadRequestError, UnknownOperationError
from customer_profiles_emulator.wire.model import Router

BOTOCORE = botocore.session.get_session().get_service_model(SERVICE)
ROUTER = Router(operations().values())


def test_every_operation_of_the_service_is_there() -> None:
    """One that is not emulated must still be recognised, to say so."""
    assert set(operations()) == set(BOTOCORE.operation_names)


def test_every_member_of_every_input_has_a_place_in_the_request() -> None:
    """A member in a place that is not read would be lost without an error."""
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


@pytest.mark.parametrize("name", sorted(operations()))
def test_every_operation_is_found_at_its_own_template(name: str) -> None:
    """Templates overlap (a label fits any segment): the most literal one must win."""
    operation = operations()[name]
    path = operation.uri
    for label in operation.uri_members:
        path = path.replace("{" + label + "}", f"some-{label}")

    route = ROUTER.match(operation.method, path)

    assert route.operation.name == name
    assert route.labels == {label: f"some-{label}" for label in operation.uri_members}


@settings(deadline=None)
@given(st.text(min_size=1).filter(lambda text: text.isprintable()))
def test_labels_are_percent_decoded(domain: str) -> None:
    """A slash inside a name travels encoded and must not split the path."""
    route = ROUTER.match("GET", f"/domains/{quote(domain, safe='')}")

    assert route.labels == {"DomainName": domain}


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/"), ("PATCH", "/domains/D"), ("GET", "/domains/D/nothing/at/all")]
)
def test_what_no_operation_answers_is_unknown(method: str, path: str) -> None:
    """A client of another service must learn that it talks to the wrong one."""
    with pytest.raises(UnknownOperationError):
        ROUTER.match(method, path)


def test_a_label_that_is_not_utf8_is_refused() -> None:
    """It must not become a replacement character that then names another domain."""
    with pytest.raises(BadRequestError):
        ROUTER.match("GET", "/domains/%ff")
