"""What the template that is deployed here is told in ministack's stead."""

from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_parse  # type: ignore[import-untyped]  # sam has no types

from local.stack import parameters

TEMPLATE = """
Parameters:
  OfferName: {Type: String, Default: Before}
  ProfileDomainName: {Type: String}
  WriterDeployment: {Type: String, Default: AllAtOnce}
Conditions:
  Here: !And [!Equals [!Ref AWS::Region, eu-west-2], !Not [!Equals [!Ref OfferName, '']]]
Resources:
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: !Sub '${AWS::Region}'}}
"""


def filled_in(directory: Path, values: dict[str, str]) -> dict[str, Any]:
    """Return the template with what is deployed in eu-west-2."""
    path = directory / "deployed.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    parameters.fill_in(path, values, "eu-west-2")
    document: dict[str, Any] = yaml_parse(path.read_text(encoding="utf-8"))
    return document


def test_sam_sees_the_values_that_are_deployed(tmp_path: Path) -> None:
    """It makes a new version of a function where a value is another one."""
    told = filled_in(tmp_path, {"OfferName": "30% Off", "ProfileDomainName": "domain"})["Parameters"]
    assert told["OfferName"]["Default"] == "30% Off"
    assert told["ProfileDomainName"]["Default"] == "domain"


def test_what_is_not_given_is_left_as_it_is(tmp_path: Path) -> None:
    """A default of its own would turn a missing parameter into a deployment."""
    told = filled_in(tmp_path, {"NoSuchParameter": "x"})["Parameters"]
    assert "Default" not in told["ProfileDomainName"]
    assert "NoSuchParameter" not in told


def test_a_gradual_deployment_happens_at_once_here(tmp_path: Path) -> None:
    """There is no CodeDeploy: ministack would refuse the whole template."""
    told = filled_in(tmp_path, {"WriterDeployment": "Canary10Percent5Minutes"})["Parameters"]
    assert told["WriterDeployment"]["Default"] == "AllAtOnce"


def test_a_condition_compares_the_region(tmp_path: Path) -> None:
    """Here the name would be compared."""
    template = filled_in(tmp_path, {})
    here, offer = template["Conditions"]["Here"]["Fn::And"]
    assert here == {"Fn::Equals": ["eu-west-2", "eu-west-2"]}
    assert offer == {"Fn::Not": [{"Fn::Equals": [{"Ref": "OfferName"}, ""]}]}
    assert template["Resources"]["Queue"]["Properties"]["QueueName"] == {"Fn::Sub": "${AWS::Region}"}
