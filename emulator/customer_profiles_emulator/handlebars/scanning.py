"""Cutting a template into text and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TAG = re.compile(
    r"(?<!\{)\{\{(?P<open>~?)(?:!--(?P<comment>.*?)--|\{(?P<raw>[^{}]*)\}|(?P<inner>[^{}]*))(?P<close>~?)\}\}",
    re.DOTALL,
)


class HandlebarsSyntaxError(Exception):
    """A template is no valid Handlebars; the text says where, in words for whoever wrote the mapping."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a template: its text, or what stands inside a tag, without braces and outer blanks."""

    is_tag: bool
    content: str


def scan(template: str) -> Iterator[Token]:
    """Yield text and tags in order, comments left out, blanks beside a `~` taken away.

    Raises:
        HandlebarsSyntaxError: braces do not match.
    """
    position, trims = 0, False
    for tag in _TAG.finditer(template):
        yield from _text(template[position : tag.start()], trims_start=trims, trims_end=bool(tag["open"]))
        inner = tag["raw"] if tag["raw"] is not None else tag["inner"]
        content = "" if inner is None else inner.removesuffix("~").strip()
        trims = bool(tag["close"]) or bool(inner is not None and inner.endswith("~"))
        if tag["comment"] is None and not content.startswith("!"):
            yield Token(is_tag=True, content=content)
        position = tag.end()
    yield from _text(template[position:], trims_start=trims, trims_end=False)


def _text(text: str, *, trims_start: bool, trims_end: bool) -> Iterator[Token]:
    if "{{" in text or "}}" in text:
        raise HandlebarsSyntaxError("its braces do not match")
    text = text.lstrip() if trims_start else text
    text = text.rstrip() if trims_end else text
    if text:
        yield Token(is_tag=False, content=text)
