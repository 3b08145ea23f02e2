"""What Lambda tells a function's runtime of its log format and level, and ministack 1.5.33 does not.

Source of the rules: the Lambda developer guide, "Configuring advanced logging controls for Lambda functions": the
format is Text unless chosen; with JSON the runtime is given the application log level, INFO unless chosen. Powertools
obeys that level before its own. What Lambda then drops by level is not played here.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_dump, yaml_parse  # type: ignore[import-untyped]  # sam has no types

FUNCTION = "AWS::Serverless::Function"


def tell(template: Path) -> None:
    """Write into each function of the template that is deployed what Lambda would tell its runtime."""
    document = yaml_parse(template.read_text(encoding="utf-8"))
    for resource in document["Resources"].values():
        if resource["Type"] == FUNCTION:
            environment = resource["Properties"].setdefault("Environment", {})
            told = variables(resource["Properties"].get("LoggingConfig", {}))
            environment["Variables"] = {**environment.get("Variables", {}), **told}
    template.write_text(yaml_dump(document), encoding="utf-8")


def variables(logging: Mapping[str, Any]) -> dict[str, str]:
    """Return the environment variables of a function with this LoggingConfig."""
    if logging.get("LogFormat", "Text") == "Text":
        return {"AWS_LAMBDA_LOG_FORMAT": "Text"}
    return {"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": logging.get("ApplicationLogLevel", "INFO")}
