"""The local CloudWatch's feed, as a process of a stack."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack import LocalStack, StackSettings
from local.stack.processes import ServerProcess
from tests.infrastructure.view import OURS
from tests.integration.waiting import total, until

EVENT = Path(__file__).parents[2] / "examples" / "pinpoint-journey" / "viewed" / "autumn-campaign-01.json"


@pytest.fixture(scope="module")
def fed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack whose CloudWatch is fed."""
    with LocalStack.running(tmp_path_factory.mktemp("fed"), StackSettings(feed_metrics=True)) as stack:
        yield stack


def the_feed(stack: LocalStack) -> ServerProcess:
    """Return its process."""
    return next(server for server in stack.servers if "feed" in server.name)


def test_lines_and_queues_become_metrics_once(fed: LocalStack) -> None:
    """A record that is counted twice, or not at all, makes the dashboard a lie."""
    payload = EVENT.read_bytes()
    fed.clients.functions().invoke(FunctionName=fed.environment["VIEWED_FUNCTION"], Payload=payload)
    customers = float(len(json.loads(payload)["Endpoints"]))
    queue = fed.environment["ENGAGEMENT_QUEUE_URL"].rsplit("/", 1)[-1]

    def accounted() -> bool:
        written = total(fed, OURS, "RecordsWritten", service="writer")
        return written + total(fed, OURS, "RecordsParked", service="viewed-offer") >= customers

    until(accounted)
    queued = total(fed, OURS, "RecordsQueued", service="viewed-offer")
    assert total(fed, OURS, "RecordsReceived", service="viewed-offer") == customers
    assert total(fed, "AWS/SQS", "NumberOfMessagesSent", QueueName=queue) == queued
    until(lambda: total(fed, "AWS/SQS", "NumberOfMessagesDeleted", QueueName=queue) == queued)
    assert "Traceback" not in (fed.logs_path / "cloudwatch-feed.log").read_text(encoding="utf-8")


def test_the_feed_ends_with_the_stack(tmp_path: Path) -> None:
    """Nothing that `make up` starts may outlive `make down`."""
    with LocalStack.running(tmp_path, StackSettings(feed_metrics=True)) as stack:
        feed = the_feed(stack)
        assert feed.is_alive()
    assert not feed.is_alive()
