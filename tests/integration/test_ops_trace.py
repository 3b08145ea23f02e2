"""`ops trace` on a deployed stack, for records on every way that they can go."""

import json
from collections.abc import Iterator

import pytest
from urllib3 import PoolManager

from engagement.clock import SystemClock
from engagement.record import Customer
from engagement.wire import encode
from local.stack import LocalStack
from ops import application
from ops.context import CliContext
from ops.exits import Exit
from ops.profile_objects import ProfileObjects
from ops.queues import depth
from tests.fakes.terminal import FakeScreen, columns
from tests.integration.waiting import until
from tests.samples import endpoint, engagement_record, pinpoint_event

PATIENCE = 60.0
USER = "user-of-the-trace"


@pytest.fixture
def context(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> CliContext:
    """An operator at the local stack, whose shell has what `make up` printed."""
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    return CliContext(FakeScreen(), SystemClock())


def trace(*given: str, terminal: bool = False, as_json: bool = False) -> tuple[Exit, FakeScreen]:
    """Run the command as the command line does."""
    screen = FakeScreen(terminal=terminal, as_json=as_json)
    return application.run(application.parse(["trace", *given]), screen), screen


def test_a_record_is_followed_from_ingest_to_its_profile(
    context: CliContext, stack: LocalStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its id, and by the customer's; on a narrow terminal, in a pipe, as JSON."""
    event = pinpoint_event({"one": endpoint(User={"UserId": USER})}, JourneyRunId="traced")
    answer = stack.clients.functions().invoke(
        FunctionName=stack.environment["VIEWED_FUNCTION"], Payload=json.dumps(event).encode()
    )
    record_id = json.loads(answer["Payload"].read())["one"]["EventAttributes"]["EngagementRecordId"]
    deployment = context.deployment
    objects = ProfileObjects(context.account.customer_profiles(), deployment.domain, deployment.object_type)
    until(lambda: objects.of_record(record_id, Customer(user_id=USER)))
    until(lambda: "written" in trace(record_id)[1].result.split("what", 1)[-1])

    ended, screen = trace(record_id, "--user", USER, as_json=True)
    [found] = screen.json["records"]
    assert (ended, found["outcome"], found["attempts"]) == (Exit.FINE, "on profile", 1)
    assert [(one["where"], one["what"]) for one in found["events"]] == [
        ("viewed-offer", "queued"),
        ("writer", "written"),
    ]
    _, of_customer = trace("--user", USER, as_json=True)
    assert of_customer.json["records"] == [found]
    columns(monkeypatch, 60)
    _, narrow = trace(record_id, "--user", USER, terminal=True)
    shown = [line.replace("\x1b[1m", "").replace("\x1b[0m", "") for line in narrow.result.splitlines()]
    assert max(map(len, shown)) <= 60
    assert USER not in screen.result + narrow.result


def test_a_record_that_was_parked_is_found_where_it_is(context: CliContext, stack: LocalStack) -> None:
    """And looking for it consumes nothing."""
    record = engagement_record(offer_name="parked", endpoint_id="parked-trace")
    body = {name: value for name, value in json.loads(encode(record)).items() if name != "offerName"}
    sqs, dead_letters = stack.clients.sqs(), context.deployment.dead_letter_queue_url
    before = depth(sqs, dead_letters).total
    sqs.send_message(QueueUrl=context.deployment.queue_url, MessageBody=json.dumps(body))
    until(lambda: depth(sqs, dead_letters).waiting > before)

    ended, screen = trace(record.record_id)

    assert ended is Exit.PROBLEMS
    assert "parked (invalid_record" in screen.result
    assert depth(sqs, dead_letters).waiting == before + 1


@pytest.fixture
def outage(stack: LocalStack) -> Iterator[None]:
    """Customer Profiles answers nobody."""
    with PoolManager() as http:
        url = f"{stack.profiles_url}/_emulator/faults"
        http.request("PUT", url, json={"rules": [{"kind": "outage"}]})
        yield
        http.request("DELETE", url)


@pytest.mark.usefixtures("context", "outage")
def test_in_an_outage_the_logs_tell_what_the_profiles_cannot(stack: LocalStack) -> None:
    """That is when an operator looks for a record; and one of which nothing is known may be on a profile."""
    event = pinpoint_event({"one": endpoint(User={"UserId": "user-of-the-outage"})}, JourneyRunId="outage")
    answer = stack.clients.functions().invoke(
        FunctionName=stack.environment["VIEWED_FUNCTION"], Payload=json.dumps(event).encode()
    )
    record_id = json.loads(answer["Payload"].read())["one"]["EventAttributes"]["EngagementRecordId"]
    until(lambda: "returned" in trace(record_id)[1].result)

    ended, screen = trace(record_id, "--user", "user-of-the-outage")
    assert ended is Exit.PROBLEMS
    assert "last returned for" in screen.result
    assert "Customer Profiles could not be asked" in screen.result
    assert trace("f" * 32, "--user", "user-of-the-outage")[0] is Exit.UNREACHABLE


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["f" * 32], "nothing is known of"),
        (["--user", "nobody"], "nothing is known of this customer"),
        (["not-an-id"], "is no record id"),
        (["--user", "two\nlines"], "no control characters"),
        (["f" * 32, "--stack", "another"], "there is no stack another"),
    ],
)
def test_what_is_not_there_is_said_in_one_line(given: list[str], said: str) -> None:
    """With the code for a command line that asks for what cannot be."""
    ended, screen = trace(*given)

    assert ended is Exit.USAGE
    assert said in screen.notes
    assert screen.result == ""
