"""The list of sources. A new one is a module with `ingest.source.Source`'s names, and a line here."""

from collections.abc import Mapping
from typing import Any

from engagement.errors import InvalidEventError
from ingest import connect, pinpoint
from ingest.source import Source

SOURCES: tuple[Source, ...] = (pinpoint, connect)

_SHOWN_MEMBERS = 10


def recognise(event: object) -> tuple[Source, Mapping[str, Any]]:
    """Return the source whose contract the event has the shape of, and the event as a map.

    Raises:
        InvalidEventError: no source knows the event; the message names the members it has.
    """
    if not isinstance(event, dict):
        raise InvalidEventError(f"the event is of type {type(event).__name__}, not a map")
    for source in SOURCES:
        if source.recognises(event):
            return source, event
    members = ", ".join(sorted(map(ascii, event))[:_SHOWN_MEMBERS]) or "none"
    known = ", ".join(source.NAME for source in SOURCES)
    raise InvalidEventError(f"no known contract ({known}) has an event with these members: {members}")
