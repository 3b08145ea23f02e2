"""The emulator's own control plane, under `/_emulator/`; not signed, not counted, not subject to faults.

GET    /_emulator/health
GET    /_emulator/stats                       counts, pending objects, dead letters that wait to be sent, strikes of
                                              each fault rule
GET    /_emulator/objects?domain=D&type=T     every stored object as JSON lines, oldest first; with full=true each
                                              with the object as it came
GET    /_emulator/faults                      the specification in force
PUT    /_emulator/faults                      replace it (400 with the reason when it makes no sense)
DELETE /_emulator/faults                      no faults from now on
GET    /_emulator/permissions                 which operations each listed access key may call
PUT    /_emulator/permissions                 replace it (400 likewise); a key that is not listed may call all
POST   /_emulator/reset?only=data|stats|faults  back to the start; without `only`, all three: nothing stored but
                                              the domains of the start, counts at zero and quotas full, the
                                              faults of the start
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from customer_profiles_emulator.application import Answer, Application, Request, json_answer
from customer_profiles_emulator.fault_rules import FaultSpecificationError
from customer_profiles_emulator.faults import Faults
from customer_profiles_emulator.ingestion import WallClock
from customer_profiles_emulator.model import operations
from customer_profiles_emulator.object_table import Scope, StoredObject
from customer_profiles_emulator.permissions import Permissions, PermissionSpecificationError
from customer_profiles_emulator.quota import Quotas
from customer_profiles_emulator.stats import Stats
from customer_profiles_emulator.store import Store

PREFIX = "/_emulator/"
_PAGE = 500
_PARTS = ("data", "stats", "faults")


class ControlPlane:
    """What tests and soaks steer and read the emulator by."""

    def __init__(  # noqa: PLR0913 - the composition root's parts, by name
        self,
        *,
        application: Application,
        store: Store,
        start_afresh: Callable[[], None],
        quotas: Quotas,
        stats: Stats,
        clock: WallClock,
    ) -> None:
        self._application = application
        self._store = store
        self._start_afresh = start_afresh
        self._quotas = quotas
        self._stats = stats
        self._clock = clock
        self._initial_faults = application.faults.specification
        self._routes: Mapping[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", "health"): lambda _: json_answer(200, {"status": "ok"}),
            ("GET", "stats"): lambda _: json_answer(200, self.statistics()),
            ("GET", "objects"): self._objects,
            ("GET", "faults"): lambda _: json_answer(200, self._application.faults.specification),
            ("PUT", "faults"): self._put_faults,
            ("DELETE", "faults"): lambda _: self._set_faults({}),
            ("GET", "permissions"): lambda _: json_answer(200, self._application.permissions.specification),
            ("PUT", "permissions"): self._put_permissions,
            ("POST", "reset"): self._reset,
        }

    def handle(self, request: Request) -> Answer:
        """Answer a request of the control plane; never raises."""
        action = self._routes.get((request.method, request.path.removeprefix(PREFIX)))
        if action is None:
            return _refused(404, f"the control plane has no {request.method} {request.path}")
        return action(request)

    def statistics(self) -> dict[str, Any]:
        """Return what `GET stats` answers."""
        return self._stats.snapshot() | {
            "pending": self._store.objects.count_pending(),
            "dead_letters_waiting": self._store.dead_letters.count(),
            "faults_struck": self._application.faults.struck,
        }

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

    def _put_faults(self, request: Request) -> Answer:
        try:
            specification = json.loads(request.body)
        except (ValueError, RecursionError):
            return _refused(400, "a fault specification is JSON")
        return self._set_faults(specification)

    def set_faults(self, specification: object) -> None:
        """Replace the faults.

        Raises:
            FaultSpecificationError: they make no sense.
        """
        self._application.faults = Faults(specification, operations())

    def _set_faults(self, specification: object) -> Answer:
        try:
            self.set_faults(specification)
        except FaultSpecificationError as error:
            return _refused(400, str(error))
        return json_answer(200, specification)

    def _put_permissions(self, request: Request) -> Answer:
        try:
            self._application.permissions = Permissions(json.loads(request.body), operations())
        except PermissionSpecificationError as error:
            return _refused(400, str(error))
        except (ValueError, RecursionError):
            return _refused(400, "permissions are JSON")
        return json_answer(200, self._application.permissions.specification)

    def _reset(self, request: Request) -> Answer:
        parts = request.query.get("only", _PARTS)
        if not set(parts) <= set(_PARTS):
            return _refused(400, f"only is one of {', '.join(_PARTS)}")
        self.reset(parts)
        return json_answer(200, {"reset": list(parts)})

    def reset(self, parts: Collection[str] = _PARTS) -> None:
        """Go back to the start, in `data`, `stats` and `faults`, or some of them."""
        if "data" in parts:
            self._start_afresh()
        if "stats" in parts:
            self._stats.reset()
            self._quotas.reset()
        if "faults" in parts:
            self.set_faults(self._initial_faults)


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


def _refused(status: int, reason: str) -> Answer:
    return json_answer(status, {"error": reason})
