"""What the stack is made of: its resources by logical id, every page of them."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

ALARMS = frozenset({"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"})
FUNCTIONS = frozenset({"AWS::Lambda::Function"})
LOG_GROUPS = frozenset({"AWS::Logs::LogGroup"})


def names(cloudformation: "CloudFormationClient", stack: str, kinds: Collection[str]) -> Mapping[str, str]:
    """Return the names of the stack's resources of these types, by their logical id.

    What is not made yet, or was deleted with its logical id kept, has no name and is left out. Names are never guessed
    from the stack's: another stack's may begin alike.

    Raises:
        ClientError, BotoCoreError: as boto3 raises them.
    """
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return {
        found["LogicalResourceId"]: found["PhysicalResourceId"]
        for page in pages
        for found in page["StackResourceSummaries"]
        if found["ResourceType"] in kinds and found.get("PhysicalResourceId")
    }
