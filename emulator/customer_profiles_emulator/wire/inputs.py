"""From an HTTP request to an operation's valid input.

`bind` reads the input from where the rest-json protocol puts it: labels, query strings and headers arrive as text and
are turned into the type that the model gives them; the body is one JSON object. `check` then makes the checks that the
service makes and botocore's client does not. Its messages follow the form AWS services use; they name the place and the
constraint, never the value.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NoReturn

from customer_profiles_emulator.transport.errors import BadRequestError
from customer_profiles_emulator.transport.messages import Request
from customer_profiles_emulator.wire.model import Operation, Route, Shape

_MOST_REPORTED = 10
_BOOLEANS = {"true": True, "false": False}


def bind(route: Route, request: Request) -> dict[str, Any]:
    """The input of the route's operation, by member name; nulls count as absent.

    Raises:
        BadRequestError: the body is not a JSON object, or a text cannot be turned into its member's type.
    """
    operation = route.operation
    bound: dict[str, Any] = {}
    if operation.body_members:
        content = json_object(request.body) if request.body else {}
        for wire_name, member in operation.body_members.items():
            if content.get(wire_name) is not None:
                bound[member] = content[wire_name]
    for label, value in route.labels.items():
        bound[operation.uri_members[label]] = value
    for name, member in operation.query_members.items():
        if name in request.query:
            bound[member] = _from_query(operation, member, request.query[name])
    for name, member in operation.header_members.items():
        if name in request.headers:
            bound[member] = _from_text(operation.input.members[member], request.headers[name], member)
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
        return _parse_integer(text, member)
    if shape.kind == "boolean":
        if text not in _BOOLEANS:
            raise BadRequestError(f"Value at '{member}' is not a boolean")
        return _BOOLEANS[text]
    return text


def _parse_integer(text: str, member: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise BadRequestError(f"Value at '{member}' is not an integer") from error


def check(shape: Shape, value: object) -> None:
    """Raise `BadRequestError` naming up to ten constraints that `value` fails; return when it satisfies all."""
    found: list[str] = []
    for violation in violations(shape, value):
        found.append(violation)
        if len(found) == _MOST_REPORTED:
            break
    if found:
        noun = "error" if len(found) == 1 else "errors"
        raise BadRequestError(f"{len(found)} validation {noun} detected: " + "; ".join(found))


def violations(shape: Shape, value: object, path: str = "") -> Iterator[str]:
    """Yield one sentence for each constraint of `shape` that `value` fails, in the model's order."""
    return _CHECKS[shape.kind](shape, value, path)


def _failed(path: str, constraint: str) -> str:
    return f"Value at '{path or 'request'}' failed to satisfy constraint: Member must {constraint}"


def _structure(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _failed(path, "be an object")
        return
    for name in shape.required:
        if value.get(name) is None:
            yield _failed(_join(path, name), "not be null")
    for name, member in value.items():
        # Unknown members are ignored, as AWS's services do, so that newer clients can talk to older servers.
        if member is not None and name in shape.members:
            yield from violations(shape.members[name], member, _join(path, name))


def _list(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield _failed(path, "be a list")
        return
    yield from _length(shape, len(value), path)
    if shape.element is not None:
        for index, element in enumerate(value):
            yield from _element(shape.element, element, f"{path}.{index + 1}.member")


def _map(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _failed(path, "be a map")
        return
    yield from _length(shape, len(value), path)
    for key, element in value.items():
        if shape.key is not None and any(violations(shape.key, key, path)):
            yield from (f"{violation} (a key of the map)" for violation in violations(shape.key, key, path))
        elif shape.element is not None:
            yield from _element(shape.element, element, _join(path, key))


def _element(shape: Shape, value: object, path: str) -> Iterator[str]:
    if value is None:
        yield _failed(path, "not be null")
    else:
        yield from violations(shape, value, path)


def _string(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield _failed(path, "be a string")
        return
    if not is_unicode(value):
        yield _failed(path, "be valid Unicode: it holds a lone surrogate")
        return
    yield from _length(shape, len(value), path)
    if shape.pattern is not None and not _satisfies(value, shape.pattern):
        yield _failed(path, f"satisfy regular expression pattern: {shape.pattern.pattern}")
    if shape.enum and value not in shape.enum:
        yield _failed(path, f"satisfy enum value set: [{', '.join(shape.enum)}]")


def _satisfies(text: str, pattern: re.Pattern[str]) -> bool:
    # A pattern that is anchored at its start alone is about the start: that of TagArn, for one.
    if pattern.pattern.startswith("^") and not pattern.pattern.endswith("$"):
        return pattern.match(text) is not None
    return pattern.fullmatch(text) is not None


def _integer(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, int) or isinstance(value, bool):
        yield _failed(path, "be an integer")
        return
    yield from _range(shape, value, path)


def _number(shape: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        yield _failed(path, "be a number")
        return
    yield from _range(shape, value, path)


def _boolean(_: Shape, value: object, path: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield _failed(path, "be a boolean")


def _length(shape: Shape, length: int, path: str) -> Iterator[str]:
    if shape.minimum is not None and length < shape.minimum:
        yield _failed(path, f"have length greater than or equal to {shape.minimum}")
    if shape.maximum is not None and length > shape.maximum:
        yield _failed(path, f"have length less than or equal to {shape.maximum}")


def _range(shape: Shape, value: float, path: str) -> Iterator[str]:
    if shape.minimum is not None and value < shape.minimum:
        yield _failed(path, f"have value greater than or equal to {shape.minimum}")
    if shape.maximum is not None and value > shape.maximum:
        yield _failed(path, f"have value less than or equal to {shape.maximum}")


def is_unicode(text: str) -> bool:
    """Whether `text` can be encoded: JSON's escapes can spell lone surrogates, which no UTF-8 can hold."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _join(path: str, name: str) -> str:
    wire = name[:1].lower() + name[1:]
    return f"{path}.{wire}" if path else wire


_CHECKS: dict[str, Callable[[Shape, object, str], Iterator[str]]] = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _integer,
    "long": _integer,
    "double": _number,
    "float": _number,
    "timestamp": _number,
    "boolean": _boolean,
}
