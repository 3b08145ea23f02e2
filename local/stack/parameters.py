"""What ministack 1.5.33 does not tell SAM: the parameters' values.

CloudFormation hands the values of a deployment to the SAM transform, which resolves references with them before it
makes resources: whether a deployment is gradual, and which layer is a new one, depends on them. ministack transforms
without them, and SAM falls back on each parameter's default. So the template that is deployed here has the values as
defaults, too.
"""

from collections.abc import Mapping
from pathlib import Path

from samcli.yamlhelper import yaml_dump, yaml_parse  # type: ignore[import-untyped]  # sam has no types


def as_defaults(template: Path, values: Mapping[str, str]) -> None:
    """Give each parameter of the template at this path its value as its default.

    A value that no parameter of the template takes is left to the deployment to refuse.
    """
    document = yaml_parse(template.read_text(encoding="utf-8"))
    for name, value in values.items():
        if name in document["Parameters"]:
            document["Parameters"][name]["Default"] = value
    template.write_text(yaml_dump(document), encoding="utf-8")
