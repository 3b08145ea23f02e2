"""Reads a deployment: all calls of AWS that the checks need."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, TypeVar

from bootstrap.object_type import Definition
from bootstrap.profiles import CustomerProfiles
from bootstrap.properties import ObjectTypeId
from bootstrap.provisioning import Domain
from custom_resource.errors import NotFoundError, ServiceError
from engagement.telemetry import Metric
from ops.alarms import described
from ops.campaigns import functions_of
from ops.context import CliContext
from ops.deployment import ALARMS, FUNCTIONS, resource_names
from ops.doctor.alarms import Alarm
from ops.doctor.functions import EventSource, Writer
from ops.doctor.identity import IdentityResolution
from ops.doctor.queues import Queue
from ops.errors import OpsError
from ops.queues import Depth, depth
from ops.status.metrics import INGEST

HOUR = timedelta(hours=1)
Result = TypeVar("Result")


@dataclass(frozen=True)
class DeploymentReader:
    """A deployment, read part by part; every member raises what boto3 raises, and OpsError.

    Attributes:
        context: The stack, and the account that asks.
    """

    context: CliContext

    def domain(self) -> Domain | None:
        """Return the Customer Profiles domain; None if there is none."""
        return _present(lambda: self._profiles.domain(self._target))

    def identity_resolution(self) -> IdentityResolution:
        """Return whether the domain's profiles are merged."""
        client = self.context.account.customer_profiles()
        return IdentityResolution.read(client.get_domain(DomainName=self.context.deployment.domain))

    def integrated_functions(self, instance_arn: str) -> list[str]:
        """Return the ARNs of the functions that the outbound campaigns of a Connect instance may call."""
        return functions_of(self.context.account.campaigns(), instance_arn)

    def object_type(self) -> Definition | None:
        """Return the registered object type; None if there is none."""
        return _present(lambda: self._profiles.get(self._target))

    def held_by(self, queue_url: str) -> Depth:
        """Return how full a queue is."""
        return depth(self.context.account.sqs(), queue_url)

    def queue(self, queue_url: str) -> Queue:
        """Return a queue's wiring."""
        answer = self.context.account.sqs().get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
        return Queue.read({str(name): value for name, value in answer["Attributes"].items()})

    @cached_property
    def writer(self) -> Writer:
        """The writer's configuration."""
        answer = self.context.account.functions().get_function_configuration(
            FunctionName=self.context.deployment.live_writer
        )
        return Writer(answer["Timeout"], answer.get("Environment", {}).get("Variables", {}))

    def event_sources(self, queue_arn: str) -> list[EventSource]:
        """Return the writer's event sources of this queue."""
        pages = self.context.account.functions().get_paginator("list_event_source_mappings")
        found = pages.paginate(FunctionName=self.context.deployment.live_writer, EventSourceArn=queue_arn)
        return [EventSource.read(mapping) for page in found for mapping in page["EventSourceMappings"]]

    def alarm_names(self) -> list[str]:
        """Return the names of the alarms that the stack has made."""
        return list(self._named(ALARMS).values())

    def alarms(self, names: list[str]) -> list[Alarm]:
        """Return those of these alarms that exist."""
        return [Alarm.read(found) for found in described(self.context.account.cloudwatch(), names)]

    def last_hour(self, metric: str) -> dict[str, float | None]:
        """Return the sum of a metric of AWS/Lambda by function, by its logical id; None if there is no figure."""
        return {
            logical_id: self._sum("AWS/Lambda", metric, {"FunctionName": name})
            for logical_id, name in self._named(FUNCTIONS).items()
        }

    def shared_user_ids(self) -> dict[str, float | None]:
        """Return the customers of the last hour whose user id too many others have, by channel function."""
        namespace = self.context.deployment.metrics_namespace
        return {service: self._sum(namespace, str(Metric.USER_IDS_SHARED), {"service": service}) for service in INGEST}

    def _named(self, kinds: Collection[str]) -> Mapping[str, str]:
        return resource_names(self.context.account.cloudformation(), self.context.deployment.stack, kinds)

    @cached_property
    def _profiles(self) -> CustomerProfiles:
        return CustomerProfiles(self.context.account.customer_profiles())

    @property
    def _target(self) -> ObjectTypeId:
        return ObjectTypeId(self.context.deployment.domain, self.context.deployment.object_type)

    def _sum(self, namespace: str, metric: str, dimensions: Mapping[str, str]) -> float | None:
        now = self.context.clock.now()
        answer: Mapping[str, Any] = self.context.account.cloudwatch().get_metric_statistics(
            Namespace=namespace,
            MetricName=metric,
            Dimensions=[{"Name": name, "Value": value} for name, value in dimensions.items()],
            StartTime=now - HOUR,
            EndTime=now,
            Period=int(HOUR.total_seconds()),
            Statistics=["Sum"],
        )
        points = answer.get("Datapoints", [])
        return sum(point["Sum"] for point in points) if points else None


def _present(call: Callable[[], Result]) -> Result | None:
    try:
        return call()
    except NotFoundError:
        return None
    except ServiceError as error:
        raise OpsError(str(error)) from error
