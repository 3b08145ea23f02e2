"""The list of sources."""

from collections.abc import Mapping
from typing import Any

from engagement.errors import InvalidEventError
from ingest.sources import connect, pinpoint
from ingest.sources.contract import Source

SOURCES: tuple[Source, ...] = (pinpoint, connect)


def recognise(event: object) -> tuple[Source, Mapping[str, Any]]:
    """Return the one source that recognises the event, and the event as a map.

    Raises:
        InvalidEventError: no source recognises the event, or several do. The message names none of its members: in a
            map by customer their names are personal data.
    """
    if not isinstance(event, dict):
        raise InvalidEventError(f"the event is of type {type(event).__name__}, not a map")
    known = ", ".join(source.NAME for source in SOURCES)
    match [source for source in SOURCES if source.recognises(event)]:
        case [source]:
            return source, event
        case []:
            raise InvalidEventError(f"the event's {len(event)} members fit none of the known formats: {known}")
        case _:
            raise InvalidEventError(f"the event fits more than one of the known formats: {known}")
