"""One request to one answer, without sockets: route, authenticate, authorise, faults, quota, bind, check, execute.

The order is that of AWS's front doors as far as it can be seen: who may not call learns nothing of the request's
faults, and a throttled request is not looked at.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from customer_profiles_emulator.binding import bind
from customer_profiles_emulator.domain_operations import DomainOperations
from customer_profiles_emulator.errors import (
    MissingAuthenticationTokenError,
    OperationNotEmulatedError,
    ServiceError,
    ThrottlingError,
)
from customer_profiles_emulator.fault_rules import Drop
from customer_profiles_emulator.faults import Fate, Faults
from customer_profiles_emulator.foreign_answers import ForeignAnswer
from customer_profiles_emulator.ingestion import Ingestion, WallClock
from customer_profiles_emulator.manners import Manner, Sending
from customer_profiles_emulator.merge_operations import MergeOperations
from customer_profiles_emulator.model import operations
from customer_profiles_emulator.object_operations import BATCH_PUT, ObjectOperations
from customer_profiles_emulator.object_type_operations import ObjectTypeOperations
from customer_profiles_emulator.permissions import Permissions, access_key
from customer_profiles_emulator.profile_key_operations import ProfileKeyOperations
from customer_profiles_emulator.profile_operations import ProfileOperations
from customer_profiles_emulator.quota import Quotas
from customer_profiles_emulator.routing import Route, Router
from customer_profiles_emulator.search_operations import SearchOperations
from customer_profiles_emulator.stats import Stats
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.tag_operations import TagOperations
from customer_profiles_emulator.template_operations import get_template, list_templates
from customer_profiles_emulator.validation import check

Handler = Callable[[dict[str, Any]], dict[str, Any]]
UNKNOWN = "Unknown"
_SIGNATURE = "AWS4-"


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request.

    Attributes:
        path: as sent, percent-encoded, without the query string.
        query: name to decoded values.
        headers: by lower-case name.
    """

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back: a body, or chunks of one, or, when `drop` is set, nothing but a reset connection.

    `manner` tells how a body is sent where that is not at once, once and whole.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    chunks: Iterator[bytes] | None = None
    drop: bool = False
    manner: Manner | None = None


