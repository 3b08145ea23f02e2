"""In which Regions the template deploys, by CloudFormation's own schemas and the SDK's list of endpoints."""

import json
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import botocore
import pytest
from cfnlint.data.schemas import providers  # type: ignore[import-untyped]  # cfn-lint has no types

from tests.infrastructure.template import TEMPLATE
from tests.infrastructure.transformed import Deployment

DOCUMENT = (Path(__file__).parents[2] / "docs" / "engineer.md").read_text(encoding="utf-8")
OBJECT_TYPE = "AWS::CustomerProfiles::ObjectType"
PINPOINT = "AWS::Pinpoint::App"
EMPTY, ONE = "", "71b0f21869ac444eb0185d43539b97ea"


@cache
def endpoints(service: str) -> frozenset[str]:
    """Return the commercial Regions in which a service has an endpoint, by the SDK."""
    told = json.loads((Path(botocore.__file__).parent / "data" / "endpoints.json").read_text(encoding="utf-8"))
    [commercial] = [each for each in told["partitions"] if each["partition"] == "aws"]
    return frozenset(name for name in commercial["services"][service]["endpoints"] if not name.startswith("fips-"))


@cache
def regions_of(kind: str) -> frozenset[str]:
    """Return the commercial Regions in which CloudFormation knows a type of resource."""
    commercial = [name for name in (each.name for each in iter_modules(providers.__path__)) if _is_commercial(name)]
    return frozenset(
        name.replace("_", "-")
        for name in commercial
        if kind in import_module(f"cfnlint.data.schemas.providers.{name}").types
    )


def _is_commercial(name: str) -> bool:
    return name.replace("_", "-") in endpoints("sqs")


def test_both_sources_agree_on_customer_profiles() -> None:
    """Ten Regions: were one of the two lists wrong, the other would show it."""
    assert regions_of(OBJECT_TYPE) == endpoints("profile")
    assert len(regions_of(OBJECT_TYPE)) == 10


def test_the_document_names_the_regions_that_work() -> None:
    """Elsewhere there is no Customer Profiles, and the deployment fails at its custom resource."""
    [told] = re.findall(r"ten Regions that have\s+Customer\s+Profiles:\s+([^.]+)\.", DOCUMENT)
    assert set(re.findall(r"`([a-z0-9-]+)`", told)) == regions_of(OBJECT_TYPE)


def test_the_template_knows_where_there_was_pinpoint() -> None:
    """Lambda refuses a principal that does not exist, and with it the whole stack."""
    told = {each["Fn::Equals"][1] for each in TEMPLATE["Conditions"]["RegionHasPinpoint"]["Fn::Or"]}
    assert told == regions_of(OBJECT_TYPE) & regions_of(PINPOINT)
    assert told == endpoints("profile") & endpoints("pinpoint")


def principals(region: str, application: str) -> set[str]:
    """Return who may call the functions of a deployment."""
    made = Deployment({"PinpointApplicationId": application}, region=region)
    return {each["Principal"] for each in made.of_type("AWS::Lambda::Permission").values()}


@pytest.mark.parametrize("region", sorted(endpoints("profile")))
def test_pinpoint_may_call_only_where_there_was_one_and_it_is_named(region: str) -> None:
    """Its journeys have ended: by default nobody of that name is let in."""
    there = {f"pinpoint.{region}.amazonaws.com"} if region in endpoints("pinpoint") else set()
    assert principals(region, EMPTY) == set()
    assert principals(region, "*") == there
    assert principals(region, ONE) == there


def test_a_region_that_nobody_has_thought_of_makes_no_pinpoint_permission() -> None:
    """AWS opens Regions, and Pinpoint has none to come."""
    assert principals("xx-north-9", "*") == set()
