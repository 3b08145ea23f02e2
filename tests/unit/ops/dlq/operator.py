"""An operator who types an `ops dlq` command at a stack in memory."""

import json
from typing import Any

from ops import application
from ops.exits import Exit
from tests.fakes.deployment import FakeContext
from tests.fakes.terminal import FakeScreen
from tests.samples import pinpoint_event


def run(workplace: FakeContext, *arguments: str) -> Exit:
    """Run one `ops dlq` command at a stack in memory."""
    options = application.parse(["dlq", *arguments])
    place: Any = workplace
    ended: Exit = options.run(place)
    return ended


def with_json() -> FakeContext:
    """Return a stack in memory whose operator reads JSON."""
    return FakeContext(screen=FakeScreen(as_json=True))


def remembering(**memory: str) -> str:
    """Return an event as ingest parks it, with what it remembers."""
    return json.dumps({**pinpoint_event(), "parked": memory})
