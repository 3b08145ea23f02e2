"""CloudFormation and CloudWatch Logs as far as `ops` reads them: a stack's resources, and the lines about a record."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

ALARM = "AWS::CloudWatch::Alarm"
LOG_GROUP = "AWS::Logs::LogGroup"
LOG_GROUPS = ("ViewedOfferLogGroup", "NotViewedOfferLogGroup", "WriterLogGroup")
PAGE = 2
"""Items of a page: fewer than the service's, so that paging is seen."""


@dataclass
class FakeStack:
    """One stack, by both services.

    Attributes:
        resources: Type and name of each resource, by its logical id.
        status: The stack's.
        reason: Why it has that status.
        lines: What the functions logged, by the log group's logical id.
    """

    resources: dict[str, tuple[str, str]] = field(default_factory=dict)
    status: str = "UPDATE_COMPLETE"
    reason: str = ""
    lines: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.resources |= {name: (LOG_GROUP, f"/{name}") for name in LOG_GROUPS}

    def get_paginator(self, operation: str) -> "_Pages":
        return _Pages(self, operation)

    def list_stack_resources(self) -> Iterator[Mapping[str, Any]]:
        found = [
            {"LogicalResourceId": logical_id, "ResourceType": kind, "PhysicalResourceId": name}
            for logical_id, (kind, name) in self.resources.items()
        ]
        yield {"StackResourceSummaries": []}
        for start in range(0, len(found), PAGE):
            yield {"StackResourceSummaries": found[start : start + PAGE]}

    def filter_log_events(self, *, logGroupName: str, filterPattern: str, **_: Any) -> Iterator[Mapping[str, Any]]:  # noqa: N803 - boto3's names
        written: Sequence[Mapping[str, Any]] = self.lines.get(logGroupName.removeprefix("/"), [])
        texts = [json.dumps(line) for line in written]
        yield {"events": []}
        yield {"events": [{"timestamp": 0, "message": text} for text in texts if filterPattern.strip('"') in text]}


@dataclass(frozen=True)
class _Pages:
    stack: FakeStack
    operation: str

    def paginate(self, **request: Any) -> Iterator[Mapping[str, Any]]:
        request.pop("StackName", None)
        pages: Iterator[Mapping[str, Any]] = getattr(self.stack, self.operation)(**request)
        return pages
