"""Policies taken apart."""

from typing import Any

from benchmarks.least_privilege.capabilities import Capability, Grant, failing
from benchmarks.least_privilege.grants import mutations, operations
from local.stack.role_policies import RolePolicy

QUEUE = "arn:aws:sqs:us-east-1:000000000000:journeys-engagement-0a1b2c3d4e5f"
DEAD_LETTERS = "arn:aws:sqs:us-east-1:000000000000:journeys-dead-letters-0a1b2c3d4e5f"
DOMAIN = "arn:aws:profile:us-east-1:000000000000:domains/D"


def policy(*statements: dict[str, Any], name: str = "WriterRole") -> RolePolicy:
    """Return a role's policy of these statements, named 0, 1 and so on."""
    named = [{"Sid": str(number), "Effect": "Allow", **each} for number, each in enumerate(statements)]
    return RolePolicy(f"stack-{name}", name, {"Version": "2012-10-17", "Statement": named})


def test_every_statement_action_and_queue_is_taken_out_once() -> None:
    """What is never taken out is never shown to be needed."""
    made = list(
        mutations(
            policy(
                {"Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": QUEUE},
                {"Action": "sqs:SendMessage", "Resource": [QUEUE, DEAD_LETTERS]},
            )
        )
    )

    assert [(each.statement, each.removed) for each in made] == [
        ("0", "the statement"),
        ("0", "sqs:ReceiveMessage"),
        ("0", "sqs:DeleteMessage"),
        ("1", "the statement"),
        ("1", "on EngagementQueue"),
        ("1", "on DeadLetterQueue"),
    ]
    assert made[4].lost == {Grant("sqs:SendMessage", "EngagementQueue")}


def test_what_is_taken_out_is_gone_and_all_else_is_left() -> None:
    """A mutation that changes nothing would pass for a part that is not needed, or one too large for one that is."""
    whole = policy(
        {"Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"], "Resource": QUEUE},
        {"Action": "sqs:SendMessage", "Resource": DEAD_LETTERS},
    )
    without_statement, without_receive, without_delete, without_parking = mutations(whole)
    consume, park = whole.document["Statement"]

    assert without_statement.policy.document["Statement"] == [park]
    assert without_receive.policy.document["Statement"] == [{**consume, "Action": ["sqs:DeleteMessage"]}, park]
    assert without_delete.policy.document["Statement"] == [{**consume, "Action": ["sqs:ReceiveMessage"]}, park]
    assert without_parking.policy.document["Statement"] == [consume]


def test_what_cannot_be_shown_says_why() -> None:
    """An honest table has gaps with reasons."""
    [logs] = mutations(policy({"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}))

    assert logs.removed == "logs:CreateLogStream, logs:PutLogEvents"
    assert "local AWS" in logs.not_provable


def test_the_operations_of_a_service_are_those_of_the_role() -> None:
    """The service's emulator is told them by name."""
    put = {"Action": "profile:PutProfileObject", "Resource": [DOMAIN, f"{DOMAIN}/object-types/T"]}
    policies = [policy(put, {"Action": "sqs:SendMessage", "Resource": QUEUE}), policy(name="BootstrapRole")]

    assert operations(policies, "WriterRole", "profile") == ["PutProfileObject"]
    assert operations(policies, "WriterRole", "connect-campaigns") == []
    assert operations(policies, "BootstrapRole", "profile") == []


def test_a_policy_apart_from_its_role_counts_as_the_roles() -> None:
    """What it grants would otherwise be tried for nobody, and be in no table."""
    opens = {"Action": "lambda:AddPermission", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:viewed"}
    [mutation] = mutations(policy(opens, name="CampaignsPolicy"))

    assert mutation.role == "BootstrapRole"
    assert operations([policy(opens, name="CampaignsPolicy")], "BootstrapRole", "lambda") == ["AddPermission"]


def test_a_capability_fails_without_any_of_its_grants() -> None:
    """What must fail follows from what each capability needs, not from what was seen to fail."""
    get_domain = frozenset({Grant("profile:GetDomain", "*")})

    assert failing("BootstrapRole", get_domain) == {
        Capability.REGISTER,
        Capability.CHANGE,
        Capability.GIVE_QUEUE,
    }
    assert failing("WriterRole", get_domain) == set()
