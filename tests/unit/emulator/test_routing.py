"""Paths and methods of the model."""

from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_profiles_emulator.errors import BadRequestError, UnknownOperationError
from customer_profiles_emulator.model import operations
from customer_profiles_emulator.routing import Router

ROUTER = Router(operations().values())


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
