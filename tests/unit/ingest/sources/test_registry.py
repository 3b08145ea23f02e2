import pytest

from engagement.errors import InvalidEventError
from ingest.sources import connect, pinpoint
from ingest.sources.registry import SOURCES, recognise
from tests.samples import connect_event, pinpoint_event


def test_an_event_is_recognised_by_its_shape() -> None:
    """The caller does not say who it is."""
    assert recognise(pinpoint_event()) == (pinpoint, pinpoint_event())
    assert recognise(connect_event()) == (connect, connect_event())


@pytest.mark.parametrize("event", [None, [], "text", 5, True])
def test_what_is_no_map_is_no_event(event: object) -> None:
    """Any JSON value can be handed to a function."""
    with pytest.raises(InvalidEventError, match="not a map"):
        recognise(event)


@pytest.mark.parametrize("event", [{}, {"Records": []}, {"endpoints": {}}])
def test_an_unknown_event_is_refused_with_the_known_contracts(event: object) -> None:
    """The operator sees in one line that the wrong thing calls."""
    with pytest.raises(InvalidEventError, match="pinpoint, connect"):
        recognise(event)


def test_an_event_that_fits_two_contracts_is_refused() -> None:
    """Whichever were chosen, the other one's customers would be lost without a word."""
    with pytest.raises(InvalidEventError, match="more than one"):
        recognise(pinpoint_event() | connect_event())


def test_a_refusal_names_no_member() -> None:
    """If a caller sends a map by e-mail address, its names are personal, and the message is logged."""
    with pytest.raises(InvalidEventError) as caught:
        recognise({"mary@example.com": {}})

    assert "mary" not in str(caught.value)


def test_sources_have_names_of_their_own() -> None:
    """Records and their ids, logs and metrics name the source: two of one name would be one."""
    names = [source.NAME for source in SOURCES]

    assert len(set(names)) == len(names)
    assert {pinpoint.NAME, connect.NAME} == {"pinpoint", "connect"} <= set(names)
