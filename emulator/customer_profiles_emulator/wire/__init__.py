"""A service of AWS's on one machine, made of the service's own model in botocore and a handler for some operations.

It does for any service with the rest-json protocol what this package does for Customer Profiles: routes, parameters and
constraints by the model, 501 for every operation without a handler, signatures, permissions by access key, quotas,
faults on demand, counts, and a control plane under `/_emulator/`. The names exported here are public.

    def put(content):
        return {}

    service = Service(
        ServiceDescription(name="connectcampaignsv2", iam_prefix="connect-campaigns", message_member="message"),
        {"PutConnectInstanceIntegration": put},
        faults=Faults({}, operations_of("connectcampaignsv2")),
        stats=Stats(),
    )
    run(Server(ServerSettings(port=8771), service, ControlPlane(service)))

`service` takes a request to an answer, with `model` and `inputs` (routes and valid inputs), `faults` and `fault_rules`,
`permissions`, `quotas`, `stats`; `control` steers and reads it; `paging` makes page tokens.
"""

from __future__ import annotations

from customer_profiles_emulator.transport.errors import (
    AccessDeniedError,
    BadRequestError,
    ConcurrentUpdateError,
    InternalServerError,
    ResourceNotFoundError,
    ServiceError,
    ThrottlingError,
)
from customer_profiles_emulator.transport.messages import Answer, Request, json_answer
from customer_profiles_emulator.transport.server import Server, ServerSettings, run
from customer_profiles_emulator.wire.control import ControlPlane, ControlRequestError, json_body
from customer_profiles_emulator.wire.fault_rules import FaultSpecificationError
from customer_profiles_emulator.wire.faults import Faults
from customer_profiles_emulator.wire.model import operations_of
from customer_profiles_emulator.wire.paging import numeric_position, token
from customer_profiles_emulator.wire.quotas import Quotas, TokenBucket
from customer_profiles_emulator.wire.service import Handler, Service, ServiceDescription
from customer_profiles_emulator.wire.stats import Stats

__all__ = [
    "AccessDeniedError",
    "Answer",
    "BadRequestError",
    "ConcurrentUpdateError",
    "ControlPlane",
    "ControlRequestError",
    "FaultSpecificationError",
    "Faults",
    "Handler",
    "InternalServerError",
    "Quotas",
    "Request",
    "ResourceNotFoundError",
    "Server",
    "ServerSettings",
    "Service",
    "ServiceDescription",
    "ServiceError",
    "Stats",
    "ThrottlingError",
    "TokenBucket",
    "json_answer",
    "json_body",
    "numeric_position",
    "operations_of",
    "run",
    "token",
]
