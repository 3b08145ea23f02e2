"""Reads a deployment: the only place of the doctor that calls AWS, but for the canary."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Any, TypeVar

from bootstrap.errors import AbsentError, ServiceError
from bootstrap.object_type import Definition
from bootstrap.profiles import CustomerProfiles
from bootstrap.properties import Target
from bootstrap.registration import Domain
from ops.doctor.alarms import Alarm
from ops.doctor.functions import EventSource, Writer
from ops.doctor.queues import Queue
from ops.errors import AWS_FAILURES, OpsError, code_of
from ops.queues import Depth, depth
from ops.workplace import Workplace

HOUR = timedelta(hours=1)
ALARM_TYPES = frozenset({"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"})
FUNCTION_TYPE = "AWS::Lambda::Function"
ALARMS_A_CALL = 100
QUOTAS_OF = "profile"
"""Customer Profiles' code in Service Quotas."""
QUOTA_NAME = "PutProfileObject"
UNOFFERED = frozenset(
    {
        "InvalidAction",
        "NotImplemented",
        "NotImplementedException",
        "UnknownOperation",
        "UnknownOperationException",
        "UnsupportedOperation",
    }
)

Result = TypeVar("Result")


class UnofferedError(Exception):
    """This endpoint does not have the operation, or not the whole service: a local stack's may lack both."""


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
        answer = self.workplace.account.functions().list_event_source_mappings(
            FunctionName=self.workplace.deployment.live_writer, EventSourceArn=queue_arn
        )
        return [EventSource.read(mapping) for mapping in answer["EventSourceMappings"]]

    def alarm_names(self) -> list[str]:
        """Return the names of the alarms that the stack has made."""
        return [found["PhysicalResourceId"] for found in self._resources if found["ResourceType"] in ALARM_TYPES]

    def alarms(self, names: list[str]) -> list[Alarm]:
        """Return those alarms that there are."""
        cloudwatch = self.workplace.account.cloudwatch()
        found: list[Alarm] = []
        for start in range(0, len(names), ALARMS_A_CALL):
            answer = cloudwatch.describe_alarms(
                AlarmNames=names[start : start + ALARMS_A_CALL],
                AlarmTypes=["MetricAlarm", "CompositeAlarm"],
                MaxRecords=ALARMS_A_CALL,
            )
            found += map(Alarm.read, [*answer.get("MetricAlarms", []), *answer.get("CompositeAlarms", [])])
        return found

    def last_hour(self, metric: str) -> dict[str, float | None]:
        """Return the sum of a metric of AWS/Lambda by function, by its logical id; None where there is no figure."""
        functions = {
            found["LogicalResourceId"]: found["PhysicalResourceId"]
            for found in self._resources
            if found["ResourceType"] == FUNCTION_TYPE
        }
        return {logical_id: self._sum(metric, name) for logical_id, name in functions.items()}

    def quota(self) -> float | None:
        """Return the PutProfileObject a second that the account may make; None where Service Quotas lists none."""
        pages = offered(
            lambda: list(
                self.workplace.account.quotas().get_paginator("list_service_quotas").paginate(ServiceCode=QUOTAS_OF)
            )
        )
        found = [quota for page in pages for quota in page.get("Quotas", []) if _is_of_writes(quota["QuotaName"])]
        return float(found[0]["Value"]) if found else None

    @cached_property
    def _resources(self) -> list[Any]:
        pages = self.workplace.account.cloudformation().get_paginator("list_stack_resources")
        return [
            found
            for page in pages.paginate(StackName=self.workplace.deployment.stack)
            for found in page["StackResourceSummaries"]
        ]

    @cached_property
    def _profiles(self) -> CustomerProfiles:
        return CustomerProfiles(self.workplace.account.customer_profiles())

    @property
    def _target(self) -> Target:
        return Target(self.workplace.deployment.domain, self.workplace.deployment.object_type)

    def _sum(self, metric: str, function: str) -> float | None:
        now = self.workplace.clock.now()
        answer: Mapping[str, Any] = self.workplace.account.cloudwatch().get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName=metric,
            Dimensions=[{"Name": "FunctionName", "Value": function}],
            StartTime=now - HOUR,
            EndTime=now,
            Period=int(HOUR.total_seconds()),
            Statistics=["Sum"],
        )
        points = answer.get("Datapoints", [])
        return sum(point["Sum"] for point in points) if points else None


def offered(call: Callable[[], Result]) -> Result:
    """Return what a call returns.

    Raises:
        UnofferedError: there is no such operation here. An answer without a code is none of the service's own.
    """
    try:
        return call()
    except AWS_FAILURES as error:
        code = code_of(error)
        if code in UNOFFERED or code.isdigit():
            raise UnofferedError from error
        raise


def _present(call: Callable[[], Result]) -> Result | None:
    try:
        return call()
    except AbsentError:
        return None
    except ServiceError as error:
        raise OpsError(str(error)) from error


def _is_of_writes(name: str) -> bool:
    return QUOTA_NAME in name.replace(" ", "") and "Type" not in name and "Batch" not in name
