"""A stack that has worked: the sample journeys, and what goes wrong with journeys, under faults; to be looked at."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.demo import queues
from local.demo.command import SAMPLES
from local.demo.events import read_events
from local.demo.run import TIME
from local.stack import LocalStack, StackSettings
from local.stack.function_logs import lines

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

EVENTS = [event for sample in SAMPLES.values() for event in read_events(sample)]
SHARED = {
    "Endpoints": {
        f"shared-{number}": {
            "ChannelType": "EMAIL",
            "Address": f"stranger-{number}@example.org",
            "User": {"UserId": "nobody has listed this"},
        }
        for number in range(8)
    }
}
"""More different addresses than one user has."""
NOBODY = {"Endpoints": {"nobody": {"ChannelType": "EMAIL"}}}
BROKEN = {"Endpoints": [EVENTS[0].members]}
"""An event that is refused whole."""
POISON = (EVENTS[0].text, EVENTS[0].text[:2_000])
"""Message bodies that are no record; personal data is in them."""
FAULTS = {
    "seed": 1,
    "rules": [
        # six tries of each record, until the circuit breaker opens: records go back to the queue
        {"kind": "server_error", "times": 300, "operations": ["PutProfileObject"]},
        {"kind": "server_error", "share": 0.1, "operations": ["PutProfileObject"]},
        {"kind": "throttle", "share": 0.05, "operations": ["PutProfileObject"]},
        {"kind": "drop_after_write", "share": 0.02, "operations": ["PutProfileObject"]},
    ],
}
SETTINGS = StackSettings(
    parameters={"LogLevel": "DEBUG", "FirstBackoffSeconds": "1", "LongestBackoffSeconds": "30"},
    emulator_arguments=("--faults", json.dumps(FAULTS)),
    feed_metrics=True,
)
HIDDEN = 120
"""Visibility timeout of a scan, in seconds, so that the next receive brings other messages."""


@dataclass(frozen=True)
class Worked:
    """The stack, and what its run has left behind.

    Attributes:
        stack: Still running, its queue empty.
        log_lines: Of all functions, metrics among them.
        attributes: Of every message, both queues, as JSON.
        bodies: Of the same messages: where customers' data belongs.
        errors: What failed invocations answered.
    """

    stack: LocalStack
    log_lines: list[str]
    attributes: list[str]
    bodies: list[str]
    errors: list[str]


@contextmanager
def worked(directory: Path) -> Iterator[Worked]:
    """Run a stack of its own in a directory, and everything through it."""
    with LocalStack.running(directory, SETTINGS) as stack:
        yield _run(stack)


def _run(stack: LocalStack) -> Worked:
    """Send the events, scan the messages while they wait, let them be written, and collect what was logged."""
    functions, sqs, logs = stack.clients.functions(), stack.clients.sqs(), stack.clients.logs()
    queue, dead_letters = (stack.environment[name] for name in ("ENGAGEMENT_QUEUE_URL", "DEAD_LETTER_QUEUE_URL"))
    branches = {True: stack.environment["VIEWED_FUNCTION"], False: stack.environment["NOT_VIEWED_FUNCTION"]}
    [mapping] = functions.list_event_source_mappings()["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    for event in EVENTS:
        functions.invoke(FunctionName=branches[bool(event.viewed)], Payload=event.text.encode())
    for name in branches.values():
        functions.invoke(FunctionName=name, Payload=json.dumps(NOBODY).encode())
        functions.invoke(FunctionName=name, Payload=json.dumps(SHARED).encode())
    failed = functions.invoke(FunctionName=branches[True], Payload=json.dumps(BROKEN).encode())
    for poison in POISON:
        sqs.send_message(QueueUrl=queue, MessageBody=poison)
    messages = _scan(sqs, queue)
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
    assert list(queues.drain(lambda: queues.waiting(sqs, queue), TIME))[-1] == 0
    messages += _scan(sqs, dead_letters)
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    return Worked(
        stack=stack,
        log_lines=[line for group in groups for line in lines(logs, group)],
        attributes=[
            json.dumps([message.get("Attributes", {}), message.get("MessageAttributes", {})]) for message in messages
        ],
        bodies=[message["Body"] for message in messages],
        errors=[failed["Payload"].read().decode()],
    )


def _scan(sqs: "SQSClient", queue_url: str) -> list[Any]:
    """Return every message of a queue, and leave it there, visible."""
    found: list[Any] = []
    while received := sqs.receive_message(
        QueueUrl=queue_url,
        MaxNumberOfMessages=10,
        VisibilityTimeout=HIDDEN,
        MessageSystemAttributeNames=["All"],
        MessageAttributeNames=["All"],
    ).get("Messages", []):
        found += received
    for message in found:
        sqs.change_message_visibility(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0)
    return found
