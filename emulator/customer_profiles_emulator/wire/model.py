"""A service's own model, as botocore ships it: its operations, their shapes, and which operation a request means.

Compiled once, because validation walks shapes on every request: patterns are ready to match and members are
plain dictionaries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import unquote

import botocore.session
from botocore.model import ListShape, MapShape, OperationModel, StructureShape
from botocore.model import Shape as BotocoreShape

from customer_profiles_emulator.transport.errors import BadRequestError, UnknownOperationError


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape of the model with its constraints.

    Attributes:
        kind: `structure`, `list`, `map`, `string`, `integer`, `long`, `double`, `boolean` or `timestamp`.
        minimum: least length (strings, lists, maps) or value (numbers); None without a limit.
        maximum: the same, upper end.
        pattern: what a string must match: all of it, or its start if the pattern is anchored there alone.
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


@cache
def operations_of(service_name: str) -> Mapping[str, Operation]:
    """Every operation of a service by name; loading takes 100 ms, once a process."""
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


@dataclass(frozen=True, slots=True)
class Route:
    """An operation that a request's path names, with the decoded values of its labels."""

    operation: Operation
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Template:
    operation: Operation
    segments: tuple[str, ...]

    def labels(self, segments: list[str]) -> dict[str, str] | None:
        found: dict[str, str] = {}
        for template, segment in zip(self.segments, segments, strict=True):
            if template.startswith("{"):
                found[template[1:-1]] = segment
            elif template != segment:
                return None
        return found


class Router:
    """Matches paths segment by segment; if two templates fit, the one with more literal segments wins."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._templates: dict[tuple[str, int], list[_Template]] = {}
        for operation in operations:
            segments = tuple(operation.uri.split("/"))
            key = (operation.method, len(segments))
            self._templates.setdefault(key, []).append(_Template(operation, segments))
        for templates in self._templates.values():
            templates.sort(key=lambda template: sum(part.startswith("{") for part in template.segments))

    def match(self, method: str, path: str) -> Route:
        """The route of a request.

        Args:
            method: the HTTP method, upper case.
            path: the path as it was sent, percent-encoded, without the query string.

        Raises:
            UnknownOperationError: no operation has this method and path.
            BadRequestError: a label is not percent-encoded UTF-8.
        """
        segments = path.split("/")
        for template in self._templates.get((method, len(segments)), ()):
            labels = template.labels(segments)
            if labels is not None:
                return Route(template.operation, {name: _decode(label) for name, label in labels.items()})
        raise UnknownOperationError(f"No operation of the service answers {method} on this path")


def _decode(label: str) -> str:
    try:
        return unquote(label, errors="strict")
    except UnicodeDecodeError as error:
        raise BadRequestError("The path is not percent-encoded UTF-8") from error
