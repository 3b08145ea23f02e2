"""CloudFormation and CloudWatch Logs as far as `ops` reads them: a stack's resources, and the lines about a record."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.pages import Paged, pages

ALARM = "AWS::CloudWatch::Alarm"
LOG_GROUP = "AWS::Logs::LogGroup"
LOG_GROUPS = ("ViewedOfferLogGroup", "NotViewedOfferLogGroup", "WriterLogGroup")


@dataclass
class FakeStack(Paged):
    """One stack, by both services.

    Attributes:
        resources: Type and name of each resource, by its logical id.
        lines: What the functions logged, by the log group's logical id.
    """

    resources: dict[str, tuple[str, str]] = field(default_factory=dict)
    lines: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.resources |= {name: (LOG_GROUP, f"/{name}") for name in LOG_GROUPS}

    def list_stack_resources(self, *, StackName: str) -> Iterable[Mapping[str, Any]]:  # noqa: N803 - boto3's names
        assert StackName == "journeys-write-back"
        found = [
            {"LogicalResourceId": logical_id, "ResourceType": kind, "PhysicalResourceId": name}
            for logical_id, (kind, name) in self.resources.items()
        ]
        return pages("StackResourceSummaries", found)

    def filter_log_events(self, *, logGroupName: str, filterPattern: str, **_: Any) -> Iterable[Mapping[str, Any]]:  # noqa: N803 - boto3's names
        texts = [json.dumps(line) for line in self.lines.get(logGroupName.removeprefix("/"), [])]
        found = [{"timestamp": 0, "message": text} for text in texts if filterPattern.strip('"') in text]
        return pages("events", found)
