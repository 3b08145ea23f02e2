"""What comes in the service's place: a proxy's page, a front door's refusal, half an answer, another request's.

Nothing of the request is done. None of it is the service's word: its model requires a `ProfileObjectUniqueKey` of
PutProfileObject's success, and its errors name their code (API, PutProfileObject; Common Errors).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ForeignAnswer:
    """A whole answer, or, when `body` is None, the one that another request was given last."""

    status: int
    body: bytes | None
    content_type: str = "application/json"


_PAGE = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to continue.</body></html>"
_REFUSAL = b"<html><head><title>400 Bad Request</title></head><body>Bad Request</body></html>"
FOREIGN_ANSWERS: Mapping[str, ForeignAnswer] = {
    "lying_page": ForeignAnswer(200, _PAGE, "text/html"),
    "lying_empty": ForeignAnswer(200, b""),
    "lying_no_content": ForeignAnswer(204, b""),
    "lying_created": ForeignAnswer(201, b"{}"),
    "lying_null": ForeignAnswer(200, b"null"),
    "lying_cut": ForeignAnswer(200, b'{"ProfileObjectUniq'),
    "others_answer": ForeignAnswer(200, None),
    "foreign_400": ForeignAnswer(400, _REFUSAL, "text/html"),
}
"""By the kind of the fault."""
