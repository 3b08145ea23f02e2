"""The composition root: settings to a running emulator. Tests start it in their own process the same way."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from customer_profiles_emulator.control import Control
from customer_profiles_emulator.dead_letters import DeadLetterQueue, SqsDeadLetterQueue
from customer_profiles_emulator.ingestion import Ingestion
from customer_profiles_emulator.operations.table import handlers
from customer_profiles_emulator.service_model import DEFAULT_RATES, SERVICE, operations
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.store.database import MEMORY
from customer_profiles_emulator.transport.errors import BadRequestError
from customer_profiles_emulator.transport.server import IDLE_SECONDS, LOOPBACK, Server, ServerSettings
from customer_profiles_emulator.wire.control import ControlPlane
from customer_profiles_emulator.wire.faults import Faults
from customer_profiles_emulator.wire.inputs import check
from customer_profiles_emulator.wire.quotas import Quotas
from customer_profiles_emulator.wire.service import Service, ServiceDescription
from customer_profiles_emulator.wire.stats import Stats
from customer_profiles_emulator.worker import Worker

_DEFAULT_EXPIRATION_DAYS = 366
_WORKER_PAUSE = 0.02
_IDLE_PAUSE = 1.0  # without a delay only what an earlier process left in the data file is ever due
_DESCRIPTION = ServiceDescription(name=SERVICE, iam_prefix="profile")


class SettingsError(ValueError):
    """A setting that makes no sense; the message names the value and what to do."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run an emulator.

    Attributes:
        host: the address to listen at; `0.0.0.0` for all of this machine's.
        port: 0 takes a free one.
        data: SQLite file, or `MEMORY`.
        rates: requests a second by operation, `DEFAULT_RATES` or those of an account; 0 lifts a quota, as does leaving
            it out, so that `{}` lifts them all.
        faults: the specification in force from the start (see `wire.faults`).
        indexing_delay: seconds between the acceptance of an object and its attachment.
        domains: created at the start if they do not exist.
        clock: seconds since the epoch.
        monotonic: seconds that never go back, for quotas.
        sleep: how an injected delay waits.
        dead_letters: where unmatched objects go.
        idle_seconds: how long a client may take to send a whole request before its connection is closed, in real time.
        cors: the origin whose pages a browser lets call, `*` for all; empty for none.
    """

    host: str = LOOPBACK
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
    idle_seconds: float = IDLE_SECONDS
    cors: str = ""


class Emulator:
    """A Customer Profiles endpoint in this process."""

    def __init__(self, settings: Settings) -> None:
        """Open the store and bind the port.

        Raises:
            OldBotocoreError: the installed botocore knows only a part of the service.
            SettingsError: a domain has a name that no domain can have.
            FaultSpecificationError: the faults make no sense.
            OSError: the port is taken, or the host is not one of this machine's.
            DataFileInUseError: another process has the data file open.
            sqlite3.Error: the data file cannot be opened.
        """
        for name in settings.domains:
            _check_domain(name)
        self._settings = settings
        stats = Stats()
        quotas = Quotas(settings.rates, settings.monotonic)
        self._faults = Faults(settings.faults, operations())
        self._store = Store(settings.data)
        self.ingestion = Ingestion(self._store, stats, settings.dead_letters, settings.clock, settings.indexing_delay)
        emulated = handlers(
            store=self._store,
            ingestion=self.ingestion,
            clock=settings.clock,
            quotas=quotas,
            item_fault=self._faults.draw_item,
            stats=stats,
        )
        service = Service(_DESCRIPTION, emulated, faults=self._faults, stats=stats, quotas=quotas, sleep=settings.sleep)
        self._control = Control(service, self._store, self._start_afresh, settings.clock)
        self._control_plane = ControlPlane(service, self._control.routes, self._control.gauges)
        self._create_domains()
        listening = ServerSettings(settings.host, settings.port, settings.idle_seconds, settings.cors)
        try:
            self._server = Server(listening, service, self._control_plane)
        except OSError:
            self._store.close()
            raise
        self._workers = (
            Worker(self.ingestion.process_due, _WORKER_PAUSE if settings.indexing_delay else _IDLE_PAUSE),
            Worker(self.ingestion.send_dead_letters, _IDLE_PAUSE, self.ingestion.dead_letters_wait, "dead-letters"),
        )

    @property
    def url(self) -> str:
        """Where clients find it."""
        return self._server.url

    def start(self) -> None:
        """Serve, in threads of its own."""
        for worker in self._workers:
            worker.start()
        self._server.start()

    def stop(self) -> None:
        """Stop serving, let requests under way end, close the store."""
        self._server.stop()
        for worker in self._workers:
            worker.stop()
        self._store.close()

    def set_faults(self, specification: Mapping[str, Any]) -> None:
        """Replace the faults, as `PUT /_emulator/faults` does; `{}` for none.

        Raises:
            FaultSpecificationError: they make no sense.
        """
        self._faults.replace(specification)

    def stats(self) -> dict[str, Any]:
        """What happened so far: the document of `GET /_emulator/stats`."""
        return self._control_plane.statistics()

    def reset(self) -> None:
        """Go back to the start: no data but the domains of the settings, counts at zero, the faults of the start."""
        self._control.reset()

    def settle(self) -> None:
        """Attach what is due, and send the dead letters that wait, without waiting for the threads that do so."""
        while self.ingestion.process_due() + self.ingestion.send_dead_letters():
            pass

    def _start_afresh(self) -> None:
        self._store.clear()
        self.ingestion.forget_types()
        self._create_domains()

    def _create_domains(self) -> None:
        for name in self._settings.domains:
            if self._store.catalogue.domain(name) is None:
                members = {"DefaultExpirationDays": _DEFAULT_EXPIRATION_DAYS}
                self._store.catalogue.put_domain(name, members, self._settings.clock())


def _check_domain(name: str) -> None:
    try:
        check(operations()["GetDomain"].input, {"DomainName": name})
    except BadRequestError as error:
        raise SettingsError(
            f"{name!r} cannot be a domain's name: it has 1 to 64 letters, digits, hyphens and underscores"
        ) from error
