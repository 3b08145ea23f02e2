"""What can go wrong with the local stack; each message says what to do.

StackError
|-- AlreadyRunningError   a stack is up in this directory
|-- NotRunningError       no stack is up in this directory
|-- ServerError           a server ended, or was not ready in time
|   `-- PortTakenError    the free port was taken between the choice and the start
|-- SamError              `sam build` or `sam deploy` failed
`-- ServiceError          a local service refused what the stack needs
"""

from pathlib import Path

TAIL_LINES = 25


class StackError(Exception):
    """The local stack cannot do what was asked; the message is for the person at the terminal."""


class AlreadyRunningError(StackError):
    """A stack is up in this directory."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"a stack is already up in {directory}; `make down` ends it")


class NotRunningError(StackError):
    """No stack is up in this directory."""

    def __init__(self, directory: Path) -> None:
        super().__init__(f"no stack is up in {directory}; `make up` starts one")


class ServerError(StackError):
    """A server ended, or was not ready in time; the tail of its log is in the message."""

    def __init__(self, name: str, fault: str, log: Path) -> None:
        super().__init__(f"{name} {fault}; the end of its log, {log}:\n{tail(log)}")


class PortTakenError(ServerError):
    """Another process took the port between choosing and using it; the start is tried again."""


class SamError(StackError):
    """`sam` ended with an error; the tail of its log is in the message."""

    def __init__(self, command: str, code: int, log: Path) -> None:
        super().__init__(f"`sam {command}` ended with code {code}; the end of its log, {log}:\n{tail(log)}")


class ServiceError(StackError):
    """A local service refused what the stack needs, or could not be reached."""

    def __init__(self, error: Exception, logs: Path) -> None:
        super().__init__(f"a local service refused what the stack needs: {error}; the logs are in {logs}")


def tail(log: Path) -> str:
    """Return the last lines of a log, or that there is none."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return "(no log)"
    return "\n".join(f"    {line}" for line in lines[-TAIL_LINES:]) or "    (empty)"
