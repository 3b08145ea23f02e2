"""A check that cannot be made says so, and the others go on."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from bootstrap.provisioning import Domain
from ops.deployment import Deployment
from ops.doctor.checks import Checks, blocking
from ops.doctor.finding import Verdict, not_checked, ok, problem
from ops.doctor.functions import EventSource, Writer
from ops.doctor.identity import IdentityResolution
from ops.errors import OpsError, UnofferedError, offered
from ops.queues import Depth
from tests.unit.ops.doctor.test_profiles import DEPLOYMENT, WANTED
from tests.unit.ops.doctor.test_queues import dead_letters, queue


def _answered(code: str) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
    return ClientError(answer, "Get")


def _raise(error: Exception) -> None:
    raise error


class FakeReader:
    """A healthy deployment; ``failing`` are the parts whose reading raises."""

    def __init__(self, deployment: Deployment = DEPLOYMENT, **failing: Exception) -> None:
        self.failing = failing
        self.context = SimpleNamespace(deployment=deployment)

    def __getattr__(self, part: str) -> Any:
        answers: dict[str, Any] = {
            "domain": Domain("https://sqs/1/domain"),
            "object_type": WANTED,
            "held_by": Depth(0, 0, 0),
            "event_sources": [EventSource("Enabled", ["ReportBatchItemFailures"], 2, 50)],
            "alarm_names": [],
            "alarms": [],
            "last_hour": {"Writer": 0.0},
            "shared_user_ids": {"viewed-offer": None, "not-viewed-offer": 0.0},
            "identity_resolution": IdentityResolution(matching=False, merging=False, rules=False),
            "integrated_functions": [f"arn:aws:lambda:eu-west-1:1:function:{name}:live" for name in ("v", "n")],
        }
        if part in self.failing and part == "writer":
            raise self.failing[part]
        if part in self.failing:
            return lambda *_: _raise(self.failing[part])
        if part == "writer":
            return Writer(30, {"MAX_RECEIVES": "300", "MAXIMUM_CONCURRENCY": "2", "BATCH_SIZE": "50"})
        if part == "queue":
            return lambda url: queue() if url == DEPLOYMENT.queue_url else dead_letters()
        return lambda *_: answers[part]


WITH_INSTANCE = replace(DEPLOYMENT, parameters={"ConnectInstanceArn": "arn:aws:connect:eu-west-1:1:instance/a"})


def _verdicts(deployment: Deployment = DEPLOYMENT, **failing: Exception) -> dict[str, tuple[Verdict, str]]:
    reading: Any = FakeReader(deployment, **failing)
    return {found.check: (found.verdict, found.seen) for found in Checks(reading).findings()}


def test_a_healthy_deployment_is_fine_but_for_what_is_not_there() -> None:
    """The fake has neither alarms nor traffic."""
    found = _verdicts()

    assert {check for check, (verdict, _) in found.items() if verdict is not Verdict.OK} == {
        "domain's name",
        "alarms",
        "function errors",
        "outbound campaigns",
    }


@pytest.mark.parametrize(
    ("error", "verdict", "seen"),
    [
        (UnofferedError(), Verdict.NOT_CHECKED, "does not offer"),
        (_answered("ThrottlingException"), Verdict.PROBLEM, "kept throttling"),
        (OpsError("the answer is none"), Verdict.PROBLEM, "could not be read: the answer is none"),
        (_answered("AccessDeniedException"), Verdict.PROBLEM, "may not do that"),
        (_answered("ResourceNotFoundException"), Verdict.PROBLEM, "a part of the stack is gone"),
    ],
)
def test_a_part_that_cannot_be_read_is_never_fine(error: Exception, verdict: Verdict, seen: str) -> None:
    """A stack without its writer, throttled calls and missing permissions are three different things to do."""
    found = _verdicts(writer=error)

    for check in ("redrive policy", "visibility timeout", "event source"):
        assert found[check][0] is verdict
        assert seen in found[check][1]
    assert found["domain"][0] is Verdict.OK


@pytest.mark.parametrize(
    ("error", "verdict", "seen"),
    [
        (None, Verdict.OK, "both channel functions"),
        (_answered("ResourceNotFoundException"), Verdict.PROBLEM, "no outbound campaigns"),
        (_answered("AccessDeniedException"), Verdict.NOT_CHECKED, "may not do that"),
        (_answered("501"), Verdict.NOT_CHECKED, "does not offer"),
        (EndpointConnectionError(endpoint_url="https://connect-campaigns"), Verdict.NOT_CHECKED, "not be reached"),
    ],
)
def test_campaigns_that_cannot_be_asked_are_no_fault_of_the_stack(
    error: Exception | None, verdict: Verdict, seen: str
) -> None:
    """Not every operator may read them, nor every endpoint offer them; an instance without any is another matter."""
    failing = {} if error is None else {"integrated_functions": error}
    found = _verdicts(WITH_INSTANCE, **failing)["outbound campaigns"]

    assert found[0] is verdict
    assert seen in found[1]


def test_without_an_instance_its_campaigns_are_not_judged() -> None:
    """They are another stack's."""
    assert _verdicts()["outbound campaigns"][0] is Verdict.NOT_CHECKED


def test_the_stack_s_state_comes_first() -> None:
    """It explains what is found after it."""
    found = _verdicts(replace(DEPLOYMENT, status="UPDATE_ROLLBACK_FAILED", status_reason="denied"))

    assert next(iter(found)) == "stack"
    assert found["stack"][0] is Verdict.PROBLEM
    assert "UPDATE_ROLLBACK_FAILED (denied): its last deployment failed" in found["stack"][1]


def test_only_what_would_keep_the_canary_from_arriving_hinders_it() -> None:
    """It would be left on its way; missing alarms do not stop it."""
    found = [problem("domain", "", ""), problem("alarms", "", ""), not_checked("quota", ""), ok("object type", "")]

    assert blocking(found) == ["domain"]


@pytest.mark.parametrize(
    ("code", "raised"), [("501", UnofferedError), ("UnknownOperation", UnofferedError), ("Throttling", ClientError)]
)
def test_what_a_service_does_not_offer_is_told_from_what_it_refuses(code: str, raised: type[Exception]) -> None:
    """The first is nobody's fault."""

    def call() -> None:
        raise _answered(code)

    with pytest.raises(raised):
        offered(call)
