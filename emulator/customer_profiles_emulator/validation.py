"""Whether a value satisfies a shape of the model: the checks that the service makes and botocore's client does not.

Messages follow the form AWS services use; they name the place and the constraint, never the value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator

from customer_profiles_emulator.errors import BadRequestError
from customer_profiles_emulator.model import Shape

_MOST_REPORTED = 10


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
    # A pattern that says where it starts and not where it ends is about the start: an ARN's, that of TagArn.
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
