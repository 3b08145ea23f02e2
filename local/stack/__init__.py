"""Runs the pipeline on this machine: ministack as AWS, the Customer Profiles emulator, `sam build` and `sam deploy`.

The rooms, outermost first:

- `stack`: start, find, end.
- `deployment`, `servers`, `function_logs`: what is done with sam, the two servers, the logs.
- `processes`, `interrupts`, `state`, `surroundings`, `clients`, `progress`: processes, Ctrl-C, the state file,
  variables, AWS clients, reports.
"""

from local.stack.clients import Clients
from local.stack.deployment import CONNECT_INSTANCE
from local.stack.errors import (
    AlreadyRunningError,
    NotRunningError,
    PortTakenError,
    SamError,
    ServerError,
    ServiceError,
    StackError,
)
from local.stack.progress import Reporter, Silent, StandardError
from local.stack.stack import DEFAULT_DIRECTORY, LocalStack, StackSettings
from local.stack.surroundings import exports

__all__ = [
    "CONNECT_INSTANCE",
    "DEFAULT_DIRECTORY",
    "AlreadyRunningError",
    "Clients",
    "LocalStack",
    "NotRunningError",
    "PortTakenError",
    "Reporter",
    "SamError",
    "ServerError",
    "ServiceError",
    "Silent",
    "StackError",
    "StackSettings",
    "StandardError",
    "exports",
]
