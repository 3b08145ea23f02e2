"""Page tokens."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from customer_profiles_emulator.transport.errors import BadRequestError
from customer_profiles_emulator.wire.paging import numeric_position, position, token


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_token_carries_its_position(text: str) -> None:
    """A listing by name continues after any name."""
    assert position(token(text)) == text


def test_no_token_is_the_first_page() -> None:
    """The first call of every listing."""
    assert (position(None), numeric_position(None)) == ("", 0)


@pytest.mark.parametrize("invalid", ["x", "====", "YWJj", "ü", token("name")])
def test_a_token_of_somebody_else_is_refused(invalid: str) -> None:
    """Going on from the start instead would loop for ever."""
    with pytest.raises(BadRequestError, match="NextToken"):
        numeric_position(invalid)
