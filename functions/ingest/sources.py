"""The list of sources. A new one is a module with `ingest.source.Source`'s names, and a line here."""

from collections.abc import Mapping
from typing import Any

from engagement.errors import InvalidEventError
from ingest import connect, pinpoint
from ingest.source import Source

SOURCES: tuple[Source, ...] = (pinpoint, connect)


def recognise(event: object) -> tuple[Source, Mapping[str, Any]]:
    """Return the source whose contract the event has the shape of, and the event as a map.

    Raises:
        InvalidEventError: no source knows the event, or several do. The message names none of its members: where
            somebody sends a map by customer, their names are personal.
    """
    if not isinstance(event, dict):
        raise InvalidEventError(f"the event is of type {type(event).__name__}, not a map")
    known = ", ".join(source.NAME for source in SOURCES)
    match [source for source in SOURCES if source.recognises(event)]:
        case [source]:
            return source, event
        case []:
            raise InvalidEventError(f"the event's {len(event)} members fit none of the known contracts: {known}")
        case _:
            raise InvalidEventError(f"the event fits more than one of the known contracts: {known}")
