"""The stack that is operated on: its outputs, its resources, and what a status of it means."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ops.errors import AWS_FAILURES, StackError, code_of, explained

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

DEFAULT_STACK = "journeys-write-back"
"""As samconfig.toml names it; a test holds the two together."""
LIVE = "live"
"""The alias under which each function is called, as the template names it."""
NO_QUEUE = "none"
"""The output DomainDeadLetterQueueUrl of a domain without a dead-letter queue."""
NAMED = 10
"""Stacks that a message names at most."""

ALARMS = frozenset({"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"})
FUNCTIONS = frozenset({"AWS::Lambda::Function"})
LOG_GROUPS = frozenset({"AWS::Logs::LogGroup"})
"""Types of resources."""

DELETE_FIRST = "delete the stack (its queues may hold customers: docs/runbook.md, before you delete), then deploy again"
AGAIN = "find the first failure in the stack's events and fix its cause, then deploy again"
CONTINUE = (
    "find the first failure in the stack's events and fix its cause, then `aws cloudformation continue-update-rollback"
    " --stack-name {stack}` (with --resources-to-skip for what cannot be fixed); then deploy again"
)
WITHOUT_OUTPUTS = frozenset({"CREATE_FAILED", "ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "DELETE_FAILED"})
"""Statuses with which a stack of this template may have no outputs."""
STATUS_ADVICE = {
    "CREATE_FAILED": ("its first deployment failed half way", DELETE_FIRST),
    "ROLLBACK_COMPLETE": ("its first deployment failed and was undone: such a stack can only be deleted", DELETE_FIRST),
    "ROLLBACK_FAILED": ("its first deployment failed, and could not be undone", DELETE_FIRST),
    "UPDATE_FAILED": (
        "its last deployment failed half way, and was left so",
        f"{AGAIN}; or `aws cloudformation rollback-stack --stack-name {{stack}}`",
    ),
    "UPDATE_ROLLBACK_FAILED": (
        "its last deployment failed, and could not be undone: parts are new, parts are old, and none can be deployed",
        CONTINUE,
    ),
    "UPDATE_ROLLBACK_COMPLETE": (
        "its last deployment failed and was undone: it runs as before",
        AGAIN,
    ),
    "DELETE_FAILED": (
        "it was deleted in part",
        "fix the cause that the stack's events name, then delete it again (--retain-resources leaves what must stay)",
    ),
}
"""What a status means, and what to do, by CloudFormation's name for it."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployed stack of this template.

    Attributes:
        stack: Its name.
        region: The Region that it is in.
        queue_url: Of the engagement queue.
        dead_letter_queue_url: Of the pipeline's dead-letter queue.
        domain_dead_letter_queue_url: Of the Customer Profiles domain's own; None if it has none.
        viewed_function: The name of the channel function for customers who viewed the offer.
        not_viewed_function: The same for those who did not.
        writer_function: The writer's name.
        domain: The Customer Profiles domain.
        object_type: The profile object type.
        metrics_namespace: Where its own metrics are in CloudWatch.
        parameters: The template's parameters, as they were given or by default.
        status: CloudFormation's; empty if it does not say.
        status_reason: Why it is that; empty if there is nothing to say.
    """

    stack: str
    region: str
    queue_url: str
    dead_letter_queue_url: str
    domain_dead_letter_queue_url: str | None
    viewed_function: str
    not_viewed_function: str
    writer_function: str
    domain: str
    object_type: str
    metrics_namespace: str
    parameters: Mapping[str, str]
    status: str = ""
    status_reason: str = ""

    @property
    def live_writer(self) -> str:
        """The writer as its event source calls it: the version that the alias names, not the newest code."""
        return f"{self.writer_function}:{LIVE}"

    def number(self, parameter: str, default: int) -> int:
        """Return a numeric parameter; ``default``, the template's, if the stack does not say."""
        value = self.parameters.get(parameter, "")
        return int(value) if value.isascii() and value.isdigit() else default


