"""The stack's own alarms, by name: an account has thousands, and those of another stack may begin alike."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient

NAMES_A_CALL = 100
"""AlarmNames of one DescribeAlarms at most."""


def described(cloudwatch: "CloudWatchClient", names: Sequence[str]) -> list[Mapping[str, Any]]:
    """Return what CloudWatch has of these alarms, those of metrics first; one that is gone is left out.

    Raises:
        ClientError, BotoCoreError: as boto3 raises them.
    """
    pages = [
        page
        for start in range(0, len(names), NAMES_A_CALL)
        for page in cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNames=names[start : start + NAMES_A_CALL], AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
    ]
    metric = [alarm for page in pages for alarm in page.get("MetricAlarms", [])]
    return [*metric, *(alarm for page in pages for alarm in page.get("CompositeAlarms", []))]
