"""What functions are told of their log format and level."""

from pathlib import Path

import pytest
import yaml

from local.stack import log_controls

TEMPLATE = """
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
    ("logging", "told"),
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
def test_lambda_tells_the_runtime(logging: dict[str, str], told: dict[str, str]) -> None:
    """Powertools obeys the level that Lambda tells before its own: with JSON, LogLevel would do nothing."""
    assert log_controls.variables(logging) == told


def test_each_function_is_told_beside_what_it_is_given(tmp_path: Path) -> None:
    """Whatever else the template says stays as it is."""
    template = tmp_path / "deployed.yaml"
    template.write_text(TEMPLATE, encoding="utf-8")
    log_controls.tell(template)
    resources = yaml.safe_load(template.read_text(encoding="utf-8"))["Resources"]
    assert resources["Alarm"]["Properties"] == {"Threshold": 1}
    assert resources["Plain"]["Properties"]["Environment"] == {"Variables": {"AWS_LAMBDA_LOG_FORMAT": "Text"}}
    assert resources["Chosen"]["Properties"]["Environment"]["Variables"] == {
        "OFFER": {"Ref": "Offer"},
        "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_LEVEL": "WARN",
    }
