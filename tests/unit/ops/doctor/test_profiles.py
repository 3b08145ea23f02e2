"""What may be wrong on the side of Customer Profiles."""

from dataclasses import replace
from typing import Any

import pytest

from bootstrap.object_type import FIELDS, KEYS
from bootstrap.registration import Domain
from ops.deployment import Deployment
from ops.doctor import profiles
from ops.doctor.finding import Verdict
from ops.queues import Depth
from tests.infrastructure.template import PARAMETERS

DEPLOYMENT = Deployment("one", "eu-west-1", "q", "d", None, "v", "n", "w", "AnyCompanyDomain", "Offers", "Ours", {})
WANTED = profiles.wanted_definition(DEPLOYMENT)
QUEUED = Domain("https://sqs/1/domain-dead-letters")


def test_the_defaults_are_the_template_s() -> None:
    """A stack that does not tell a parameter has the template's."""
    told = {
        "ObjectExpirationDays": profiles.EXPIRATION_DAYS,
        "MaxProfileObjectCount": profiles.MAX_OBJECTS,
        "MaxWritesPerSecond": profiles.MAX_WRITES,
        "WritesQuota": profiles.WRITES_QUOTA,
    }
    assert {name: PARAMETERS[name]["Default"] for name in told} == told


def test_a_missing_domain_is_told() -> None:
    """Nothing is written without it."""
    assert profiles.judge_domain("AnyCompanyDomain", Domain(None)).verdict is Verdict.FINE
    assert "does not exist" in profiles.judge_domain("AnyCompanyDomain", None).seen


@pytest.mark.parametrize(
    ("domain", "held", "verdict", "seen"),
    [
        (QUEUED, Depth(0, 0, 0), Verdict.FINE, "empty"),
        (QUEUED, Depth(3, 0, 0), Verdict.PROBLEM, "holds 3 objects"),
        (QUEUED, None, Verdict.PROBLEM, "does not exist"),
        (Domain(None), None, Verdict.PROBLEM, "lost, untold"),
    ],
)
def test_the_domain_s_queue_must_be_there_and_empty(
    domain: Domain, held: Depth | None, verdict: Verdict, seen: str
) -> None:
    """What it holds is on no profile, and the writer was told that all is well."""
    finding = profiles.judge_domain_queue(domain, held)

    assert finding.verdict is verdict
    assert seen in finding.seen


def test_the_deployed_object_type_is_fine_and_what_an_operator_may_set_is_left_alone() -> None:
    """A KMS key of their own is no drift."""
    current = replace(WANTED, encryption_key="arn:aws:kms:1", source_priority=3)

    assert profiles.judge_object_type("Offers", current, WANTED).verdict is Verdict.FINE


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"expiration_days": 30}, "expiration_days"),
        ({"fields": {name: field for name, field in FIELDS.items() if name != "offerName"}}, "field offerName"),
        ({"keys": {name: key for name, key in KEYS.items() if name != "_email"}}, "key _email"),
    ],
)
def test_drift_of_the_object_type_is_named(changes: dict[str, Any], named: str) -> None:
    """Somebody changed the type in the console."""
    finding = profiles.judge_object_type("Offers", replace(WANTED, **changes), WANTED)

    assert finding.verdict is Verdict.PROBLEM
    assert named in finding.seen


def test_an_unregistered_object_type_is_told() -> None:
    """Every write is refused then."""
    assert "not registered" in profiles.judge_object_type("Offers", None, WANTED).seen


@pytest.mark.parametrize(
    ("writes", "quota", "verdict", "seen"),
    [
        (80, 100.0, Verdict.FINE, "80 of 100"),
        (200, 100.0, Verdict.PROBLEM, "throttled"),
        (80, 400.0, Verdict.PROBLEM, "the dashboard shows a wrong share"),
        (80, None, Verdict.NOT_CHECKED, "within the 100 a second of WritesQuota"),
        (200, None, Verdict.NOT_CHECKED, "ABOVE the 100"),
    ],
)
def test_the_pace_is_held_against_the_quota(writes: int, quota: float | None, verdict: Verdict, seen: str) -> None:
    """A quota that nobody tells is not said to be fine."""
    finding = profiles.judge_quota(writes, quota, 100)

    assert finding.verdict is verdict
    assert seen in finding.seen
