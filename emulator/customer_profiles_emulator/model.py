"""The service's own model, as botocore ships it, compiled into the few facts the emulator asks of it.

Compiled once, because validation walks shapes on every request: patterns are ready to match and members are
plain dictionaries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import botocore
import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, StructureShape
from botocore.model import Shape as BotocoreShape

SERVICE = "customer-profiles"
OLDEST_BOTOCORE = "1.43.17"
"""The first botocore whose model of the service has BatchPutProfileObject."""


class OldBotocoreError(RuntimeError):
    """The installed botocore knows only a part of the service."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of the model with its constraints.

    Attributes:
        kind: `structure`, `list`, `map`, `string`, `integer`, `long`, `double`, `boolean` or `timestamp`.
        minimum: least length (strings, lists, maps) or value (numbers); None without a limit.
        maximum: the same, upper end.
        pattern: what a string must match, wholly or, where it is anchored at its start alone, at its start.
        enum: the allowed strings, in the model's order; empty when any will do.
        members: a structure's members by name; `required` names those that must be there.
        element: a list's element or a map's value.
        key: a map's key.
    """

    name: str
    kind: str
    minimum: float | None = None
    maximum: float | None = None
    pattern: re.Pattern[str] | None = None
    enum: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    members: dict[str, Shape] = field(default_factory=dict)
    element: Shape | None = None
    key: Shape | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation and where its input's members travel.

    Attributes:
        uri: the template, as `/domains/{DomainName}/profiles/objects`.
        uri_members: URI label to member name.
        query_members: query string name to member name.
        header_members: lower-case header name to member name.
        body_members: the members of the JSON body, by their name on the wire.
    """

    name: str
    method: str
    uri: str
    input: Shape
    output: Shape | None
    uri_members: Mapping[str, str]
    query_members: Mapping[str, str]
    header_members: Mapping[str, str]
    body_members: Mapping[str, str]


def check_botocore(version: str) -> None:
    """Refuse a botocore whose model is too old to be the service.

    Raises:
        OldBotocoreError: `version` is older than `OLDEST_BOTOCORE`.
    """
    if _numbers(version) < _numbers(OLDEST_BOTOCORE):
        raise OldBotocoreError(
            f"botocore {version} is too old: its model of Customer Profiles lacks operations."
            f" Install botocore {OLDEST_BOTOCORE} or newer: pip install --upgrade 'botocore>={OLDEST_BOTOCORE}'"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])


@cache
def operations(service_name: str = SERVICE) -> Mapping[str, Operation]:
    """Every operation of a service by name, Customer Profiles' unless told; loading takes 100 ms, once a process.

    Raises:
        OldBotocoreError: the installed botocore is too old.
    """
    check_botocore(botocore.__version__)
    service = botocore.session.get_session().get_service_model(service_name)
    compiled: dict[str, Shape] = {}
    return {name: _compile_operation(service.operation_model(name), compiled) for name in service.operation_names}


def _compile_operation(operation: OperationModel, compiled: dict[str, Shape]) -> Operation:
    by_location: dict[str, dict[str, str]] = {"uri": {}, "querystring": {}, "header": {}, "body": {}}
    members = operation.input_shape.members if operation.input_shape is not None else {}
    for member, shape in members.items():
        wire_name = shape.serialization.get("name", member)
        by_location[shape.serialization.get("location", "body")][wire_name] = member
    return Operation(
        name=operation.name,
        method=operation.http["method"],
        uri=operation.http["requestUri"],
        input=_compile(operation.input_shape, compiled) or Shape(name=f"{operation.name}Request", kind="structure"),
        output=_compile(operation.output_shape, compiled),
        uri_members=by_location["uri"],
        query_members=by_location["querystring"],
        header_members={name.lower(): member for name, member in by_location["header"].items()},
        body_members=by_location["body"],
    )


def _compile(shape: BotocoreShape | None, compiled: dict[str, Shape]) -> Shape | None:
    return None if shape is None else _compile_shape(shape, compiled)


def _compile_shape(shape: BotocoreShape, compiled: dict[str, Shape]) -> Shape:
    if shape.name not in compiled:
        # A structure is registered before its members are compiled, so that a shape may contain itself.
        made = compiled[shape.name] = _compile_alone(shape, compiled)
        if isinstance(shape, StructureShape):
            for name, member in shape.members.items():
                made.members[name] = _compile_shape(member, compiled)
    return compiled[shape.name]


def _compile_alone(shape: BotocoreShape, compiled: dict[str, Shape]) -> Shape:
    metadata = shape.metadata
    pattern = metadata.get("pattern")
    return Shape(
        name=shape.name,
        kind=shape.type_name,
        minimum=metadata.get("min"),
        maximum=metadata.get("max"),
        pattern=re.compile(pattern) if pattern else None,
        enum=tuple(metadata.get("enum", ())),
        required=tuple(metadata.get("required", ())),
        element=_element(shape, compiled),
        key=_compile_shape(shape.key, compiled) if isinstance(shape, MapShape) else None,
    )


def _element(shape: BotocoreShape, compiled: dict[str, Shape]) -> Shape | None:
    if isinstance(shape, ListShape):
        return _compile_shape(shape.member, compiled)
    if isinstance(shape, MapShape):
        return _compile_shape(shape.value, compiled)
    return None
