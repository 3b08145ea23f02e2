"""The pipeline under exactly the template's policies, and what happens without parts of them.

`make least-privilege` takes away every part; here are the few whose absence would hurt most.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from benchmarks.least_privilege.capabilities import Capability
from benchmarks.least_privilege.trial import SETTINGS, Trial
from local.demo.command import SAMPLES
from local.demo.events import read_events
from local.demo.run import Demo
from local.stack import LocalStack, Silent


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack that checks permissions, over TLS."""
    with LocalStack.running(tmp_path_factory.mktemp("guarded"), SETTINGS) as running:
        yield running


def test_a_campaign_runs_whole_under_exactly_the_templates_policies(guarded: LocalStack) -> None:
    """What only works with more rights than the template gives fails at the first customer in AWS."""
    result = Demo(guarded, Silent(), otherwise=True).run(read_events(SAMPLES["connect"]))

    assert result.problems == []
    assert result.account.written == result.account.received > 0


@pytest.mark.parametrize("queue", ["ENGAGEMENT_QUEUE_URL", "DEAD_LETTER_QUEUE_URL"])
def test_the_queues_refuse_what_does_not_come_over_tls(guarded: LocalStack, queue: str) -> None:
    """Even the account's root is refused: the policy denies, and nothing overrides that."""
    sqs = guarded.clients.sqs()
    url = guarded.environment[queue]
    sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])

    def as_if_over_http(request: Any, **_: object) -> None:
        # what a proxy that ends TLS, or none, says of the client's side
        request.headers["X-Forwarded-Proto"] = "http"

    sqs.meta.events.register("before-send.sqs.*", as_if_over_http)
    try:
        with pytest.raises(ClientError, match="AccessDenied"):
            sqs.send_message(QueueUrl=url, MessageBody="customer@example.com")
    finally:
        sqs.meta.events.unregister("before-send.sqs.*", as_if_over_http)


@pytest.fixture(scope="module")
def trial(guarded: LocalStack) -> Iterator[Trial]:
    """The trial of its policies, begun."""
    with Trial.of(guarded) as begun:
        assert begun.whole() == {}
        yield begun


@pytest.mark.parametrize(
    ("role", "statement", "removed", "failing"),
    [
        ("ViewedOfferRole", "QueueRecordsAndParkWhatHasNone", "on EngagementQueue", {Capability.QUEUE}),
        ("NotViewedOfferRole", "QueueRecordsAndParkWhatHasNone", "on DeadLetterQueue", {Capability.PARK_CUSTOMER}),
        ("WriterRole", "ConsumeRecords", "sqs:ChangeMessageVisibility", {Capability.BACK_OFF}),
        ("WriterRole", "ParkRecords", "the statement", {Capability.PARK}),
        ("WriterRole", "WriteOffers", "the statement", {Capability.WRITE}),
        ("BootstrapRole", "DeleteObjectType", "the statement", {Capability.DELETE_TYPE}),
        ("BootstrapRole", "AddFunctionsToCampaigns", "the statement", {Capability.ADD_FUNCTIONS}),
    ],
)
def test_without_a_part_exactly_what_it_is_for_fails(
    trial: Trial, role: str, statement: str, removed: str, failing: set[Capability]
) -> None:
    """A part without which nothing fails is a part too many."""
    [mutation] = [one for one in trial.mutations([role]) if (one.statement, one.removed) == (statement, removed)]

    verdict = trial.try_without(mutation)

    assert verdict.is_as_expected
    assert set(verdict.failed) == failing
