"""The state file: what runs in a directory, so that another command can find and end it."""

import contextlib
import fcntl
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from local.stack.processes import ServerProcess

VERSION = 3


@dataclass(frozen=True, slots=True)
class StackState:
    """What runs.

    Attributes:
        aws_url: of ministack.
        profiles_url: of the Customer Profiles emulator, empty until it is known.
        servers: the processes, in the order of their start.
        outputs: of the deployed stack, by key; empty until it is deployed.
        certificate: the file of ministack's certificate; empty if it speaks plain HTTP.
        campaigns_url: of the endpoint of Connect's outbound campaigns, empty until it is known, or if none runs.
    """

    aws_url: str
    profiles_url: str = ""
    servers: tuple[ServerProcess, ...] = ()
    outputs: tuple[tuple[str, str], ...] = ()
    certificate: str = ""
    campaigns_url: str = ""

    @property
    def is_ready(self) -> bool:
        """Whether the stack is deployed and every server of it still runs."""
        return bool(self.outputs) and all(server.is_alive() for server in self.servers)

    def with_server(self, server: ServerProcess) -> "StackState":
        """Return the state with one server more."""
        return replace(self, servers=(*self.servers, server))


def path(directory: Path) -> Path:
    """Return where the state of the stack in ``directory`` is kept."""
    return directory / "state.json"


def save(state: StackState, directory: Path) -> None:
    """Write the state whole or not at all: a reader never sees half of it."""
    document = {"version": VERSION, **asdict(state)}
    written = path(directory).with_suffix(".new")
    written.write_text(json.dumps(document, indent=2, default=str), encoding="utf-8")
    written.replace(path(directory))


def load(directory: Path) -> StackState | None:
    """Return the state; None when there is none, or one that another version of this code wrote."""
    try:
        document = json.loads(path(directory).read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    if document.pop("version", None) != VERSION:
        return None
    servers = tuple(ServerProcess(**{**server, "log": Path(server["log"])}) for server in document.pop("servers"))
    outputs = tuple((key, value) for key, value in document.pop("outputs"))
    return StackState(servers=servers, outputs=outputs, **document)


def forget(directory: Path) -> None:
    """Remove the state file."""
    path(directory).unlink(missing_ok=True)


@contextlib.contextmanager
def exclusive(directory: Path) -> Iterator[None]:
    """Hold the directory alone, waiting for any other holder: a start and a stop at once would miss each other."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
