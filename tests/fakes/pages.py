"""boto3's paginators over a fake: its method of the operation's name yields the pages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PAGE = 2
"""Items of a page: fewer than a service's, so that paging is seen."""


class Paged:
    """A client whose operations are read page by page, and no other way."""

    def get_paginator(self, operation: str) -> "_Paginator":
        return _Paginator(self, operation)


@dataclass(frozen=True)
class _Paginator:
    client: Paged
    operation: str

    def paginate(self, **request: Any) -> Iterable[Mapping[str, Any]]:
        pages: Iterable[Mapping[str, Any]] = getattr(self.client, self.operation)(**request)
        return pages


def pages(name: str, items: Sequence[Any]) -> Iterable[Mapping[str, Any]]:
    """Yield the items in small pages, after an empty one, as a service may answer though more follow."""
    yield {name: []}
    for start in range(0, len(items), PAGE):
        yield {name: items[start : start + PAGE]}
