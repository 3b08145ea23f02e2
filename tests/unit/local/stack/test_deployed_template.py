"""The template that is deployed here."""

from pathlib import Path
from typing import Any

import pytest
from samcli.yamlhelper import yaml_parse  # type: ignore[import-untyped]  # sam has no types

from local.stack import deployed_template

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
    deployed_template.fill_in(path, values, "eu-west-2")
    document: dict[str, Any] = yaml_parse(path.read_text(encoding="utf-8"))
    return document


def test_sam_sees_the_values_that_are_deployed(tmp_path: Path) -> None:
    """It makes a new version of a function where a value is another one."""
    found = filled_in(tmp_path, {"OfferName": "30% Off", "ProfileDomainName": "domain"})["Parameters"]
    assert found["OfferName"]["Default"] == "30% Off"
    assert found["ProfileDomainName"]["Default"] == "domain"


def test_what_is_not_given_is_left_as_it_is(tmp_path: Path) -> None:
    """A default of its own would turn a missing parameter into a deployment."""
    found = filled_in(tmp_path, {"NoSuchParameter": "x"})["Parameters"]
    assert "Default" not in found["ProfileDomainName"]
    assert "NoSuchParameter" not in found


def test_a_gradual_deployment_happens_at_once_here(tmp_path: Path) -> None:
    """There is no CodeDeploy: ministack would refuse the whole template."""
    found = filled_in(tmp_path, {"WriterDeployment": "Canary10Percent5Minutes"})["Parameters"]
    assert found["WriterDeployment"]["Default"] == "AllAtOnce"


def test_a_condition_compares_the_region(tmp_path: Path) -> None:
    """Here the name would be compared."""
    template = filled_in(tmp_path, {})
    here, offer = template["Conditions"]["Here"]["Fn::And"]
    assert here == {"Fn::Equals": ["eu-west-2", "eu-west-2"]}
    assert offer == {"Fn::Not": [{"Fn::Equals": [{"Ref": "OfferName"}, ""]}]}
    assert template["Resources"]["Queue"]["Properties"]["QueueName"] == {"Fn::Sub": "${AWS::Region}"}


FUNCTIONS = """
Resources:
  Alarm: {Type: AWS::CloudWatch::Alarm, Properties: {Threshold: 1}}
  Plain: {Type: AWS::Serverless::Function, Properties: {Handler: a.b}}
  Chosen:
    Type: AWS::Serverless::Function
    Properties:
      LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: WARN, LogGroup: !Ref Group}
      Environment: {Variables: {OFFER: !Ref Offer}}
"""


@pytest.mark.parametrize(
    ("logging", "passed"),
    [
        ({}, {"AWS_LAMBDA_LOG_FORMAT": "Text"}),
        ({"LogFormat": "Text"}, {"AWS_LAMBDA_LOG_FORMAT": "Text"}),
        ({"LogFormat": "JSON"}, {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO"}),
        (
            {"LogFormat": "JSON", "ApplicationLogLevel": "DEBUG"},
            {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "DEBUG"},
        ),
    ],
)
def test_the_runtime_gets_format_and_level(logging: dict[str, str], passed: dict[str, str]) -> None:
    """Powertools puts the level of Lambda before its own: with JSON, LogLevel would do nothing."""
    assert deployed_template.log_variables(logging) == passed


def test_each_function_keeps_its_own_variables(tmp_path: Path) -> None:
    """Whatever else the template says stays as it is."""
    template = tmp_path / "deployed.yaml"
    template.write_text(FUNCTIONS, encoding="utf-8")
    deployed_template.add_log_controls(template)
    resources = yaml_parse(template.read_text(encoding="utf-8"))["Resources"]
    assert resources["Alarm"]["Properties"] == {"Threshold": 1}
    assert resources["Plain"]["Properties"]["Environment"] == {"Variables": {"AWS_LAMBDA_LOG_FORMAT": "Text"}}
    assert resources["Chosen"]["Properties"]["Environment"]["Variables"] == {
        "OFFER": {"Ref": "Offer"},
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": "WARN",
    }
