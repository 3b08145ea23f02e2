"""What ministack 1.5.33 does not tell SAM, nor a condition: the parameters' values, and the Region.

CloudFormation hands the values of a deployment to the SAM transform, which resolves references with them before it
makes resources: whether a deployment is gradual, and which layer is a new one, depends on them. ministack transforms
without them, and SAM falls back on each parameter's default. So the template that is deployed here has the values as
defaults, too.

A condition that refers to AWS::Region compares the Region on AWS, and this very name in ministack. So the template that
is deployed here names the Region.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from samcli.yamlhelper import yaml_dump, yaml_parse  # type: ignore[import-untyped]  # sam has no types

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
