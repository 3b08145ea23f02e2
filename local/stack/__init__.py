"""Runs the pipeline on this machine: ministack as AWS, the Customer Profiles emulator, `sam build` and `sam deploy`.

Modules, outermost first:

- `stack`: start, find, end. `startup`: how one is started.
- `deployment`, `deployed_template`, `alarms`, `role_policies`: sam, and what is changed for ministack.
- `servers`, `processes`, `tls`: the servers, each a process group.
- `function_logs`, `clients`, `environment`, `state`, `progress`: logs, AWS clients, variables, the state file, reports.
"""

from local.stack.clients import Clients
from local.stack.deployment import CONNECT_INSTANCE
from local.stack.environment import exports
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
from local.stack.stack import DEFAULT_DIRECTORY, LocalStack
from local.stack.startup import StackSettings

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
