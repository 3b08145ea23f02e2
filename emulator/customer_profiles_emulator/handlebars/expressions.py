"""Parsing what stands inside a tag: a path or a constant."""

from __future__ import annotations

import re

from customer_profiles_emulator.accessor import SOURCE
from customer_profiles_emulator.handlebars.scanning import HandlebarsSyntaxError
from customer_profiles_emulator.handlebars.syntax_tree import Literal, Path

_WORDS = {"true": True, "false": False, "null": None, "undefined": None}
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_QUOTED = re.compile(r""""([^"]*)"|'([^']*)'""")
# The characters that Handlebars keeps for itself; a name that holds one stands in square brackets.
_NAME = r"""[^\s!"#%&'()*+,./;<=>@\[\\\]^`{|}~]+"""
_STEP = rf"(?:{_NAME}|\[[^\]]+\])"
_PATH = re.compile(rf"(?P<up>(?:\.\./)*)(?P<steps>\.\.|\.|{_STEP}(?:[./]{_STEP})*)")
_STEPS = re.compile(_STEP)
_DATA = ("index", "key", "first", "last")


def parse_expression(text: str, *, within: bool) -> Path | Literal:
    """The path or constant that `text` is.

    Args:
        text: what follows the helper's name, or stands alone.
        within: whether a block around it has a context of its own.

    Raises:
        HandlebarsSyntaxError: it is neither, or a path that leads nowhere.
    """
    quoted = _QUOTED.fullmatch(text)
    if quoted is not None:
        return Literal(quoted[1] if quoted[1] is not None else quoted[2])
    if _NUMBER.fullmatch(text):
        return Literal(float(text) if "." in text else int(text))
    if text in _WORDS:
        return Literal(_WORDS[text])
    path = _parse_data(text) if text.startswith("@") else _parse_path(text)
    if not within and (path.is_data or path.up or path.steps[:1] != (SOURCE,)):
        raise HandlebarsSyntaxError(f"only names under {SOURCE} can be read outside a block")
    return path


def _parse_data(text: str) -> Path:
    if text[1:] not in _DATA:
        raise HandlebarsSyntaxError("of a loop's own values there are @index, @key, @first and @last")
    return Path(0, (text[1:],), is_data=True)


def _parse_path(text: str) -> Path:
    found = _PATH.fullmatch(text)
    if found is None:
        raise HandlebarsSyntaxError("a tag holds neither a path, a constant nor a supported helper")
    up = len(found["up"]) // len("../")
    if found["steps"] == "..":
        return Path(up + 1, ())
    if found["steps"] == ".":
        return Path(up, ())
    steps = tuple(step.removeprefix("[").removesuffix("]") for step in _STEPS.findall(found["steps"]))
    return Path(up, steps[1:] if steps[0] == "this" else steps)