OUTPUTS = (
    "EngagementQueueUrl",
    "DeadLetterQueueUrl",
    "DomainDeadLetterQueueUrl",
    "ViewedOfferFunctionName",
    "NotViewedOfferFunctionName",
    "WriterFunctionName",
    "ProfileDomainName",
    "ProfileObjectTypeName",
    "MetricsNamespace",
)
"""The template's outputs that a deployment is made of."""


def discover(cloudformation: "CloudFormationClient", stack: str, region: str) -> Deployment:
    """Return the stack named ``stack``.

    Raises:
        StackError: there is none, or it is not one of this template's; the message names those that are.
        OpsError: the call failed.
    """
    try:
        [found] = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except AWS_FAILURES as error:
        if code_of(error) == "ValidationError":
            raise StackError(_no_such_stack(cloudformation, stack, region)) from error
        raise explained(error) from error
    outputs = _outputs(found)
    missing = [name for name in OUTPUTS if name not in outputs]
    if missing:
        raise StackError(_unusable(stack, found.get("StackStatus", "of unknown status"), missing[0]))
    domain_queue = outputs["DomainDeadLetterQueueUrl"]
    return Deployment(
        stack=stack,
        region=region,
        queue_url=outputs["EngagementQueueUrl"],
        dead_letter_queue_url=outputs["DeadLetterQueueUrl"],
        domain_dead_letter_queue_url=None if domain_queue in {NO_QUEUE, ""} else domain_queue,
        viewed_function=outputs["ViewedOfferFunctionName"],
        not_viewed_function=outputs["NotViewedOfferFunctionName"],
        writer_function=outputs["WriterFunctionName"],
        domain=outputs["ProfileDomainName"],
        object_type=outputs["ProfileObjectTypeName"],
        metrics_namespace=outputs["MetricsNamespace"],
        parameters={given["ParameterKey"]: given.get("ParameterValue", "") for given in found.get("Parameters", ())},
        status=found.get("StackStatus", ""),
        status_reason=found.get("StackStatusReason", ""),
    )


def resource_names(cloudformation: "CloudFormationClient", stack: str, kinds: Collection[str]) -> Mapping[str, str]:
    """Return the names of the stack's resources of these types, by their logical id.

    What is not made yet, or was deleted with its logical id kept, has no name and is left out. Names are never guessed
    from the stack's: another stack's may begin alike.

    Raises:
        ClientError, BotoCoreError: as boto3 raises them.
    """
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return {
        found["LogicalResourceId"]: found["PhysicalResourceId"]
        for page in pages
        for found in page["StackResourceSummaries"]
        if found["ResourceType"] in kinds and found.get("PhysicalResourceId")
    }


def _unusable(stack: str, status: str, missing: str) -> str:
    if status in WITHOUT_OUTPUTS:
        means, fix = STATUS_ADVICE[status]
        return f"the stack {stack} is {status}: {means}; if it is this template's, {fix.format(stack=stack)}"
    return (
        f"the stack {stack} ({status}) has no output {missing}: it is another template's, an older version's, or was"
        " never deployed to its end"
    )


def _no_such_stack(cloudformation: "CloudFormationClient", stack: str, region: str) -> str:
    try:
        pages = cloudformation.get_paginator("describe_stacks").paginate()
        stacks = [described for page in pages for described in page["Stacks"]]
    except AWS_FAILURES as error:
        return f"there is no stack {stack} in {region}, and what there is cannot be listed: {explained(error)}"
    ours = sorted(found["StackName"] for found in stacks if set(OUTPUTS) <= set(_outputs(found)))
    if ours:
        return f"there is no stack {stack} in {region}; give --stack: {_named(ours)}"
    others = sorted(found["StackName"] for found in stacks)
    there_is = f"there is only {_named(others)}, not of this template" if others else "there is none at all"
    return f"there is no stack {stack} in {region}: {there_is}; give --region or --profile"


def _named(names: list[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _outputs(stack: Any) -> dict[str, str]:  # noqa: ANN401 - two shapes of the stubs, alike in this
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", ())}
