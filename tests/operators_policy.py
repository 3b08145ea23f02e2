"""What docs/operators-policy.json and docs/first-hour-policy.json allow, and how a call of boto3 is called in IAM."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import botocore.session

DOCS = Path(__file__).parents[1] / "docs"
GRADES = {"look": ("Look",), "send again": ("Look", "SendAgain"), "canary and purge": ("Look", "Canary", "Purge")}
"""By which words the Sids of a grade begin; the later two need the first as well."""
UNNAMED = {"Invoke": "InvokeFunction"}
"""Operations whose action has another name (service authorization reference)."""
PREFIXES = {"cloudwatch": "cloudwatch"}
"""Services whose actions have another prefix than the name that requests are signed with."""
ALWAYS = frozenset({"sts:GetCallerIdentity"})
"""Needs no permission (STS API reference)."""
IMPLIED: Mapping[str, frozenset[str]] = {
    # SQS developer guide, dead-letter queue redrive permissions: the mover receives, deletes and sends
    "sqs:StartMessageMoveTask": frozenset({"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:SendMessage"}),
    # outbound campaigns look at the instance on their caller's behalf (unverified for listing)
    "connect-campaigns:ListConnectInstanceIntegrations": frozenset({"connect:DescribeInstance"}),
    # Customer Profiles: CreateDomain is given tags
    "profile:CreateDomain": frozenset({"profile:TagResource"}),
}
"""What a call needs besides its own action."""


def statements(document: str = "operators-policy.json") -> list[dict[str, Any]]:
    """Return a policy's statements."""
    policy = json.loads((DOCS / document).read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = policy["Statement"]
    return found


def allowed(begins: tuple[str, ...], document: str = "operators-policy.json") -> frozenset[str]:
    """Return the actions of the statements whose Sid begins with one of these words."""
    return frozenset(
        action
        for statement in statements(document)
        if statement["Sid"].startswith(begins)
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    )


def actions(service: str, operation: str) -> frozenset[str]:
    """Return the IAM actions that a call needs; ``service`` and ``operation`` are botocore's names."""
    model = botocore.session.get_session().get_service_model(service)
    prefix = PREFIXES.get(service, model.signing_name)
    name = UNNAMED.get(operation, operation)
    action = f"{prefix}:{name.removesuffix('Batch') if service == 'sqs' else name}"
    return (frozenset({action}) | IMPLIED.get(action, frozenset())) - ALWAYS
