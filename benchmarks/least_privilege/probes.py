"""Each capability tried on the deployed stack; what fails is reported with the words in which it failed."""

import base64
import json
import re
import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from benchmarks.least_privilege.answers import Answers
from benchmarks.least_privilege.capabilities import BOOTSTRAP_ROLE, INGEST_ROLES, WRITER_ROLE, Capability
from benchmarks.least_privilege.enforcement import Enforcement
from local.stack import CONNECT_INSTANCE, LocalStack
from local.stack.environment import STACK_NAME

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

GOOD = {"ChannelType": "EMAIL", "Address": "customer@example.com", "User": {"UserId": "customer"}}
POISON = "not a record"
_BOOTSTRAP_TIMEOUT = 50
"""Seconds, of which it keeps 39 for its answer and its last call."""
_SHOWN = 90

Failures = dict[Capability, str]


class Probes:
    """Tries what the roles are there for.

    Args:
        stack: Deployed with permissions enforced; its queue's mapping is switched off, so that nothing but these
            probes takes messages.
        enforcement: Lets Customer Profiles refuse.
        answers: Hears what the bootstrap function answers.
    """

    def __init__(self, stack: LocalStack, enforcement: Enforcement, answers: Answers) -> None:
        self._names = stack.environment
        self._outputs = stack.outputs
        self._functions = stack.clients.functions()
        self._sqs = stack.clients.sqs()
        self._enforcement = enforcement
        self._answers = answers
        configuration = self._functions.get_function(FunctionName=self._outputs["WriterFunctionName"])["Configuration"]
        self._poller = stack.clients.assuming(configuration["Role"]).sqs()
        self._queue = self._names["ENGAGEMENT_QUEUE_URL"]
        names = (item["FunctionName"] for item in self._functions.list_functions()["Functions"])
        self._bootstrap = next(name for name in names if "BootstrapFunction" in name)
        # it repeats a denial for as long as it has time; here nobody grants anything meanwhile
        self._functions.update_function_configuration(FunctionName=self._bootstrap, Timeout=_BOOTSTRAP_TIMEOUT)
        [deployed] = stack.clients.cloudformation().describe_stacks(StackName=STACK_NAME)["Stacks"]
        self._stack_id = deployed["StackId"]
        self._of_role: Mapping[str, Callable[[], Failures]] = {
            INGEST_ROLES[0]: lambda: self._ingest("VIEWED_FUNCTION"),
            INGEST_ROLES[1]: lambda: self._ingest("NOT_VIEWED_FUNCTION"),
            WRITER_ROLE: self._writer,
            BOOTSTRAP_ROLE: self._register,
        }

    def failures(self, role: str) -> Failures:
        """Try all that a role is there for and return what failed."""
        return self._of_role[role]()

    def restore(self, role: str) -> None:
        """Undo what a failed try of a role has left behind: the object type or Connect's wiring may be missing."""
        if role == BOOTSTRAP_ROLE:
            self._request("Create", {})
            self._wire("Create")

    def _ingest(self, function: str) -> Failures:
        failed: Failures = {}
        for capability, endpoint, wanted in (
            (Capability.QUEUE, GOOD, "queued"),
            (Capability.PARK_CUSTOMER, None, "parked"),
        ):
            answer = self._invoke(self._names[function], {"Endpoints": {"a": endpoint}})
            if _status(answer) != wanted:
                failed[capability] = str(answer.get("errorMessage", answer))[:_SHOWN]
        self._sqs.purge_queue(QueueUrl=self._queue)
        return failed

    def _writer(self) -> Failures:
        failed: Failures = {}
        self._fill()
        _try(failed, Capability.READ_QUEUE, lambda: _read_attributes(self._poller, self._queue))
        messages = _try(failed, Capability.RECEIVE, lambda: _receive(self._poller, self._queue))
        messages = messages or _receive(self._sqs, self._queue)
        batch = self._deliver(messages)
        if batch["written"] != len(messages) - 1:
            failed[Capability.WRITE] = _causes(batch)
        if batch["parked"] != 1:
            failed[Capability.PARK] = _causes(batch)
        _try(failed, Capability.DELETE, lambda: _delete(self._poller, self._queue, messages[0]))
        self._enforcement.deny_writes(denied=True)
        batch = self._deliver([message for message in messages[1:] if message["Body"] != POISON])
        self._enforcement.deny_writes(denied=False)
        if batch["backoff_failed"] or not batch["returned"]:
            failed[Capability.BACK_OFF] = f"visibility of {batch['backoff_failed']} of {batch['returned']} not set"
        for queue in (self._queue, self._names["DEAD_LETTER_QUEUE_URL"]):
            self._sqs.purge_queue(QueueUrl=queue)
        return failed

    def _fill(self) -> None:
        """Put three records and one poison message into the queue, past ingest."""
        for number in range(3):
            self._sqs.send_message(QueueUrl=self._queue, MessageBody=_record(number))
        self._sqs.send_message(QueueUrl=self._queue, MessageBody=POISON)

    def _deliver(self, messages: list[Any]) -> dict[str, Any]:
        """Invoke the writer as its mapping does, and return what its log line says of the batch."""
        records = [
            {
                "messageId": message["MessageId"],
                "receiptHandle": message["ReceiptHandle"],
                "body": message["Body"],
                "attributes": message["Attributes"],
                "messageAttributes": {},
            }
            for message in messages
        ]
        answer = self._functions.invoke(
            FunctionName=self._outputs["WriterFunctionName"],
            Payload=json.dumps({"Records": records}).encode(),
            LogType="Tail",
        )
        lines = base64.b64decode(answer["LogResult"]).decode().splitlines()
        logged = [json.loads(line) for line in lines if '"batch delivered"' in line]
        if not logged:
            raise ProbeError("\n".join(["the writer logged nothing of its batch", *lines]))
        return dict(logged[-1])

    def _register(self) -> Failures:
        failed: Failures = {}
        queue = f"https://sqs.us-east-1.amazonaws.com/000000000000/{uuid.uuid4()}"
        for capability, kind, properties in (
            (Capability.CHANGE, "Update", {}),
            (Capability.GIVE_QUEUE, "Update", {"DomainDeadLetterQueueUrl": queue}),
            (Capability.DELETE_TYPE, "Delete", {}),
            (Capability.REGISTER, "Create", {}),
        ):
            answer = self._request(kind, properties)
            if answer["Status"] != "SUCCESS":
                failed[capability] = _refused(answer["Reason"])
        # in this order: the stack that is on trial has added them
        for capability, kind in ((Capability.REMOVE_FUNCTIONS, "Delete"), (Capability.ADD_FUNCTIONS, "Create")):
            answer = self._wire(kind)
            if answer["Status"] != "SUCCESS":
                failed[capability] = _refused(answer["Reason"])
        return failed

    def _request(self, kind: str, properties: Mapping[str, str]) -> Mapping[str, Any]:
        domain, name = self._names["PROFILE_DOMAIN_NAME"], self._names["PROFILE_OBJECT_TYPE_NAME"]
        return self._ask(
            kind,
            "ProfileObjectType",
            f"{domain}/{name}",
            {
                "DomainName": domain,
                "ObjectTypeName": name,
                "ExpirationDays": "1000",
                "MaxProfileObjectCount": "100",
                "DeleteObjectTypeOnStackDelete": "true",
                **properties,
            },
        )

    def _wire(self, kind: str) -> Mapping[str, Any]:
        return self._ask(
            kind,
            "ConnectCampaignsIntegration",
            CONNECT_INSTANCE,
            {
                "ConnectInstanceArn": CONNECT_INSTANCE,
                "FunctionArns": [
                    self._outputs["ViewedOfferFunctionArn"],
                    self._outputs["NotViewedOfferFunctionArn"],
                ],
            },
        )

    def _ask(
        self, kind: str, resource: str, physical_id: str, properties: Mapping[str, str | list[str]]
    ) -> Mapping[str, Any]:
        request = {
            "RequestType": kind,
            "ResponseURL": self._answers.url,
            "StackId": self._stack_id,
            "RequestId": kind,
            "ResourceType": f"Custom::{resource}",
            "LogicalResourceId": resource,
            **({} if kind == "Create" else {"PhysicalResourceId": physical_id}),
            "ResourceProperties": {
                "ServiceToken": f"arn:aws:lambda:us-east-1:000000000000:function:{self._bootstrap}",
                **properties,
            },
        }
        self._invoke(self._bootstrap, request)
        return self._answers.take()

    def _invoke(self, function: str, event: object) -> Mapping[str, Any]:
        answer = self._functions.invoke(FunctionName=function, Payload=json.dumps(event).encode())
        return json.load(answer["Payload"]) or {}


