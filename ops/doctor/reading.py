"""Reads a deployment: the only place of the doctor that calls AWS, but for the canary."""

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
from ops import resources
from ops.alarms import described
from ops.campaigns import functions_of
from ops.doctor.alarms import Alarm
from ops.doctor.functions import EventSource, Writer
from ops.doctor.identity import IdentityResolution
from ops.doctor.queues import Queue
from ops.errors import OpsError
from ops.queues import Depth, depth
from ops.status.metrics import INGEST
from ops.workplace import Workplace

HOUR = timedelta(hours=1)
Result = TypeVar("Result")


@dataclass(frozen=True)
class Reading:
    """A deployment, read part by part; every member raises what boto3 raises, and OpsError.

    Attributes:
        workplace: The stack, and who asks.
    """

    workplace: Workplace

    def domain(self) -> Domain | None:
        """Return the Customer Profiles domain; None where there is none."""
        return _present(lambda: self._profiles.domain(self._target))

    def identity_resolution(self) -> IdentityResolution:
        """Return whether the domain's profiles are merged."""
        client = self.workplace.account.customer_profiles()
        return IdentityResolution.read(client.get_domain(DomainName=self.workplace.deployment.domain))

    def integrated_functions(self, instance_arn: str) -> list[str]:
        """Return the ARNs of the functions that the outbound campaigns of a Connect instance may call."""
        return functions_of(self.workplace.account.campaigns(), instance_arn)

    def object_type(self) -> Definition | None:
        """Return the registered object type; None where there is none."""
        return _present(lambda: self._profiles.get(self._target))

    def held_by(self, queue_url: str) -> Depth:
        """Return how full a queue is."""
        return depth(self.workplace.account.sqs(), queue_url)

    def queue(self, queue_url: str) -> Queue:
        """Return a queue's wiring."""
        answer = self.workplace.account.sqs().get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])
        return Queue.read({str(name): value for name, value in answer["Attributes"].items()})

    @cached_property
    def writer(self) -> Writer:
        """The writer's configuration."""
        answer = self.workplace.account.functions().get_function_configuration(
            FunctionName=self.workplace.deployment.live_writer
        )
        return Writer(answer["Timeout"], answer.get("Environment", {}).get("Variables", {}))

    def event_sources(self, queue_arn: str) -> list[EventSource]:
        """Return what hands the queue's messages to the writer."""
        pages = self.workplace.account.functions().get_paginator("list_event_source_mappings")
        found = pages.paginate(FunctionName=self.workplace.deployment.live_writer, EventSourceArn=queue_arn)
        return [EventSource.read(mapping) for page in found for mapping in page["EventSourceMappings"]]

    def alarm_names(self) -> list[str]:
        """Return the names of the alarms that the stack has made."""
        return list(self._named(resources.ALARMS).values())

    def alarms(self, names: list[str]) -> list[Alarm]:
        """Return those alarms that there are."""
        return [Alarm.read(found) for found in described(self.workplace.account.cloudwatch(), names)]

    def last_hour(self, metric: str) -> dict[str, float | None]:
        """Return the sum of a metric of AWS/Lambda by function, by its logical id; None where there is no figure."""
        return {
            logical_id: self._sum("AWS/Lambda", metric, {"FunctionName": name})
            for logical_id, name in self._named(resources.FUNCTIONS).items()
        }

    def shared_user_ids(self) -> dict[str, float | None]:
        """Return the customers of the last hour whose user id too many others have, by channel function."""
        namespace = self.workplace.deployment.metrics_namespace
        return {service: self._sum(namespace, str(Metric.USER_IDS_SHARED), {"service": service}) for service in INGEST}

    def _named(self, kinds: Collection[str]) -> Mapping[str, str]:
        return resources.names(self.workplace.account.cloudformation(), self.workplace.deployment.stack, kinds)

    @cached_property
    def _profiles(self) -> CustomerProfiles:
        return CustomerProfiles(self.workplace.account.customer_profiles())

    @property
    def _target(self) -> ObjectTypeId:
        return ObjectTypeId(self.workplace.deployment.domain, self.workplace.deployment.object_type)

    def _sum(self, namespace: str, metric: str, dimensions: Mapping[str, str]) -> float | None:
        now = self.workplace.clock.now()
        answer: Mapping[str, Any] = self.workplace.account.cloudwatch().get_metric_statistics(
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
