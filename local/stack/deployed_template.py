"""Changes the built template into the one that is deployed here: what ministack 1.5.33 lacks, and AWS does by itself.

- CloudFormation passes the parameters' values to the SAM transform, which resolves references with them before it makes
  resources: whether a deployment is gradual, and which layer is a new one, depends on them. ministack transforms
  without them, and SAM falls back on each parameter's default: so the values become the defaults.
- A condition that refers to AWS::Region compares the Region on AWS, and this very name in ministack: so it is replaced.
- Lambda passes a function's log format and level to its runtime: so they become environment variables. Source of the
  rules: the Lambda developer guide, "Configuring advanced logging controls for Lambda functions". The format is Text
  unless chosen; with JSON the runtime gets the application log level, INFO unless chosen, and Powertools puts it before
  its own. That Lambda then drops lines by level is not done here.

Alarms are replaced by `alarms.stand_in`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_dump, yaml_parse  # type: ignore[import-untyped]  # sam has no types

FUNCTION = "AWS::Serverless::Function"
NOT_HERE = frozenset({"WriterDeployment"})
"""Parameters whose value SAM must not see: ministack has no CodeDeploy, and every alias moves at once."""


def fill_in(template: Path, values: Mapping[str, str], region: str) -> None:
    """Give each parameter of the template at this path its value as its default, and each condition the Region.

    A value that no parameter of the template takes is left to the deployment to refuse.
    """
    document = yaml_parse(template.read_text(encoding="utf-8"))
    for name, value in values.items():
        if name in document.get("Parameters", {}) and name not in NOT_HERE:
            document["Parameters"][name]["Default"] = value
    if "Conditions" in document:
        document["Conditions"] = _in_region(document["Conditions"], region)
    template.write_text(yaml_dump(document), encoding="utf-8")


def _in_region(value: Any, region: str) -> Any:  # noqa: ANN401 - a part of a template
    match value:
        case {"Ref": "AWS::Region"}:
            return region
        case dict():
            return {name: _in_region(each, region) for name, each in value.items()}
        case list():
            return [_in_region(each, region) for each in value]
    return value


def add_log_controls(template: Path) -> None:
    """Add to each function's environment what Lambda would pass to its runtime."""
    document = yaml_parse(template.read_text(encoding="utf-8"))
    for resource in document["Resources"].values():
        if resource["Type"] == FUNCTION:
            environment = resource["Properties"].setdefault("Environment", {})
            added = log_variables(resource["Properties"].get("LoggingConfig", {}))
            environment["Variables"] = {**environment.get("Variables", {}), **added}
    template.write_text(yaml_dump(document), encoding="utf-8")


def log_variables(logging: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment variables of a function with this LoggingConfig."""
    if logging.get("LogFormat", "Text") == "Text":
        return {"AWS_LAMBDA_LOG_FORMAT": "Text"}
    return {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel", "INFO")}
