"""Whether the two queues are wired as the template wires them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ops.doctor.finding import Finding, judged

VISIBILITY_TIMEOUTS = 6
"""Visibility timeout over the writer's time-out (AWS's advice for an SQS event source)."""
DEPLOY_AGAIN = "deploy the stack again, which puts the template's settings back (make deploy)"


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue's attributes, as they matter here.

    Attributes:
        arn: Its ARN.
        visibility: Seconds.
        retention: Seconds.
        redrive_target: The ARN of its dead-letter queue; None if it has none.
        max_receives: Receives until SQS moves a message there; 0 if it never does.
        allowed_sources: ARNs of the queues that may use it as theirs; None: every queue of the account.
        policy: The statements of its policy.
        encrypted: Whether SQS or KMS encrypts it.
    """

    arn: str
    visibility: int
    retention: int
    redrive_target: str | None
    max_receives: int
    allowed_sources: Sequence[str] | None
    policy: Sequence[Mapping[str, Any]]
    encrypted: bool

    @classmethod
    def read(cls, attributes: Mapping[str, str]) -> "Queue":
        """Return what GetQueueAttributes answered."""
        redrive = json.loads(attributes.get("RedrivePolicy") or "{}")
        allow = json.loads(attributes.get("RedriveAllowPolicy") or "{}")
        permission = allow.get("redrivePermission", "allowAll")
        allowed = None if permission == "allowAll" else allow.get("sourceQueueArns", [])
        statements = json.loads(attributes.get("Policy") or "{}").get("Statement", [])
        return cls(
            arn=attributes["QueueArn"],
            visibility=int(attributes["VisibilityTimeout"]),
            retention=int(attributes["MessageRetentionPeriod"]),
            redrive_target=redrive.get("deadLetterTargetArn"),
            max_receives=int(redrive.get("maxReceiveCount", 0)),
            allowed_sources=allowed,
            policy=statements if isinstance(statements, list) else [statements],
            encrypted=attributes.get("SqsManagedSseEnabled") == "true" or bool(attributes.get("KmsMasterKeyId")),
        )

    @property
    def refuses_without_tls(self) -> bool:
        """Whether its policy denies every request without TLS."""
        return any(map(_denies_without_tls, self.policy))


def judge_redrive(queue: Queue, dead_letters: Queue, max_receives: int | None) -> Finding:
    """Judge when and where SQS moves a message by itself; ``max_receives`` is the writer's own number."""
    return judged(
        "redrive policy",
        [(wrong, DEPLOY_AGAIN) for wrong in _wrong_with_redrive(queue, dead_letters, max_receives)],
        f"to the dead-letter queue after {queue.max_receives} receives, the writer's MAX_RECEIVES",
    )


def judge_visibility(queue: Queue, timeout: int) -> Finding:
    """Judge the queue's visibility timeout against the writer's time-out, both in seconds."""
    least = VISIBILITY_TIMEOUTS * timeout
    wrong = []
    if queue.visibility < least:
        wrong.append(
            (
                f"{queue.visibility} s for a writer of {timeout} s: a message may be received again while in work",
                f"set the queue's visibility timeout to at least {least} s; {DEPLOY_AGAIN}",
            )
        )
    return judged("visibility timeout", wrong, f"{queue.visibility} s for a writer of {timeout} s")


def judge_protection(queues: Mapping[str, Queue]) -> Finding:
    """Judge whether each queue refuses requests without TLS and encrypts its messages."""
    wrong = [
        (f"the {name} {fault}", DEPLOY_AGAIN)
        for name, queue in queues.items()
        for fault, is_wrong in (
            ("answers without TLS", not queue.refuses_without_tls),
            ("is not encrypted", not queue.encrypted),
        )
        if is_wrong
    ]
    return judged("queue protection", wrong, "TLS only, encrypted")


def _wrong_with_redrive(queue: Queue, dead_letters: Queue, max_receives: int | None) -> Iterator[str]:
    if queue.redrive_target is None:
        yield "the engagement queue has no redrive policy: a message that crashes the writer stays until it expires"
        return
    if queue.redrive_target != dead_letters.arn:
        yield f"messages are moved to {queue.redrive_target.rpartition(':')[2]}, which is not this stack's queue"
    if max_receives is not None and queue.max_receives != max_receives:
        yield (
            f"the queue moves a message after {queue.max_receives} receives, the writer parks it after {max_receives}:"
            " it may be parked without a reason, or be tried too seldom"
        )
    if dead_letters.allowed_sources is not None and queue.arn not in dead_letters.allowed_sources:
        yield "the dead-letter queue does not allow the engagement queue as its source"
    if dead_letters.retention <= queue.retention:
        yield "the dead-letter queue keeps messages no longer than the engagement queue: moved ones expire early"


def _denies_without_tls(statement: Mapping[str, Any]) -> bool:
    everybody = statement.get("Principal") in ("*", {"AWS": "*"})
    everything = {"sqs:*", "SQS:*", "*"}.intersection(_listed(statement.get("Action")))
    secure = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
    return statement.get("Effect") == "Deny" and everybody and bool(everything) and str(secure).lower() == "false"


def _listed(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else [value]
