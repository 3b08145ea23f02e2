"""The Customer Profiles emulator as the soak steers it: faults, counts that outlive it, kill and restart."""

import contextlib
import json
import os
import signal
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import urllib3

from local.stack import LocalStack, servers, state
from local.stack.processes import ServerProcess
from ops import interrupts

DATA = "customer-profiles.sqlite"


class ControlPlaneError(Exception):
    """The emulator's control plane refused."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as the emulator keeps it.

    Attributes:
        members: What was written.
        profile_id: What it is attached to.
        unique_key: The service's name for it.
    """

    members: Mapping[str, Any]
    profile_id: str
    unique_key: str = ""


def clear(directory: Path) -> None:
    """Remove what an earlier soak stored."""
    for leftover in directory.glob(f"{DATA}*"):
        leftover.unlink()


def arguments(directory: Path) -> tuple[str, ...]:
    """Return what the emulator is started with: a file that survives it, and no quota but those of the profiles."""
    lifted = ("PutProfileObject", "SearchProfiles", "ListProfileObjects")
    return (f"--data={directory.resolve() / DATA}", *(f"--quota={operation}=0" for operation in lifted))


class Service:
    """One emulator, across restarts."""

    def __init__(self, stack: LocalStack) -> None:
        self._stack = stack
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(10), retries=False)
        self._url = stack.profiles_url
        self._process = next(server for server in stack.servers if "emulator" in server.name)
        self._carried: Counter[str] = Counter()
        self._up = True

    @property
    def port(self) -> int:
        """Where it listens, across restarts."""
        return urlsplit(self._url).port or 0

    def close(self) -> None:
        """Close the connections to the control plane."""
        self._http.clear()

    def set_faults(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Replace the faults in force."""
        self._call("PUT", "faults", json.dumps({"seed": 7, "rules": list(rules)}).encode())

    def injected(self) -> list[int]:
        """Return how often each rule in force was applied."""
        counts: list[int] = self._call("GET", "stats")["faults_struck"]
        return counts

    def counts(self) -> Counter[str]:
        """Return all counts since the first start: events by name, and calls as ``Operation/outcome``.

        What happened between the last read and a kill is not among them.
        """
        return self._carried + (self._living() if self._up else Counter())

    def kill(self) -> None:
        """End it as a crash does."""
        self._carried = self.counts()
        self._up = False
        with contextlib.suppress(psutil.NoSuchProcess):
            os.kill(self._process.pid, signal.SIGKILL)
        self._process.stop()  # nothing is left to stop: it collects the exit

    def start(self) -> None:
        """Start it again, on the same port and with the same data, known to the stack so that it is ended with it.

        Raises:
            ServerError: it does not start.
        """
        directory = self._stack.directory
        port = urlsplit(self._url).port
        with interrupts.deferred(second_at_once=False):
            process = servers.launch_emulator(
                directory, self._stack.environment["AWS_ENDPOINT_URL"], (*arguments(directory), f"--port={port}")
            )
            _remember(directory, self._process, process)
            self._process = process
        servers.emulator_url(process, directory)
        self._up = True

    def objects(self, domain: str, object_type: str) -> Iterator[Stored]:
        """Yield every object of a type."""
        url = f"{self._url}/_emulator/objects?domain={domain}&type={object_type}&full=true"
        answer = self._http.request("GET", url, preload_content=False)
        try:
            for line in answer:
                document = json.loads(line)
                yield Stored(json.loads(document["object"]), document["profile_id"], document["unique_key"])
        finally:
            answer.release_conn()

    def _living(self) -> Counter[str]:
        stats = self._call("GET", "stats")
        counts: Counter[str] = Counter(stats["events"])
        for operation, outcomes in stats["operations"].items():
            for outcome, count in outcomes.items():
                counts[f"{operation}/{outcome}"] = count
        return counts

    def _call(self, method: str, path: str, body: bytes | None = None) -> Any:  # noqa: ANN401 - JSON
        answer = self._http.request(method, f"{self._url}/_emulator/{path}", body=body)
        if answer.status != 200:  # noqa: PLR2004 - OK
            raise ControlPlaneError(f"{method} {path}: {answer.status} {answer.data.decode()}")
        return json.loads(answer.data)


def _remember(directory: Path, old: ServerProcess, new: ServerProcess) -> None:
    running = state.load(directory)
    if running is None:
        raise ControlPlaneError(f"the stack in {directory} is gone")
    others = tuple(new if server == old else server for server in running.servers)
    state.save(replace(running, servers=others), directory)
