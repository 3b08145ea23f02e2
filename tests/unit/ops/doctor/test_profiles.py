"""What may be wrong on the side of Customer Profiles."""

from dataclasses import replace
from typing import Any

import pytest

from bootstrap.object_type import FIELDS, KEYS
from bootstrap.provisioning import Domain
from ops.deployment import Deployment
from ops.doctor import profiles
from ops.doctor.finding import Verdict
from ops.queues import Depth
from tests.infrastructure.template import PARAMETERS

DEPLOYMENT = Deployment("one", "eu-west-1", "q", "d", None, "v", "n", "w", "AnyCompanyDomain", "Offers", "Ours", {})
WANTED = profiles.wanted_definition(DEPLOYMENT)
QUEUED = Domain("https://sqs/1/domain-dead-letters")


def test_the_defaults_are_the_template_s() -> None:
    """A parameter that the stack does not give has the template's default."""
    expected = {
        "ObjectExpirationDays": profiles.EXPIRATION_DAYS,
        "MaxProfileObjectCount": profiles.MAX_OBJECTS,
        "MaxWritesPerSecond": profiles.MAX_WRITES,
        "WritesQuota": profiles.WRITES_QUOTA,
    }
    assert {name: PARAMETERS[name]["Default"] for name in expected} == expected


def test_a_missing_domain_is_told() -> None:
    """Nothing is written without it."""
    assert profiles.judge_domain("AnyCompanyDomain", Domain(None)).verdict is Verdict.OK
    assert "does not exist" in profiles.judge_domain("AnyCompanyDomain", None).seen


@pytest.mark.parametrize(
    ("domain", "held", "verdict", "seen"),
    [
        (QUEUED, Depth(0, 0, 0), Verdict.OK, "empty"),
        (QUEUED, Depth(3, 0, 0), Verdict.PROBLEM, "holds 3 objects"),
        (QUEUED, None, Verdict.PROBLEM, "does not exist"),
        (Domain(None), None, Verdict.PROBLEM, "lost, and nobody is notified"),
    ],
)
def test_the_domain_s_queue_must_be_there_and_empty(
    domain: Domain, held: Depth | None, verdict: Verdict, seen: str
) -> None:
    """What it holds is on no profile, and the writer got a success for it."""
    finding = profiles.judge_domain_queue(domain, held)

    assert finding.verdict is verdict
    assert seen in finding.seen


def test_the_deployed_object_type_is_fine_and_what_an_operator_may_set_is_left_alone() -> None:
    """A KMS key of their own is no drift."""
    current = replace(WANTED, others={"EncryptionKey": "arn:aws:kms:1", "SourcePriority": 3})

    assert profiles.judge_object_type("Offers", current, WANTED).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"expiration_days": 30}, "expiration_days"),
        ({"fields": {name: field for name, field in FIELDS.items() if name != "offerName"}}, "field offerName"),
        ({"keys": {name: key for name, key in KEYS.items() if name != "_email"}}, "key _email"),
    ],
)
def test_drift_of_the_object_type_is_named(changes: dict[str, Any], named: str) -> None:
    """The type was changed in the console."""
    finding = profiles.judge_object_type("Offers", replace(WANTED, **changes), WANTED)

    assert finding.verdict is Verdict.PROBLEM
    assert named in finding.seen


def test_an_unregistered_object_type_is_told() -> None:
    """Every write is refused then."""
    assert "not registered" in profiles.judge_object_type("Offers", None, WANTED).seen


@pytest.mark.parametrize(("writes", "verdict"), [(80, Verdict.OK), (100, Verdict.OK), (101, Verdict.PROBLEM)])
def test_the_pace_is_held_against_what_the_stack_says_the_account_may_write(writes: int, verdict: Verdict) -> None:
    """No API returns the rate: AWS Support knows it, and both verdicts say so."""
    finding = profiles.judge_quota(writes, 100)

    assert finding.verdict is verdict
    assert "AWS Support" in finding.seen + finding.fix
    assert "Service Quotas" not in finding.seen + finding.fix


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("amazon-connect-one", Verdict.OK),
        ("AnyCompanyDomain", Verdict.PROBLEM),
        ("amazon-connections", Verdict.PROBLEM),
        ("my-amazon-connect-one", Verdict.PROBLEM),
    ],
)
def test_a_domain_that_no_connect_instance_reaches_is_told(name: str, verdict: Verdict) -> None:
    """Everything is written, and no agent sees it."""
    assert profiles.judge_domain_name(name).verdict is verdict
