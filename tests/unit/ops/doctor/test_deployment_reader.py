"""What is read has no second page that nobody reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest

from ops.doctor.deployment_reader import DeploymentReader
from ops.errors import OpsError
from tests.fakes.deployment import FakeContext
from tests.fakes.pages import Paged, pages
from tests.fakes.queues import client_error
from tests.fakes.stack_resources import ALARM, FakeStack

INSTANCE = "arn:aws:connect:eu-west-1:123456789012:instance/11111111-2222-4333-8444-555555555555"


@dataclass
class FakeAws(Paged):
    """Lambda, CloudWatch, outbound campaigns and Customer Profiles of one account.

    Attributes:
        integrations: What the instance's campaigns may use.
        domain: What GetDomain answers, or raises.
        asked: The metrics that were asked for: namespace, name, and the one dimension.
    """

    integrations: list[Mapping[str, Any]] = field(default_factory=list)
    domain: Mapping[str, Any] | Exception = field(default_factory=dict)
    asked: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def meta(self) -> Any:
        return boto3.client("customer-profiles", region_name="eu-west-1").meta

    def list_event_source_mappings(self, **request: Any) -> Iterable[Mapping[str, Any]]:
        assert request == {"FunctionName": "writer:live", "EventSourceArn": "arn"}
        return pages("EventSourceMappings", [{"State": state} for state in ("Enabled", "Enabled", "Disabled")])

    def describe_alarms(self, *, AlarmNames: list[str], AlarmTypes: list[str]) -> Iterable[Mapping[str, Any]]:  # noqa: N803 - boto3's names
        assert set(AlarmTypes) == {"MetricAlarm", "CompositeAlarm"}
        return pages("MetricAlarms", [{"AlarmName": name, "StateValue": "OK"} for name in AlarmNames])

    def get_metric_statistics(self, **request: Any) -> Mapping[str, Any]:
        [dimension] = request["Dimensions"]
        asked = (request["Namespace"], request["MetricName"], dimension["Name"], dimension["Value"])
        self.asked.append(asked)
        return {"Datapoints": [{"Sum": 7.0}] if asked[-1] == "viewed-offer" else []}

    def list_connect_instance_integrations(self, **request: Any) -> Iterable[Mapping[str, Any]]:
        assert request == {"connectInstanceId": "11111111-2222-4333-8444-555555555555"}
        return pages("integrationSummaryList", self.integrations)

    def get_domain(self, **request: Any) -> Mapping[str, Any]:
        assert request == {"DomainName": "AnyCompanyDomain"}
        if isinstance(self.domain, Exception):
            raise self.domain
        return self.domain


def _reading(aws: FakeAws, **resources: tuple[str, str]) -> DeploymentReader:
    place: Any = FakeContext(lambda_=aws, watch=aws, profiles=aws, campaigns=aws, resources=FakeStack(dict(resources)))
    return DeploymentReader(place)


def test_every_event_source_is_read() -> None:
    """Two of one queue are a fault, and so is a third."""
    assert [found.state for found in _reading(FakeAws()).event_sources("arn")] == ["Enabled", "Enabled", "Disabled"]


def test_every_alarm_of_the_stack_is_read_and_no_other() -> None:
    """By the names that CloudFormation has, a hundred at once."""
    reading = _reading(FakeAws(), **{f"Alarm{number}": (ALARM, f"one-{number}") for number in range(250)})
    names = reading.alarm_names()

    assert len(names) == 250
    assert {alarm.name for alarm in reading.alarms(names)} == set(names)


def test_functions_are_told_from_an_instance_s_other_integrations() -> None:
    """It integrates with Customer Profiles and Amazon Q in Connect as well."""
    integrations: list[Mapping[str, Any]] = [
        {"customerProfiles": {"domainArn": "arn", "objectTypeNames": {}}},
        {"lambda": {"functionArn": "one"}},
        {"qConnect": {"knowledgeBaseArn": "arn"}},
        {"lambda": {"functionArn": "two"}},
    ]

    assert _reading(FakeAws(integrations)).integrated_functions(INSTANCE) == ["one", "two"]


def test_a_domain_that_may_not_be_read_is_no_missing_domain() -> None:
    """An operator would make a second one: the error says what is denied."""
    denied, absent = client_error("AccessDeniedException", "GetDomain"), client_error("ResourceNotFoundException")

    with pytest.raises(OpsError, match=r"profile:GetDomain on domain AnyCompanyDomain .* AccessDeniedException"):
        _reading(FakeAws(domain=denied)).domain()
    assert _reading(FakeAws(domain=absent)).domain() is None


def test_whether_profiles_are_merged_is_read_from_the_domain() -> None:
    """GetDomain has both kinds of matching."""
    found = _reading(FakeAws(domain={"RuleBasedMatching": {"Enabled": True}})).identity_resolution()

    assert (found.matching, found.rules) == (False, True)


def test_user_ids_are_counted_in_the_stack_s_own_namespace() -> None:
    """Another stack's placeholders are another operator's; no figure is not zero."""
    aws = FakeAws()
    reading = _reading(aws)

    assert reading.shared_user_ids() == {"viewed-offer": 7.0, "not-viewed-offer": None}
    namespace = reading.context.deployment.metrics_namespace
    assert aws.asked == [
        (namespace, "UserIdsShared", "service", service) for service in ("viewed-offer", "not-viewed-offer")
    ]
