"""From an HTTP request to an operation's input, as the rest-json protocol lays it out.

Labels, query strings and headers arrive as text and are turned into the type the model gives them; the
body is one JSON object. Whether the values are allowed is `validation`'s business.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.model import Operation, Shape
from customer_profiles_emulator.routing import Route

_BOOLEANS = {"true": True, "false": False}


def bind(route: Route, query: Mapping[str, Sequence[str]], headers: Mapping[str, str], body: bytes) -> dict[str, Any]:
    """The input of the route's operation, by member name; nulls count as absent.

    Args:
        route: the operation and the labels of its path.
        query: each name of the query string with its decoded values.
        headers: by lower-case name.
        body: as it came.

    Raises:
        BadRequestError: the body is not a JSON object, or a text cannot be turned into its member's type.
    """
    operation = route.operation
    bound: dict[str, Any] = {}
    if operation.body_members:
        content = json_object(body) if body else {}
        for wire_name, member in operation.body_members.items():
            if content.get(wire_name) is not None:
                bound[member] = content[wire_name]
    for label, value in route.labels.items():
        bound[operation.uri_members[label]] = value
    for name, member in operation.query_members.items():
        if name in query:
            bound[member] = _from_query(operation, member, query[name])
    for name, member in operation.header_members.items():
        if name in headers:
            bound[member] = _from_text(operation.input.members[member], headers[name], member)
    return bound


def json_object(content: bytes | str) -> dict[str, Any]:
    """Parse one JSON object, strictly: no NaN or Infinity, and no number too large to be anything else.

    Raises:
        BadRequestError: the content is not JSON, not UTF-8, nested too deeply, or another JSON value.
    """
    try:
        value = json.loads(content, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise BadRequestError("The content is not valid JSON") from error
    if not isinstance(value, dict):
        raise BadRequestError("The content is not a JSON object")
    return value


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(text)
    return number


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _from_query(operation: Operation, member: str, values: Sequence[str]) -> object:
    shape = operation.input.members[member]
    if shape.kind == "list" and shape.element is not None:
        element = shape.element
        return [_from_text(element, value, member) for value in values]
    return _from_text(shape, values[-1], member)


def _from_text(shape: Shape, text: str, member: str) -> object:
    if shape.kind in {"integer", "long"}:
        return _integer(text, member)
    if shape.kind == "boolean":
        if text not in _BOOLEANS:
            raise BadRequestError(f"Value at '{member}' is not a boolean")
        return _BOOLEANS[text]
    return text


def _integer(text: str, member: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise BadRequestError(f"Value at '{member}' is not an integer") from error
