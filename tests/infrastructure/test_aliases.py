"""The alias under which each function is called, and that it never stays behind what was deployed."""

from collections import Counter
from typing import Any

import pytest

from ops.deployment import LIVE
from tests.infrastructure.template import INGEST, PARAMETERS, TEMPLATE, properties
from tests.infrastructure.transformed import Deployment

ALIASED = (*INGEST, "WriterFunction")
ANOTHER = {
    "ProfileDomainName": "amazon-connect-another",
    "ProfileObjectTypeName": "OtherOffers",
    "OfferName": "Another",
    "ConnectOfferNameFrom": "campaign",
    "DefaultPhoneRegion": "GB",
    "MaxWritesPerSecond": "81",
    "WriterMaximumConcurrency": "3",
    "WriterBatchSize": "49",
    "FirstBackoffSeconds": "31",
    "LongestBackoffSeconds": "1799",
    "MaxReceives": "299",
    "ParkWithoutLimit": "true",
    "LogLevel": "WARNING",
    "KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/k",
    "VpcSubnetIds": "subnet-0a1b2c3d",
    "VpcSecurityGroupIds": "sg-0a1b2c3d",
}
"""Another value for every parameter that a function's configuration depends on."""


def referred(value: Any) -> set[str]:
    """Return the parameters that a part of the template refers to, those in its conditions included."""
    match value:
        case {"Ref": str(name)}:
            return {name} & PARAMETERS.keys()
        case {"Fn::If": [condition, *branches]}:
            return referred(TEMPLATE["Conditions"][condition]) | referred(branches)
        case {"Fn::Sub": str(text)}:
            return {name for name in PARAMETERS if f"${{{name}}}" in text}
        case dict():
            return set().union(*(referred(each) for each in value.values()))
        case list():
            return set().union(*(referred(each) for each in value))
    return set()


def configured(function: str) -> set[str]:
    """Return the parameters that a version of a function is made of."""
    apart = {"Events", "DeploymentPreference"}  # of the alias, not of a version
    apart |= {"Tracing"}  # refers to all of them, that SAM may see their values
    whole = TEMPLATE["Globals"]["Function"] | properties(function)
    own = [TEMPLATE["Globals"]["Function"]["Environment"], *(whole[name] for name in whole.keys() - apart)]
    return referred(own)


def versions(deployment: Deployment) -> dict[str, str]:
    """Return the logical id of the version that each function's alias names."""
    aliases = deployment.of_type("AWS::Lambda::Alias").values()
    return {alias["FunctionName"]["Ref"]: alias["FunctionVersion"]["Fn::GetAtt"][0] for alias in aliases}


def test_every_function_that_is_called_again_and_again_has_the_alias() -> None:
    """The bootstrap is called by the deployment itself, and by its own code: an alias would be one more to wait for."""
    aliases = Deployment().of_type("AWS::Lambda::Alias")
    assert {alias["FunctionName"]["Ref"] for alias in aliases.values()} == set(ALIASED)
    assert {alias["Name"] for alias in aliases.values()} == {LIVE}


@pytest.mark.parametrize("function", INGEST)
def test_what_is_pasted_into_a_journey_is_the_alias(function: str) -> None:
    """The day that an alias becomes necessary, every journey would have to be wired anew."""
    assert Deployment().outputs[f"{function}Arn"] == {"Ref": f"{function}Aliaslive"}
    assert Deployment().outputs[f"{function}Name"] == {"Ref": function}


def test_callers_may_call_the_alias() -> None:
    """A permission on the function alone does not hold for its alias: every journey would be refused."""
    given = {"PinpointApplicationId": "*", "ConnectInstanceArn": "arn:aws:connect:us-east-1:123456789012:instance/i"}
    permissions = Deployment(given).of_type("AWS::Lambda::Permission").values()
    called = Counter(each["FunctionName"]["Ref"] for each in permissions)
    assert called == {f"{function}Aliaslive": 3 for function in INGEST}


def test_the_queue_feeds_the_alias() -> None:
    """Otherwise a version that is taken back would go on being called."""
    [source] = Deployment().of_type("AWS::Lambda::EventSourceMapping").values()
    assert source["FunctionName"] == {"Ref": "WriterFunctionAliaslive"}


def test_the_tests_know_every_parameter_that_a_version_is_made_of() -> None:
    """One that is added must come under the rule below."""
    assert set(ANOTHER) == set().union(*(configured(function) for function in ALIASED))


