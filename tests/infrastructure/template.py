"""The template as plain data, intrinsic functions as one-key maps."""

from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).parents[2] / "template.yaml"
FUNCTIONS = ("ViewedOfferFunction", "NotViewedOfferFunction", "WriterFunction", "BootstrapFunction")
INGEST = FUNCTIONS[:2]
GIVEN = {"ProfileDomainName": "amazon-connect-anycompany"}
"""The parameters without a default, and what a deployment may give them."""


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms: `!Ref X` as {"Ref": X}, `!Sub X` as {"Fn::Sub": X}."""


def _intrinsic(loader: Loader, tag: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    match node:
        case yaml.ScalarNode():
            value = loader.construct_scalar(node)
        case yaml.SequenceNode():
            value = loader.construct_sequence(node, deep=True)
        case yaml.MappingNode():
            value = loader.construct_mapping(node, deep=True)
    return {tag if tag in {"Ref", "Condition"} else f"Fn::{tag}": value}


Loader.add_multi_constructor("!", _intrinsic)


def load() -> dict[str, Any]:
    """Return the whole template."""
    document: dict[str, Any] = yaml.load(PATH.read_text(encoding="utf-8"), Loader)  # noqa: S506 - a SafeLoader
    return document


TEMPLATE = load()
PARAMETERS: dict[str, Any] = TEMPLATE["Parameters"]
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]


def properties(logical_id: str) -> dict[str, Any]:
    """Return a resource's properties."""
    found: dict[str, Any] = RESOURCES[logical_id]["Properties"]
    return found


def of_type(resource_type: str) -> dict[str, dict[str, Any]]:
    """Return the resources of a type by their logical id."""
    return {name: resource for name, resource in RESOURCES.items() if resource["Type"] == resource_type}


def granted(role: str) -> list[dict[str, Any]]:
    """Return a role's statements as they stand: of its own policies, and of those that are put on it."""
    apart = [policy["Properties"] for policy in of_type("AWS::IAM::Policy").values()]
    policies = [*properties(role)["Policies"], *(each for each in apart if {"Ref": role} in each["Roles"])]
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def statements(function: str) -> list[dict[str, Any]]:
    """Return the statements of a function's role, those under a condition included."""
    role = properties(function)["Role"]["Fn::GetAtt"].partition(".")[0]
    return [statement["Fn::If"][1] if "Fn::If" in statement else statement for statement in granted(role)]


def conditional(role: str = "BootstrapRole") -> dict[str, str]:
    """Return the actions of a role that are granted only under a condition, and the condition."""
    found = [each["Fn::If"] for each in granted(role) if "Fn::If" in each]
    assert all(otherwise == {"Ref": "AWS::NoValue"} for _, _, otherwise in found)
    return {action: condition for condition, statement, _ in found for action in listed(statement["Action"])}


def listed(value: Any) -> list[Any]:
    """Return one or many as a list."""
    return value if isinstance(value, list) else [value]


def deployed(value: Any) -> Any:
    """Return a value as a deployment with every default would have it: numbers as text, a queue by its URL."""
    match value:
        case {"Ref": name} if name in GIVEN:
            return GIVEN[name]
        case {"Ref": name} if name in PARAMETERS:
            return str(PARAMETERS[name]["Default"])
        case {"Ref": name}:
            return f"https://sqs.eu-west-1.amazonaws.com/123456789012/{name}"
        case _:
            return value


def number(value: Any) -> int:
    """Return a number of the template, or the default of the parameter that it refers to."""
    return int(deployed(value))


def environment(function: str) -> dict[str, str]:
    """Return a function's environment variables with every default."""
    variables = properties(function)["Environment"]["Variables"]
    return {name: deployed(value) for name, value in variables.items()}
