"""What puts the functions into Connect's outbound campaigns, and what the bootstrap function may do there."""

import pytest

from tests.infrastructure.template import TEMPLATE, conditional, listed, statements


@pytest.mark.parametrize("action", ["connect-campaigns:PutConnectInstanceIntegration", "lambda:AddPermission"])
def test_functions_may_be_added_to_campaigns_only_while_an_instance_is_named(action: str) -> None:
    """A stack without Connect has nothing to add."""
    assert conditional()[action] == "ConnectMayCall"


@pytest.mark.parametrize(
    "action",
    [
        "connect-campaigns:DeleteConnectInstanceIntegration",
        "connect-campaigns:ListConnectInstanceIntegrations",
        "lambda:RemovePermission",
    ],
)
def test_functions_may_be_removed_from_campaigns_after_the_instance_is_named_no_more(action: str) -> None:
    """CloudFormation takes the condition's permissions away first, and asks for the removal last."""
    assert action not in conditional()
    assert [each for each in statements("BootstrapFunction") if action in listed(each["Action"])]


@pytest.mark.parametrize("action", ["lambda:AddPermission", "lambda:RemovePermission"])
def test_functions_are_opened_to_nobody_but_connect(action: str) -> None:
    """Whoever may call a channel function writes onto customers' profiles."""
    [statement] = [each for each in statements("BootstrapFunction") if listed(each["Action"]) == [action]]
    assert statement["Condition"] == {
        "StringEquals": {"lambda:Principal": ["connect-campaigns.amazonaws.com", "connect.amazonaws.com"]}
    }


def test_the_functions_in_campaigns_are_those_of_the_stack() -> None:
    """What the marketer finds in the Custom action block is what the engineer reads in the outputs."""
    integration = TEMPLATE["Resources"]["ConnectCampaignsIntegration"]
    assert integration["Condition"] == "ConnectMayCall"
    assert integration["DependsOn"] == "CampaignsPolicy"
    assert integration["Properties"]["ConnectInstanceArn"] == {"Ref": "ConnectInstanceArn"}
    told = ("ViewedOfferFunctionArn", "NotViewedOfferFunctionArn")
    assert integration["Properties"]["FunctionArns"] == [TEMPLATE["Outputs"][name]["Value"] for name in told]
