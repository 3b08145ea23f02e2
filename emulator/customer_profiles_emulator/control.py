"""The control plane's routes that only this service has.

GET  /_emulator/objects?domain=D&type=T        every stored object as JSON lines, oldest first; with full=true each
                                               with the object as it came
POST /_emulator/reset?only=data|stats|faults   back to the start; without `only`, all three: nothing stored but the
                                               domains of the start, counts at zero and quotas full, the faults of the
                                               start
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator

from customer_profiles_emulator.ingestion import WallClock
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.objects import Scope, StoredObject
from customer_profiles_emulator.transport.messages import Answer, Request, json_answer
from customer_profiles_emulator.wire.control import ControlRequestError, Routes
from customer_profiles_emulator.wire.service import Service

_PAGE = 500
_PARTS = ("data", "stats", "faults")


class Control:
    """Lists what is stored, and resets.

    Attributes:
        routes: of the control plane.

    Args:
        service: whose counts, quotas and faults are reset.
        store: what is listed.
        start_afresh: empties the store.
        clock: what decides which objects have expired.
    """

    def __init__(self, service: Service, store: Store, start_afresh: Callable[[], None], clock: WallClock) -> None:
        self.routes: Routes = {("GET", "objects"): self._objects, ("POST", "reset"): self._reset}
        self._service = service
        self._store = store
        self._start_afresh = start_afresh
        self._clock = clock
        self._initial_faults = service.faults.specification

    def gauges(self) -> dict[str, int]:
        """How much waits at this moment."""
        return {
            "pending": self._store.objects.count_pending(),
            "dead_letters_waiting": self._store.dead_letters.count(),
        }

    def reset(self, parts: Collection[str] = _PARTS) -> None:
        """Go back to the start, in `data`, `stats` and `faults`, or some of them."""
        if "data" in parts:
            self._start_afresh()
        if "stats" in parts:
            self._service.stats.reset()
            self._service.quotas.reset()
        if "faults" in parts:
            self._service.faults.replace(self._initial_faults)

    def _reset(self, request: Request) -> Answer:
        parts = request.query.get("only", _PARTS)
        if not set(parts) <= set(_PARTS):
            raise ControlRequestError(f"only is one of {', '.join(_PARTS)}")
        self.reset(parts)
        return json_answer(200, {"reset": list(parts)})

    def _objects(self, request: Request) -> Answer:
        domain, type_name = (request.query.get(name, [None])[0] for name in ("domain", "type"))
        scope = Scope(domain=domain, type_name=type_name)
        headers = {"Content-Type": "application/x-ndjson"}
        full = request.query.get("full") == ["true"]
        return Answer(200, headers=headers, chunks=self._object_lines(scope, full=full))

    def _object_lines(self, scope: Scope, *, full: bool) -> Iterator[bytes]:
        after = 0
        while page := self._store.objects.page(scope, now=self._clock(), after=after, limit=_PAGE):
            yield b"".join(_line(stored, full=full) for stored in page)
            after = page[-1].seq


def _line(stored: StoredObject, *, full: bool) -> bytes:
    document = {
        "domain": stored.key.domain,
        "type": stored.key.type_name,
        "key": stored.unique_values,
        "unique_key": stored.key.unique_key,
        "profile_id": stored.profile_id,
        "ingested_at": stored.ingested_at,
    } | ({"object": stored.text} if full else {})
    return json.dumps(document).encode() + b"\n"
