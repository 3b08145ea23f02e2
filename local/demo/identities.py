"""Who the customers of an event are, in the words by which the channel functions would know them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from engagement.errors import InvalidEventError
from engagement.record import Customer, EngagementRecord
from ingest.settings import OfferNameFrom
from ingest.sources.contract import InvocationContext
from ingest.sources.registry import recognise
from local.demo.events import Event

# nobody's identity depends on any of it
_INVOCATION = InvocationContext(
    viewed=False,
    offer_name="offer",
    connect_offer_name_from=OfferNameFrom.SETTINGS,
    now=datetime(1970, 1, 1, tzinfo=UTC),
)


def identities(events: Iterable[Event]) -> Iterator[Customer]:
    """Yield each customer of whom there can be a record; an event of no known contract has none."""
    for event in events:
        try:
            source, members = recognise(dict(event.members))
            parsed = source.parse(members, _INVOCATION)
        except InvalidEventError:
            continue
        yield from (each.result.customer for each in parsed if isinstance(each.result, EngagementRecord))