class Application:
    """The service's side of the emulator."""

    def __init__(  # noqa: PLR0913 - the composition root's parts, by name
        self,
        *,
        store: Store,
        ingestion: Ingestion,
        quotas: Quotas,
        stats: Stats,
        faults: Faults,
        clock: WallClock,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Wire the operations to their state; `sleep` serves injected delays."""
        self.faults = faults
        self.permissions = Permissions({}, ())
        self._last_answer = Answer()
        self._quotas = quotas
        self._stats = stats
        self._sleep = sleep
        self._router = Router(operations().values())
        domains = DomainOperations(store, ingestion, clock)
        types = ObjectTypeOperations(store, ingestion, clock)
        objects = ObjectOperations(store, ingestion, clock, quotas, self._item_error)
        tags = TagOperations(store)
        search = SearchOperations(store, ingestion)
        profiles = ProfileOperations(store, stats)
        keys = ProfileKeyOperations(store, search.content_types)
        self._handlers: Mapping[str, Handler] = {
            "CreateDomain": domains.create,
            "GetDomain": domains.get,
            "UpdateDomain": domains.update,
            "DeleteDomain": domains.delete,
            "ListDomains": domains.list,
            "PutProfileObjectType": types.put,
            "GetProfileObjectType": types.get,
            "DeleteProfileObjectType": types.delete,
            "ListProfileObjectTypes": types.list,
            "GetProfileObjectTypeTemplate": get_template,
            "ListProfileObjectTypeTemplates": list_templates,
            "PutProfileObject": objects.put,
            BATCH_PUT: objects.batch_put,
            "SearchProfiles": search.search,
            "ListProfileObjects": objects.list,
            "DeleteProfileObject": objects.delete,
            "TagResource": tags.tag,
            "UntagResource": tags.untag,
            "ListTagsForResource": tags.list,
            "CreateProfile": profiles.create,
            "UpdateProfile": profiles.update,
            "DeleteProfile": profiles.delete,
            "BatchGetProfile": profiles.batch_get,
            "AddProfileKey": keys.add,
            "DeleteProfileKey": keys.delete,
            "MergeProfiles": MergeOperations(store, stats).merge,
        }

    @property
    def emulated(self) -> Collection[str]:
        """The operations that have an implementation."""
        return self._handlers.keys()

    def handle(self, request: Request) -> Answer:
        """Answer a request; never raises."""
        name, fate = UNKNOWN, Fate()
        try:
            route = self._router.match(request.method, request.path)
            name = route.operation.name
            authenticate(request)
            self._authorise(name, request)
            fate = self._suffer(name)
            answer, outcome = self._perform(route, request, fate)
        except ServiceError as error:
            answer, outcome = error_answer(error), error.code
        if fate.drop is not None:
            answer, outcome = Answer(drop=True), fate.drop.value
        if fate.manner is not None:
            answer = replace(answer, manner=fate.manner)
        self._stats.operation(name, outcome)
        return answer

    def _authorise(self, operation: str, request: Request) -> None:
        caller = access_key(request.headers.get("authorization", ""))
        self._stats.caller(caller, operation)
        self.permissions.check(caller, operation)

    def _suffer(self, operation: str) -> Fate:
        fate = self.faults.fate(operation)
        if fate.delay:
            self._sleep(fate.delay)
        if fate.error is not None:
            raise fate.error
        return fate

    def _perform(self, route: Route, request: Request, fate: Fate) -> tuple[Answer, str]:
        """Return the answer, and the outcome by which it is counted."""
        if fate.drop is Drop.BEFORE_WRITE:
            return Answer(drop=True), "ok"
        if fate.foreign is not None:
            return self._foreign(fate.foreign), "foreign"
        if fate.manner is not None and fate.manner.sending is Sending.HANG:
            return Answer(), Sending.HANG.value
        answer = self._last_answer = json_answer(200, self._execute(route, request))
        return answer, "ok"

    def _foreign(self, foreign: ForeignAnswer) -> Answer:
        if foreign.body is None:
            return self._last_answer
        return Answer(foreign.status, foreign.body, {"Content-Type": foreign.content_type})

    def _item_error(self, operation: str) -> ServiceError | None:
        # Asked afresh each time: the control plane replaces the faults.
        return self.faults.item_error(operation)

    def _execute(self, route: Route, request: Request) -> dict[str, Any]:
        operation = route.operation
        handler = self._handlers.get(operation.name)
        if handler is None:
            raise OperationNotEmulatedError(f"{operation.name} is not emulated")
        # A batch's items take from the quota one by one, in its handler.
        if operation.name != BATCH_PUT and not self._quotas.take(operation.name):
            raise ThrottlingError("Rate exceeded")
        content = bind(route, request.query, request.headers, request.body)
        check(operation.input, content)
        return handler(content)


def authenticate(request: Request) -> None:
    """Refuse a request that is not signed; whose the signature is does not matter here.

    Raises:
        MissingAuthenticationTokenError: it is not.
    """
    signed = request.headers.get("authorization", "").startswith(_SIGNATURE)
    if not signed and "X-Amz-Signature" not in request.query:
        raise MissingAuthenticationTokenError("Missing Authentication Token")


def json_answer(status: int, document: object, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer with a JSON body and a request id."""
    body = json.dumps(document, separators=(",", ":")).encode()
    identified = {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid.uuid4()), **(headers or {})}
    return Answer(status, body, identified)


def error_answer(error: ServiceError) -> Answer:
    """An error in the form of rest-json: its code in a header, its message in the body."""
    return json_answer(error.status, {"Message": error.message}, {"x-amzn-ErrorType": error.code})
