"""CloudFormation's requests for Custom::ConnectCampaignsIntegration."""

from collections.abc import Mapping
from typing import Any

from campaigns.properties import Instance
from tests.fakes.cloudformation import resource_request

INSTANCE = Instance("arn:aws:connect:eu-west-1:123456789012:instance/0f7a3b1c-1111-4222-8333-444455556666")
OTHER = Instance("arn:aws:connect:eu-west-1:123456789012:instance/99999999-2222-4222-8333-444455556666")
VIEWED = "arn:aws:lambda:eu-west-1:123456789012:function:viewed"
NOT_VIEWED = "arn:aws:lambda:eu-west-1:123456789012:function:not-viewed"
PROPERTIES: Mapping[str, Any] = {
    "ServiceToken": "arn:aws:lambda:eu-west-1:123456789012:function:bootstrap",
    "ServiceTimeout": "180",
    "ConnectInstanceArn": INSTANCE.arn,
    "FunctionArns": [VIEWED, NOT_VIEWED],
}


def campaigns_request(
    kind: str, url: str, properties: Mapping[str, Any] | None = None, **changes: object
) -> dict[str, Any]:
    """Return a request for the stack's resource, with these properties and members changed."""
    return {
        **resource_request(kind, url),
        "ResourceType": "Custom::ConnectCampaignsIntegration",
        "LogicalResourceId": "ConnectCampaignsIntegration",
        "ResourceProperties": {**PROPERTIES, **(properties or {})},
        **changes,
    }
