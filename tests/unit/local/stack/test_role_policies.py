"""Policies in the names that the local AWS checks."""

from local.stack.role_policies import as_ministack_checks


def statement(action: object) -> dict[str, object]:
    """Return a statement that allows an action, or several."""
    return {"Effect": "Allow", "Action": action, "Resource": "*"}


def test_a_batch_call_is_allowed_where_aws_would_allow_it() -> None:
    """AWS checks a batch call as the call that it is many of."""
    made = as_ministack_checks({"Version": "2012-10-17", "Statement": [statement("sqs:SendMessage")]})

    assert made == {"Version": "2012-10-17", "Statement": [statement(["sqs:SendMessage", "sqs:SendMessageBatch"])]}


def test_nothing_else_is_allowed_in_addition() -> None:
    """A local name too many would hide a missing one."""
    actions = ["sqs:ReceiveMessage", "sqs:ChangeMessageVisibility", "logs:PutLogEvents"]

    made = as_ministack_checks({"Statement": [statement(actions), statement("profile:PutProfileObject")]})

    assert made["Statement"] == [
        statement([*actions, "sqs:ChangeMessageVisibilityBatch"]),
        statement(["profile:PutProfileObject"]),
    ]
