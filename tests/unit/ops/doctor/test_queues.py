"""How the queues may be wired wrongly, each with how to fix it."""

import json
from typing import Any

import pytest

from ops.doctor.finding import Verdict
from ops.doctor.queues import Queue, judge_protection, judge_redrive, judge_visibility

ARN, DEAD_ARN = "arn:aws:sqs:eu-west-1:1:engagement", "arn:aws:sqs:eu-west-1:1:dead-letters"
TLS_ONLY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sqs:*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def queue_attributes(**changes: Any) -> dict[str, str]:
    """Return the engagement queue's attributes as it is deployed, with these changed; None leaves one out."""
    attributes = {
        "QueueArn": ARN,
        "VisibilityTimeout": "200",
        "MessageRetentionPeriod": "604800",
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": DEAD_ARN, "maxReceiveCount": "300"}),
        "Policy": json.dumps({"Statement": [TLS_ONLY]}),
        "SqsManagedSseEnabled": "true",
        **changes,
    }
    return {name: value for name, value in attributes.items() if value is not None}


def dead_letter_attributes(**changes: Any) -> dict[str, str]:
    """Return the dead-letter queue's in the same way."""
    allow = json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": [ARN]})
    given = {"QueueArn": DEAD_ARN, "MessageRetentionPeriod": "1209600", "RedriveAllowPolicy": allow}
    return queue_attributes(**{"RedrivePolicy": None, **given, **changes})


def queue(**changes: Any) -> Queue:
    """Return the engagement queue with these attributes changed."""
    return Queue.read(queue_attributes(**changes))


def dead_letters(**changes: Any) -> Queue:
    """Return the dead-letter queue with these attributes changed."""
    return Queue.read(dead_letter_attributes(**changes))


def test_queues_as_the_template_makes_them_are_fine() -> None:
    """A doctor that finds fault with health is not called twice."""
    found = [
        judge_redrive(queue(), dead_letters(), 300),
        judge_visibility(queue(), 30),
        judge_protection({"one": queue(), "other": dead_letters()}),
    ]

    assert {finding.verdict for finding in found} == {Verdict.OK}


@pytest.mark.parametrize(
    ("ours", "theirs", "seen"),
    [
        (queue(RedrivePolicy=None), dead_letters(), "no redrive policy"),
        (queue(), dead_letters(QueueArn="arn:aws:sqs:eu-west-1:1:new"), "moved to dead-letters, which is not this"),
        (
            queue(RedrivePolicy=json.dumps({"deadLetterTargetArn": DEAD_ARN, "maxReceiveCount": 3})),
            dead_letters(),
            "after 3 receives, the writer parks it after 300",
        ),
        (queue(), dead_letters(RedriveAllowPolicy='{"redrivePermission":"denyAll"}'), "does not allow"),
        (queue(), dead_letters(MessageRetentionPeriod="604800"), "expire early"),
    ],
)
def test_a_wrong_redrive_policy_is_told(ours: Queue, theirs: Queue, seen: str) -> None:
    """It is noticed by nobody until the day when something fails."""
    finding = judge_redrive(ours, theirs, 300)

    assert finding.verdict is Verdict.PROBLEM
    assert seen in finding.seen
    assert "deploy" in finding.fix


def test_a_dead_letter_queue_that_allows_every_source_allows_ours() -> None:
    """SQS's default is not wrong."""
    assert judge_redrive(queue(), dead_letters(RedriveAllowPolicy=None), 300).verdict is Verdict.OK


@pytest.mark.parametrize(("visibility", "verdict"), [("180", Verdict.OK), ("179", Verdict.PROBLEM)])
def test_visibility_is_held_against_six_time_outs(visibility: str, verdict: Verdict) -> None:
    """Less, and a slow batch is read by a second writer."""
    assert judge_visibility(queue(VisibilityTimeout=visibility), 30).verdict is verdict


@pytest.mark.parametrize(
    ("changes", "seen"),
    [
        ({"Policy": None}, "the one answers without TLS"),
        ({"Policy": json.dumps({"Statement": {**TLS_ONLY, "Effect": "Allow"}})}, "without TLS"),
        ({"Policy": json.dumps({"Statement": {**TLS_ONLY, "Principal": {"AWS": "arn:x"}}})}, "without TLS"),
        ({"Policy": json.dumps({"Statement": {**TLS_ONLY, "Action": "sqs:SendMessage"}})}, "without TLS"),
        ({"SqsManagedSseEnabled": "false"}, "is not encrypted"),
    ],
)
def test_a_queue_without_protection_is_named(changes: dict[str, Any], seen: str) -> None:
    """A policy that looks like one and denies nothing is the worst of them."""
    finding = judge_protection({"one": queue(**changes), "other": queue()})

    assert finding.verdict is Verdict.PROBLEM
    assert seen in finding.seen
    assert "other" not in finding.seen
