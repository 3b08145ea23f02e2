"""A healthy stack in memory whose Customer Profiles is the emulator: what `ops doctor` is run at."""

from collections.abc import Iterable, Mapping
from typing import Any

from engagement.wire import decode
from ops import application
from ops.exits import Exit
from tests.contract.writer_service import PROPERTIES, EmulatedService
from tests.fakes.deployment import FakeContext, deployment
from tests.fakes.pages import Paged, pages
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE
from tests.fakes.queues import DOMAIN as DOMAIN_QUEUE
from tests.fakes.queues import client_error
from tests.fakes.stack_resources import ALARM, FakeStack
from tests.fakes.terminal import FakeScreen
from tests.unit.ops.doctor.test_queues import dead_letter_attributes, queue_attributes
from writer.profile_object import profile_object
from writer.profiles import CustomerProfiles


class Aws(Paged):
    """Lambda and CloudWatch of a healthy stack without traffic."""

    def get_function_configuration(self, *, FunctionName: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        assert FunctionName == "writer:live"
        variables = {"MAX_RECEIVES": "300", "MAXIMUM_CONCURRENCY": "2", "BATCH_SIZE": "50"}
        return {"Timeout": 30, "Environment": {"Variables": variables}}

    def list_event_source_mappings(self, **_: str) -> Iterable[Mapping[str, Any]]:
        mapping = {
            "State": "Enabled",
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "ScalingConfig": {"MaximumConcurrency": 2},
            "BatchSize": 50,
        }
        return pages("EventSourceMappings", [mapping])

    def describe_alarms(self, *, AlarmNames: list[str], AlarmTypes: list[str]) -> Iterable[Mapping[str, Any]]:  # noqa: N803
        assert AlarmTypes
        return pages("MetricAlarms", [{"AlarmName": name, "AlarmActions": ["arn:topic"]} for name in AlarmNames])

    def get_metric_statistics(self, **_: Any) -> Mapping[str, Any]:
        return {"Datapoints": []}


class Pipeline:
    """SQS and the writer in one: what is sent is on its profile at once.

    Attributes:
        delivers: Whether the writer is at work.
        accepts: Whether SQS takes messages.
        sent: The ids of the records that were sent.
    """

    def __init__(self, service: EmulatedService, *, delivers: bool = True, accepts: bool = True) -> None:
        self.writer = CustomerProfiles(service.client, DOMAIN, OBJECT_TYPE)
        self.delivers, self.accepts = delivers, accepts
        self.sent: list[str] = []

    def get_queue_attributes(self, *, QueueUrl: str, AttributeNames: list[str]) -> Mapping[str, Any]:  # noqa: N803
        if QueueUrl == DOMAIN_QUEUE:
            return {"Attributes": dict.fromkeys(AttributeNames, "1")}
        assert AttributeNames == ["All"]
        made = queue_attributes() if QueueUrl == deployment().queue_url else dead_letter_attributes()
        return {"Attributes": made}

    def send_message(self, *, QueueUrl: str, MessageBody: str, MessageGroupId: str) -> None:  # noqa: N803
        assert QueueUrl == deployment().queue_url
        assert MessageGroupId
        if not self.accepts:
            raise client_error("AccessDenied", "SendMessage", 403)
        self.sent.append(decode(MessageBody).record_id)
        if self.delivers:
            self.writer.put(profile_object(decode(MessageBody)))


def doctor(place: FakeContext, *given: str) -> Exit:
    """Run `ops doctor`."""
    at: Any = place
    return application.parse(["doctor", *given]).run(at)


def place(
    service: EmulatedService, pipeline: Any, screen: FakeScreen | None = None, domain: str = DOMAIN
) -> FakeContext:
    """Return an operator at a stack whose only problems are the domain's name and its missing dead-letter queue."""
    aws: Any = Aws()
    made = FakeContext(
        screen=screen or FakeScreen(as_json=True),
        deployment=deployment(
            domain=domain,
            object_type=OBJECT_TYPE,
            status="CREATE_COMPLETE",
            parameters={"MaxProfileObjectCount": str(PROPERTIES.max_object_count)},
        ),
        profiles=service.client,
        lambda_=aws,
        watch=aws,
        resources=FakeStack({"Alarm": (ALARM, "alarm")}),
    )
    made.account.queues = pipeline
    return made
