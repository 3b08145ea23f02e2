"""The composition root: settings to a running emulator. Tests start it in their own process the same way."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from customer_profiles_emulator.application import Application
from customer_profiles_emulator.control import ControlPlane
from customer_profiles_emulator.database import MEMORY
from customer_profiles_emulator.dead_letters import DeadLetterQueue, SqsDeadLetterQueue
from customer_profiles_emulator.faults import Faults
from customer_profiles_emulator.ingestion import Ingestion
from customer_profiles_emulator.model import operations
from customer_profiles_emulator.quota import DEFAULT_RATES, Quotas
from customer_profiles_emulator.server import Server
from customer_profiles_emulator.stats import Stats
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.worker import Worker

_DEFAULT_EXPIRATION_DAYS = 366
_WORKER_PAUSE = 0.02
_IDLE_PAUSE = 1.0  # without a delay only what a former process left behind is ever due
_POLL = 0.05  # how soon the server notices that it is to stop, in seconds


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run an emulator.

    Attributes:
        port: on 127.0.0.1; 0 takes a free one.
        data: SQLite file, or `MEMORY`.
        rates: requests a second by operation; 0 lifts a quota.
        faults: the specification in force from the start (see `faults`).
        indexing_delay: seconds between the acceptance of an object and its attachment.
        domains: created at the start where they do not exist.
        clock: seconds since the epoch.
        monotonic: seconds that never go back, for quotas.
        sleep: how an injected delay waits.
        dead_letters: where unmatched objects go.
    """

    port: int = 0
    data: str = MEMORY
    rates: Mapping[str, float] = field(default_factory=lambda: DEFAULT_RATES)
    faults: Mapping[str, Any] = field(default_factory=dict)
    indexing_delay: float = 0.0
    domains: tuple[str, ...] = ()
    clock: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    dead_letters: DeadLetterQueue = field(default_factory=SqsDeadLetterQueue)


class Emulator:
    """A Customer Profiles endpoint in this process."""

    def __init__(self, settings: Settings) -> None:
        """Open the store and bind the port.

        Raises:
            FaultSpecificationError: the faults make no sense.
            OSError: the port is taken.
            sqlite3.Error: the data file cannot be opened.
        """
        self._settings = settings
        stats = Stats()
        quotas = Quotas(settings.rates, settings.monotonic)
        faults = Faults(settings.faults, operations())
        self._store = Store(settings.data)
        self.ingestion = Ingestion(self._store, stats, settings.dead_letters, settings.clock, settings.indexing_delay)
        application = Application(
            store=self._store,
            ingestion=self.ingestion,
            quotas=quotas,
            stats=stats,
            faults=faults,
            clock=settings.clock,
            sleep=settings.sleep,
        )
        control = ControlPlane(
            application=application,
            store=self._store,
            start_afresh=self._start_afresh,
            quotas=quotas,
            stats=stats,
            clock=settings.clock,
        )
        self._create_domains()
        self._server = Server(settings.port, application, control)
        self._worker = Worker(self.ingestion.process_due, _WORKER_PAUSE if settings.indexing_delay else _IDLE_PAUSE)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(_POLL,), name="http", daemon=True)

    @property
    def url(self) -> str:
        """Where clients find it."""
        return self._server.url

    def start(self) -> None:
        """Serve, in threads of its own."""
        self._worker.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop serving, let requests under way end, close the store."""
        self._server.stop()
        self._worker.stop()
        self._thread.join()
        self._store.close()

    def _start_afresh(self) -> None:
        self._store.clear()
        self.ingestion.forget_types()
        self._create_domains()

    def _create_domains(self) -> None:
        for name in self._settings.domains:
            if self._store.catalogue.domain(name) is None:
                members = {"DefaultExpirationDays": _DEFAULT_EXPIRATION_DAYS}
                self._store.catalogue.put_domain(name, members, self._settings.clock())
