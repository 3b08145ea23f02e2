"""The stack that is operated on, found by its CloudFormation outputs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ops import stack_states
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


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployed stack of this template.

    Attributes:
        stack: Its name.
        region: The Region that it is in.
        queue_url: Of the engagement queue.
        dead_letter_queue_url: Of the pipeline's dead-letter queue.
        domain_dead_letter_queue_url: Of the Customer Profiles domain's own; None where it has none.
        viewed_function: The name of the channel function for customers who viewed the offer.
        not_viewed_function: The same for those who did not.
        writer_function: The writer's name.
        domain: The Customer Profiles domain.
        object_type: The profile object type.
        metrics_namespace: Where its own metrics are in CloudWatch.
        parameters: The template's parameters, as they were given or by default.
        status: CloudFormation's; empty where it does not say.
        status_reason: Why it is that; empty where there is nothing to say.
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
        """Return a numeric parameter; ``default``, the template's, where the stack does not say."""
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


def _unusable(stack: str, status: str, missing: str) -> str:
    if status in stack_states.WITHOUT_OUTPUTS:
        means, mend = stack_states.ADVICE[status]
        return f"the stack {stack} is {status}: {means}; if it is this template's, {mend.format(stack=stack)}"
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
