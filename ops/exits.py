"""The exit codes of every command: one table, printed by `ops --help` and in docs/operator.md."""

from enum import IntEnum


class Exit(IntEnum):
    """How a command ended."""

    FINE = 0
    PROBLEMS = 1
    USAGE = 2
    UNREACHABLE = 3
    FAULT = 4
    INTERRUPTED = 130
    BROKEN_PIPE = 141
    TERMINATED = 143


MEANINGS: dict[Exit, str] = {
    Exit.FINE: "fine",
    Exit.PROBLEMS: "problems were found, or part of the work could not be done",
    Exit.USAGE: "the command line asks for what cannot be: an unknown option, stack or message",
    Exit.UNREACHABLE: "AWS could not be reached, or refused: no Region, credentials, permission or network",
    Exit.FAULT: "a fault of ops itself; --debug shows where",
    Exit.INTERRUPTED: "interrupted by Ctrl-C",
    Exit.BROKEN_PIPE: "the reader of the output closed it",
    Exit.TERMINATED: "ended by SIGTERM, or by SIGHUP",
}


def table() -> str:
    """Return the table as lines of text."""
    return "\n".join(f"  {code.value:>3}  {meaning}" for code, meaning in MEANINGS.items())
