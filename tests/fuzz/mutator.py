"""Structured mutations of JSON documents, from a seed."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

DEPTHS = (3, 63, 64, 65, 200, 900)
TEXTS = (
    "",
    " ",
    "null",
    "true",
    "-1",
    "1e999",
    "{",
    "[]",
    '{"offerName": 1}',
    "x" * 256,
    "x" * 5_121,
    "mary.major@example.com",
    "+15550100",
    "Zoë 🎁",
    "\u202ee\u0301\u200b\ufeff",
    "\x00\x1f\x7f\x85",
    "\ud800",
    "a\udfffb",
    "\ufffe\uffff",
    "../../etc/passwd",
    "${jndi:x}",
    "'; --",
    "2026-13-45T99:99:99Z",
    "0001-01-01T00:00:00.000Z",
    "9999-12-31T23:59:59.999Z",
)
SCALARS = (None, True, False, 0, -1, 1, 2**63, 10**400, -0.0, 1e308, float("inf"), float("-inf"), float("nan"))
HUGE = 300_000


class Mutator(random.Random):
    """Random choices, and the mutations that are made of them."""

    def mutated(self, document: Any, changes: int) -> Any:
        """Return the document after this many changes anywhere in it; now and then something else altogether."""
        made = _copied(document)
        if made is None or self.random() < 0.02:
            return self.odd_value()
        for _ in range(changes):
            places = list(_places(made))
            if not places:
                return self.odd_value()
            self._change(*self.choice(places), places)
        return made

    def odd_value(self) -> Any:
        """Return a JSON value of a kind that code is seldom written for."""
        kind = self.randrange(12)
        if kind < 4:
            return self.choice(SCALARS)
        if kind < 8:
            return self.choice(TEXTS)
        match kind:
            case 8:
                return "".join(chr(self.randrange(0x110000)) for _ in range(self.randrange(1, 20)))
            case 9:
                return self._deep(self.choice(DEPTHS))
            case 10:
                return {f"key-{number}": self.choice(TEXTS) for number in range(self.choice([0, 1, 300]))}
            case _:
                return [self.choice(SCALARS) for _ in range(self.choice([0, 1, 300]))]

    def mutated_text(self, text: str) -> str:
        """Return the text cut off, doubled, huge, or with characters changed."""
        at = self.randrange(len(text) + 1)
        match self.randrange(6):
            case 0:
                return text[:at]
            case 1:
                return text + text
            case 2:
                return text[:at] + self.choice(TEXTS) + text[at:]
            case 3:
                return text[:at] + text[at + 1 :]
            case 4:
                return "x" * HUGE
            case _:
                return self.choice(TEXTS)

    def _deep(self, depth: int) -> Any:
        value: Any = "bottom"
        for _ in range(depth):
            value = [value] if self.random() < 0.5 else {"a": value}
        return value

    def _change(self, container: Any, key: Any, places: list[tuple[Any, Any]]) -> None:
        value = container[key]
        match self.randrange(10):
            case 0:
                del container[key]
            case 1 if isinstance(container, dict):
                container[str(self.choice(TEXTS))] = container.pop(key)
            case 2 if isinstance(container, list):
                container.insert(self.randrange(len(container) + 1), _copied(value))
            case 2:
                container[f"{key}-2"] = _copied(value)
            case 3:
                other, name = self.choice(places)
                container[key] = _copied(other[name]) if name in _keys(other) else None
            case 4:
                container[key] = [value]
            case 5:
                container[key] = {"value": value}
            case 6 if isinstance(value, str):
                container[key] = self.mutated_text(value)
            case 6:
                container[key] = _written(value)
            case _:
                container[key] = self.odd_value()


def _places(document: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place of a document, its container with the name or position, down to a sensible depth."""
    waiting = [(document, 0)]
    while waiting:
        container, depth = waiting.pop()
        for key in _keys(container):
            yield container, key
            if depth < 12:
                waiting.append((container[key], depth + 1))


def _keys(container: Any) -> list[Any]:
    if isinstance(container, dict):
        return list(container)
    return list(range(len(container))) if isinstance(container, list) else []


def _copied(value: Any) -> Any:
    """Return a copy, so that nothing ever holds itself; None for what is too deep for Python to copy."""
    try:
        return copy.deepcopy(value)
    except RecursionError:
        return None


def _written(value: Any) -> str:
    try:
        return json.dumps(value)
    except RecursionError:
        return "[" * max(DEPTHS)
