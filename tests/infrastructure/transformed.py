"""The template as CloudFormation gets it: after the SAM transform, with a deployment's parameters.

`sam validate` and cfn-lint look at the defaults alone; what an optional parameter does is seen only here.
"""

import copy
import os
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any
from unittest import mock

from samcli.yamlhelper import yaml_parse  # type: ignore[import-untyped]  # sam has no types
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]  # nor has its translator
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]

from tests.infrastructure.template import PATH

ACCOUNT = "123456789012"
STACK_UUID = "0f7a3b1c-1111-4222-8333-444455556666"
DOMAIN = "amazon-connect-anycompany"
NO_VALUE = object()


class Deployment:
    """What CloudFormation would make of the template.

    Args:
        parameters: Given ones; the others have their defaults.
        region: The Region that it is deployed in.
        stack: The stack's name.
        uuid: The end of the stack's id.
        layer: Where `sam deploy` has put the layer.
    """

    def __init__(
        self,
        parameters: Mapping[str, str] | None = None,
        *,
        region: str = "us-east-1",
        stack: str = "journeys",
        uuid: str = STACK_UUID,
        layer: str = "s3://artifacts/layer",
    ) -> None:
        given = {"ProfileDomainName": DOMAIN, **(parameters or {})}
        self._template = _transformed(tuple(sorted(given.items())), region, layer)
        self._values: dict[str, Any] = {
            name: given.get(name, definition.get("Default"))
            for name, definition in self._template["Parameters"].items()
        }
        self._values |= {
            "AWS::Region": region,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::StackName": stack,
            "AWS::StackId": f"arn:aws:cloudformation:{region}:{ACCOUNT}:stack/{stack}/{uuid}",
            "AWS::NoValue": NO_VALUE,
        }

    @cached_property
    def resources(self) -> dict[str, Any]:
        """The resources that are made, by logical id; references to others are left as they are."""
        return {
            name: {key: value for key, value in self._resolved(resource).items() if key != "Condition"}
            for name, resource in self._template["Resources"].items()
            if "Condition" not in resource or self._holds(resource["Condition"])
        }

    @property
    def outputs(self) -> dict[str, Any]:
        """The outputs' values."""
        return {name: self._resolved(output["Value"]) for name, output in self._template["Outputs"].items()}

    def properties(self, logical_id: str) -> dict[str, Any]:
        """Return the properties of one resource."""
        found: dict[str, Any] = self.resources[logical_id]["Properties"]
        return found

    def of_type(self, kind: str) -> dict[str, Any]:
        """Return the properties of every resource of a type, by logical id."""
        return {name: each["Properties"] for name, each in self.resources.items() if each["Type"] == kind}

    def statements(self, role: str) -> list[dict[str, Any]]:
        """Return what a role allows, by its own policies and by those that are put on it."""
        apart = [each for each in self.of_type("AWS::IAM::Policy").values() if {"Ref": role} in each["Roles"]]
        policies = [*self.properties(role)["Policies"], *apart]
        return [each for policy in policies for each in policy["PolicyDocument"]["Statement"]]

    def accepts(self) -> bool:
        """Return whether the template's rules hold."""
        return all(
            self._evaluated(assertion["Assert"])
            for rule in self._template["Rules"].values()
            for assertion in rule["Assertions"]
        )

    def _holds(self, condition: str) -> bool:
        return self._evaluated(self._template["Conditions"][condition])

    def _evaluated(self, condition: Any) -> bool:
        match condition:
            case {"Fn::Equals": [one, other]}:
                return str(self._resolved(one)) == str(self._resolved(other))
            case {"Fn::Not": [one]}:
                return not self._evaluated(one)
            case {"Fn::And": several}:
                return all(self._evaluated(each) for each in several)
            case {"Fn::Or": several}:
                return any(self._evaluated(each) for each in several)
            case {"Condition": name}:
                return self._holds(name)
        raise AssertionError(f"not a condition: {condition}")

    def _resolved(self, value: Any) -> Any:  # noqa: PLR0911 - one return a function of the template's
        match value:
            case {"Ref": name} if name in self._values:
                return self._values[name]
            case {"Fn::If": [condition, then, otherwise]}:
                return self._resolved(then if self._holds(condition) else otherwise)
            case {"Fn::Split": [separator, text]} if isinstance(known := self._resolved(text), str):
                return known.split(separator)
            case {"Fn::Select": [index, several]} if isinstance(known := self._resolved(several), list):
                return known[int(index)]
            case {"Fn::Sub": str(text)}:
                return self._filled(text, {})
            case {"Fn::Sub": [str(text), dict(own)]}:
                return self._filled(text, own)
            case dict():
                return dict(self._kept(value))
            case list():
                resolved = [self._resolved(each) for each in value]
                return [each for each in resolved if each is not NO_VALUE]
        return value

    def _kept(self, value: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for name, each in value.items():
            if (resolved := self._resolved(each)) is not NO_VALUE:
                yield name, resolved

    def _filled(self, text: str, own: Mapping[str, Any]) -> Any:
        """Return the text with all that is known now filled in; what is known after a deployment stays a Fn::Sub."""
        known = {name: self._resolved(value) for name, value in [*own.items(), *self._values.items()]}
        left = {name: value for name, value in known.items() if name in own and not isinstance(value, str)}
        for name, value in known.items():
            if name not in left:
                text = text.replace(f"${{{name}}}", str(value))
        return ({"Fn::Sub": [text, left]} if left else {"Fn::Sub": text}) if "${" in text else text


@cache
def _parsed() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml_parse(PATH.read_text(encoding="utf-8"))
    return parsed


@cache
def _transformed(parameters: tuple[tuple[str, str], ...], region: str, layer: str) -> dict[str, Any]:
    document = copy.deepcopy(_parsed())
    for resource in document["Resources"].values():
        # what `sam deploy` has made of it by then
        for local, uploaded in (("CodeUri", "s3://artifacts/functions"), ("ContentUri", layer)):
            if local in resource.get("Properties", {}):
                resource["Properties"][local] = uploaded
    with mock.patch.dict(os.environ, {"AWS_DEFAULT_REGION": region}):
        made: dict[str, Any] = Translator({}, Parser()).translate(document, dict(parameters))
    return made