class ProbeError(Exception):
    """A probe could not be made; that is neither a success nor a failure of what it tries."""


def _try(failed: Failures, capability: Capability, action: Callable[[], Any]) -> Any:  # noqa: ANN401 - what it returns
    try:
        return action()
    except ClientError as error:
        failed[capability] = error.response["Error"]["Code"]
        return None


def _status(answer: Mapping[str, Any]) -> object:
    said = answer.get("a")
    return said["EventAttributes"]["EngagementStatus"] if isinstance(said, dict) else None


def _refused(reason: str) -> str:
    """Return the action that the bootstrap function names in its answer; the answer's beginning where it names none."""
    named = re.search(r"(profile|connect-campaigns):\w+", reason)
    return reason[:_SHOWN] if named is None else f"{named[0]} refused"


def _causes(batch: Mapping[str, Any]) -> str:
    return ", ".join(batch["causes"])[:_SHOWN] or "not counted"


def _receive(sqs: "SQSClient", queue: str) -> list[Any]:
    received: list[Any] = list(
        sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"]).get(
            "Messages", []
        )
    )
    return received


def _read_attributes(sqs: "SQSClient", queue: str) -> None:
    sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["VisibilityTimeout"])


def _delete(sqs: "SQSClient", queue: str, message: Mapping[str, Any]) -> None:
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])


def _record(number: int) -> str:
    """Return a record as its schema has it."""
    return json.dumps(
        {
            "version": 1,
            "recordId": f"{number:032x}",
            "offerName": "Least privilege",
            "offerViewed": True,
            "engagedAt": "2026-11-23T09:00:00.000Z",
            "acceptedAt": "2026-11-23T09:00:00.000Z",
            "customer": {"userId": f"customer-{number}"},
            "journey": {"source": "pinpoint", "kind": "journey", "id": "journey-1"},
            "endpointId": f"endpoint-{number}",
            "endpoint": {},
            "context": {},
        }
    )
