"""The deployed roles' policies, in the names under which ministack checks what AWS checks under others.

AWS checks SendMessageBatch as `sqs:SendMessage`, and the other batch calls likewise (SQS developer guide, "Actions,
resources, and condition keys"); ministack 1.5.33 looks for `sqs:SendMessageBatch`. The template says what AWS wants:
here, after the deployment, the batch name is written beside each name that AWS would check.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_iam import IAMClient

BATCH_NAMES = {
    "sqs:SendMessage": "sqs:SendMessageBatch",
    "sqs:DeleteMessage": "sqs:DeleteMessageBatch",
    "sqs:ChangeMessageVisibility": "sqs:ChangeMessageVisibilityBatch",
}

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RolePolicy:
    """One inline policy of a role.

    Attributes:
        role: The role's name.
        name: The policy's name.
        document: As the template has it.
    """

    role: str
    name: str
    document: Document


def read(iam: "IAMClient", roles: Iterable[str]) -> Iterator[RolePolicy]:
    """Yield the inline policies of these roles."""
    for role in roles:
        yield from _of_role(iam, role)


def _of_role(iam: "IAMClient", role: str) -> Iterator[RolePolicy]:
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document: Any = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        yield RolePolicy(role, name, json.loads(document) if isinstance(document, str) else document)


def put(iam: "IAMClient", policy: RolePolicy) -> None:
    """Give the role this policy, in ministack's names."""
    iam.put_role_policy(
        RoleName=policy.role, PolicyName=policy.name, PolicyDocument=json.dumps(as_ministack_checks(policy.document))
    )


def as_ministack_checks(document: Document) -> Document:
    """Return the policy with the batch name beside each action that AWS checks for the batch call."""
    return {**document, "Statement": [_statement(statement) for statement in document["Statement"]]}


def _statement(statement: Mapping[str, Any]) -> Mapping[str, Any]:
    actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
    return {**statement, "Action": [*actions, *(BATCH_NAMES[action] for action in actions if action in BATCH_NAMES)]}
