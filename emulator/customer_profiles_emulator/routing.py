"""From a method and a path to an operation of the model and its URI labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from customer_profiles_emulator.errors import BadRequestError, UnknownOperationError
from customer_profiles_emulator.model import Operation


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
    """Matches paths segment by segment; where two templates fit, the one with more literal segments wins."""

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