@pytest.mark.parametrize("parameter", list(ANOTHER))
def test_another_value_is_another_version_of_the_functions_that_depend_on_it_and_of_no_other(parameter: str) -> None:
    """SAM publishes a version when it sees other code or text, and a parameter's value is neither.

    The alias would go on with the old value, and the deployment would say that all is well. A version of a function in
    which nothing is another is refused by Lambda, and the deployment fails.
    """
    before, after = versions(Deployment()), versions(Deployment({parameter: ANOTHER[parameter]}))
    assert before.keys() == after.keys() == set(ALIASED)
    changed = {function for function in before if before[function] != after[function]}
    assert changed == {function for function in ALIASED if parameter in configured(function)}


def test_the_same_values_are_the_same_version() -> None:
    """Lambda refuses to publish what it has published, and the deployment would fail."""
    apart = {"WriterEnabled": "false", "MaxProfileObjectCount": "7", "AlarmEmail": "a@example.org"}
    assert versions(Deployment()) == versions(Deployment(apart))


def test_another_layer_is_another_version() -> None:
    """Libraries that were mended would otherwise never reach a function that is called by its alias."""
    one, other = (versions(Deployment(layer=f"s3://artifacts/{digest}")) for digest in ("one", "other"))
    assert one.keys() == other.keys()
    assert all(one[function] != other[function] for function in one)


def test_whatever_the_values_functions_are_traced() -> None:
    """The values stand behind the one that Lambda gets, for SAM alone."""
    functions = Deployment(ANOTHER).of_type("AWS::Lambda::Function")
    assert functions
    assert [each["TracingConfig"] for each in functions.values()] == [{"Mode": "Active"}] * len(functions)


def test_by_default_a_new_writer_takes_over_at_once() -> None:
    """CodeDeploy, its role and its application are made only for those who ask."""
    resources = Deployment().resources
    assert not [name for name, each in resources.items() if "CodeDeploy" in each["Type"]]
    assert "WriterDeploymentRole" not in resources
    assert "UpdatePolicy" not in resources["WriterFunctionAliaslive"]


@pytest.mark.parametrize("way", [way for way in PARAMETERS["WriterDeployment"]["AllowedValues"] if way != "AllAtOnce"])
def test_a_new_writer_takes_over_as_asked_and_goes_back_when_an_alarm_rings(way: str) -> None:
    """A bad writer would park or return a whole campaign before anybody looks."""
    deployment = Deployment({"WriterDeployment": way})
    [group] = deployment.of_type("AWS::CodeDeploy::DeploymentGroup").values()
    assert group["DeploymentConfigName"] == f"CodeDeployDefault.Lambda{way}"
    assert group["ServiceRoleArn"] == {"Fn::GetAtt": ["WriterDeploymentRole", "Arn"]}
    alarms = [alarm["Name"]["Ref"] for alarm in group["AlarmConfiguration"]["Alarms"]]
    assert alarms == ["WriterErrorsAlarm", "SystemicFailureAlarm"]
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
    assert "CodeDeployLambdaAliasUpdate" in deployment.resources["WriterFunctionAliaslive"]["UpdatePolicy"]


def test_only_the_writer_takes_over_gradually() -> None:
    """The channel functions must answer every customer the same way, within one journey's step."""
    deployment = Deployment({"WriterDeployment": "Linear10PercentEvery1Minute"})
    for function in INGEST:
        assert "UpdatePolicy" not in deployment.resources[f"{function}Aliaslive"]


def test_every_way_is_known_to_the_mapping_that_sam_reads() -> None:
    """One that is not would fail the deployment with SAM's words."""
    ways = TEMPLATE["Mappings"]["WriterDeployments"]
    assert list(ways) == PARAMETERS["WriterDeployment"]["AllowedValues"]
    assert {way for way, each in ways.items() if each["IsGradual"] == "false"} == {"AllAtOnce"}


@pytest.mark.parametrize(("given", "enabled"), [({}, True), ({"WriterEnabled": "false"}, False)])
def test_the_writer_can_be_stopped_without_drift(given: dict[str, str], *, enabled: bool) -> None:
    """Switched off by hand, the next deployment of whatever else would switch it on again in the middle of it all."""
    [source] = Deployment(given).of_type("AWS::Lambda::EventSourceMapping").values()
    assert source["Enabled"] is enabled
