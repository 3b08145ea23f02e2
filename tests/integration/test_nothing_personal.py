"""A full run of the samples, under faults: no word of it names a customer, wherever the functions leave one.

What they leave: log lines, metrics (EMF blobs among the lines), message attributes, what a failed invocation says.
Traces hold what Lambda itself puts there: no annotation is made, since no function has a library to make one with.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.demo import queues
from local.demo.command import SAMPLES
from local.demo.events import read_events
from local.demo.run import TIME
from local.stack import LocalStack, StackSettings
from local.stack.function_logs import lines
from tests.personal_data import PersonalData

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

ROOT = Path(__file__).parents[2]
EVENTS = [event for sample in SAMPLES.values() for event in read_events(sample)]
PERSONAL = PersonalData.of(EVENTS)
FAULTS = {
    "seed": 1,
    "rules": [
        {"kind": "server_error", "share": 0.1, "operations": ["PutProfileObject"]},
        {"kind": "throttle", "share": 0.05, "operations": ["PutProfileObject"]},
        {"kind": "drop_after_write", "share": 0.02, "operations": ["PutProfileObject"]},
    ],
}
HIDDEN = 120
"""Seconds for which a look hides a message, so that the next receive brings others."""


@dataclass(frozen=True)
class Told:
    """All that a run has left behind.

    Attributes:
        log_lines: Of all functions, metrics among them.
        attributes: Of every message, both queues, as JSON.
        bodies: Of the same messages: where customers' data belongs.
        errors: What failed invocations answered.
    """

    log_lines: list[str]
    attributes: list[str]
    bodies: list[str]
    errors: list[str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """Run the samples through a stack of their own."""
    settings = StackSettings(parameters={"LogLevel": "DEBUG"}, emulator_arguments=("--faults", json.dumps(FAULTS)))
    with LocalStack.running(tmp_path_factory.mktemp("personal"), settings) as stack:
        yield run(stack)


def run(stack: LocalStack) -> Told:
    """Send the events, look at the messages while they wait, let them be written, and collect what was told."""
    functions, sqs, logs = stack.clients.functions(), stack.clients.sqs(), stack.clients.logs()
    queue, dead_letters = (stack.environment[name] for name in ("ENGAGEMENT_QUEUE_URL", "DEAD_LETTER_QUEUE_URL"))
    [mapping] = functions.list_event_source_mappings()["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    for event in EVENTS:
        name = stack.environment["VIEWED_FUNCTION" if event.viewed else "NOT_VIEWED_FUNCTION"]
        functions.invoke(FunctionName=name, Payload=event.text.encode())
    broken = json.dumps({"Endpoints": [EVENTS[0].members]}).encode()
    failed = functions.invoke(FunctionName=stack.environment["VIEWED_FUNCTION"], Payload=broken)
    for poison in (EVENTS[0].text, EVENTS[0].text[:2_000]):
        sqs.send_message(QueueUrl=queue, MessageBody=poison)
    messages = look(sqs, queue)
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=True)
    assert list(queues.drain(lambda: queues.waiting(sqs, queue), TIME))[-1] == 0
    messages += look(sqs, dead_letters)
    groups = [group["logGroupName"] for group in logs.describe_log_groups()["logGroups"]]
    return Told(
        log_lines=[line for group in groups for line in lines(logs, group)],
        attributes=[
            json.dumps([message.get("Attributes", {}), message.get("MessageAttributes", {})]) for message in messages
        ],
        bodies=[message["Body"] for message in messages],
        errors=[failed["Payload"].read().decode()],
    )


def look(sqs: "SQSClient", queue_url: str) -> list[Any]:
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


def test_no_log_line_and_no_metric_names_a_customer(told: Told) -> None:
    """Logs are kept for months, read by many, and belong to no customer's data."""
    assert PERSONAL.found_in("\n".join(told.log_lines)) == set()


def test_no_message_attribute_names_a_customer(told: Told) -> None:
    """Attributes are shown in consoles and copied into tickets."""
    assert PERSONAL.found_in("\n".join(told.attributes)) == set()


def test_what_a_failed_invocation_says_names_no_customer(told: Told) -> None:
    """Lambda logs it, and the journey's own log keeps it."""
    assert "invalid_event" in told.errors[0]
    assert PERSONAL.found_in("\n".join(told.errors)) == set()


def test_every_function_every_metric_and_every_outcome_was_looked_at(told: Told) -> None:
    """Nothing found in nothing would prove nothing."""
    parsed = [json.loads(line) for line in told.log_lines if line.startswith("{")]
    services = {"viewed-offer", "not-viewed-offer", "writer", "bootstrap"}
    messages = {line["message"] for line in parsed if "message" in line}
    attributes = " ".join(told.attributes)

    assert {line["service"] for line in parsed if "_aws" not in line and "service" in line} == services
    assert {line["service"] for line in parsed if "_aws" in line} >= services - {"bootstrap"}
    assert {"customers accepted", "batch delivered", "invalid event"} <= messages
    assert all(reason in attributes for reason in ("no_identity", "malformed_customer", "not_json", "not_a_record"))
    assert len(told.attributes) > 300


def test_the_search_finds_every_kind_where_it_belongs(told: Told) -> None:
    """The same search over the same messages' bodies, where the data is meant to be: a search that can fail."""
    found = PERSONAL.found_in("\n".join(told.bodies))

    assert {kind for kind, _ in found} == set(PERSONAL.values) == {"user id", "name", "e-mail address", "phone number"}
    for kind, values in PERSONAL.values.items():
        assert len({value for one, value in found if one == kind}) > 0.9 * len(values), kind


@pytest.mark.parametrize("kind", ["user id", "name", "e-mail address", "phone number"])
def test_one_value_in_one_line_would_be_found(told: Told, kind: str) -> None:
    """Even behind the escapes of JSON, or in another case."""
    value = max(PERSONAL.values[kind])
    for line in (json.dumps({"detail": f"no {value.upper()} here"}), f"[ERROR] KeyError: '{value}'"):
        assert PERSONAL.found_in("\n".join([*told.log_lines, line])) == {(kind, value)}


def test_no_function_can_annotate_a_trace() -> None:
    """Tracing is Lambda's own; a library to add to it is neither in the layer nor imported."""
    assert "aws-xray-sdk" not in (ROOT / "requirements" / "layer.txt").read_text(encoding="utf-8")
    code = [path.read_text(encoding="utf-8") for path in (ROOT / "functions").rglob("*.py")]
    assert code
    assert not [text for text in code if "Tracer" in text or "xray" in text]
