"""The list of commands. A new one is a package with a function like these, and a line here."""

from collections.abc import Callable

from ops.arguments import Subparsers
from ops.dlq import command as dlq
from ops.doctor import command as doctor
from ops.first_hour import command as first_hour
from ops.plan import command as plan
from ops.status import command as status
from ops.trace import command as trace

COMMANDS: tuple[Callable[[Subparsers], None], ...] = (
    status.add,
    dlq.add,
    doctor.add,
    trace.add,
    plan.add,
    first_hour.add,
)
"""Each adds one command, or a group of them, to the command line: see `ops.arguments.add_command`."""
