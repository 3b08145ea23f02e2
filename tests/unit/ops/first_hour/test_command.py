"""`ops first-hour`: read-only without --yes; each question with its call, its answer and what that settles."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops import application
from ops.errors import OpsError, StackError
from ops.exits import Exit
from ops.first_hour import command
from ops.first_hour.question import Question, answered, refusal
from ops.first_hour.writing_questions import UNIQUE
from tests.fakes.clock import FakeClock
from tests.fakes.deployment import deployment
from tests.fakes.pages import Paged, pages
from tests.fakes.queues import client_error
from tests.fakes.terminal import FakeScreen
from tests.infrastructure.template import PARAMETERS

INSTANCE = "arn:aws:connect:eu-west-1:123456789012:instance/11111111-2222-4333-8444-555555555555"


class _NotFoundError(ClientError):
    """ResourceNotFoundException, as a client of the service raises it."""


class FakeAws(Paged):
    """Every service that is looked at; a call that is not listed here would be an attribute error."""

    class exceptions:  # noqa: N801, D106 - boto3's name
        ResourceNotFoundException = _NotFoundError

    region = "eu-west-1"

    def __init__(self, **changes: Any) -> None:
        self.answers: dict[str, Any] = {
            "get_domain": {"DomainName": "amazon-connect-one"},
            "get_profile_object_type": None,
            "quotas": [],
            "limit": 1_000,
            "integrations": [],
            **changes,
        }

    def __getattr__(self, service: str) -> Any:
        if service in {"customer_profiles", "sts", "quotas", "functions", "campaigns"}:
            return lambda: self
        raise AttributeError(service)

    def get_caller_identity(self) -> Mapping[str, str]:
        return {"Account": "123456789012", "Arn": "arn:aws:iam::123456789012:user/one"}

    def get_domain(self, *, DomainName: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        return self._found("get_domain", DomainName)

    def get_profile_object_type(self, *, DomainName: str, ObjectTypeName: str) -> Mapping[str, Any]:  # noqa: N803
        return self._found("get_profile_object_type", DomainName + ObjectTypeName)

    def list_service_quotas(self, *, ServiceCode: str) -> Iterable[Mapping[str, Any]]:  # noqa: N803
        assert ServiceCode == "profile"
        return pages("Quotas", self.answers["quotas"])

    def get_account_settings(self) -> Mapping[str, Any]:
        return {"AccountLimit": {"ConcurrentExecutions": self.answers["limit"]}}

    def list_connect_instance_integrations(self, *, connectInstanceId: str) -> Iterable[Mapping[str, Any]]:  # noqa: N803
        assert connectInstanceId in INSTANCE
        return pages("integrationSummaryList", self.answers["integrations"])

    def _found(self, operation: str, named: str) -> Mapping[str, Any]:
        assert named
        answer = self.answers[operation]
        if isinstance(answer, Exception):
            raise answer
        if answer is None:
            raise _NotFoundError({"Error": {"Code": "ResourceNotFoundException", "Message": "no"}}, operation)
        found: Mapping[str, Any] = answer
        return found


class FakePlace:
    """`ops.context.CliContext` at an account, with a stack or without."""

    def __init__(self, account: FakeAws, *, deployed: bool = True, **parameters: str) -> None:
        self.account, self.clock, self.screen = account, FakeClock(), FakeScreen(as_json=True)
        self._deployment = deployment(parameters=parameters) if deployed else None

    @property
    def deployment(self) -> Any:
        if self._deployment is None:
            raise StackError("there is no stack one")
        return self._deployment


def _ask(place: FakePlace, *given: str) -> tuple[Exit, dict[str, Any]]:
    at: Any = place
    ended = application.parse(["first-hour", *given]).run(at)
    return ended, {
        one["call"] + one["question"]: one["answer"] or one["notAsked"] for one in place.screen.json["answers"]
    }


def _only(answers: Mapping[str, str], call: str) -> str:
    [found] = [answer for asked, answer in answers.items() if call in asked]
    return found


def test_nothing_is_written_unless_it_is_asked_for() -> None:
    """The fake has no call that writes; and the document says so."""
    place = FakePlace(FakeAws())
    ended, answers = _ask(place)

    assert ended is Exit.FINE
    assert place.screen.json["wrote"] is False
    assert "123456789012" in _only(answers, "GetCallerIdentity")


def test_where_nothing_is_deployed_yet_a_domain_is_named() -> None:
    """The hour begins before the first deployment."""
    _, answers = _ask(FakePlace(FakeAws(get_domain=None), deployed=False), "--domain", "amazon-connect-one")
    assert _only(answers, "and does a Connect instance reach it").startswith("no, or these credentials")
    assert _only(answers, "merge profiles") == "there is no such domain"

    with pytest.raises(OpsError, match="there is no stack one; or name a Customer Profiles domain with --domain"):
        _ask(FakePlace(FakeAws(), deployed=False))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (None, "there is none"),
        ({"Keys": {"_account": [{"StandardIdentifiers": ["UNIQUE", "PROFILE"]}]}}, "it is another's"),
        ({"Keys": {}}, "whose UNIQUE key is unnamed"),
        ({"Keys": {UNIQUE: [{"StandardIdentifiers": ["UNIQUE"]}]}}, "with our UNIQUE key"),
    ],
)
def test_the_object_type_of_somebody_else_is_told_from_ours(found: Any, said: str) -> None:
    """The published sample's has the same name and another key."""
    assert said in _only(_ask(FakePlace(FakeAws(get_profile_object_type=found)))[1], "GetProfileObjectType")


@pytest.mark.parametrize(
    ("quotas", "said"),
    [
        ([{"QuotaName": "Object types per domain", "Value": 100.0}], "no: none of its 1 quotas"),
        ([{"QuotaName": "Rate of PutProfileObject requests", "Value": 100.0}], "yes: Rate of PutProfileObject"),
        ([{"QuotaName": "Put Profile Object API requests", "Value": 100.0}], "yes: Put Profile Object API"),
        ([{"QuotaName": "Rate of PutProfileObjectType requests", "Value": 1.0}], "no: none of its 1 quotas"),
        ([{"QuotaName": "Put Profile Object Type requests", "Value": 1.0}], "no: none of its 1 quotas"),
    ],
)
def test_service_quotas_is_asked_once_and_told_as_it_is(quotas: list[Any], said: str) -> None:
    """By one catalogue the rate is not in it."""
    assert said in _only(_ask(FakePlace(FakeAws(quotas=quotas)))[1], "ListServiceQuotas")


@pytest.mark.parametrize(("limit", "said"), [(1_000, "1,000"), (10, "10, fewer than the default")])
def test_a_new_account_s_few_executions_are_told(limit: int, said: str) -> None:
    """A throttled channel function is seen by nobody."""
    assert _only(_ask(FakePlace(FakeAws(limit=limit)))[1], "GetAccountSettings").startswith(said)


def test_the_campaigns_of_the_stack_s_instance_are_asked() -> None:
    """Without an instance there are none to ask."""
    place = FakePlace(FakeAws(integrations=[{"lambda": {"functionArn": "one"}}]), ConnectInstanceArn=INSTANCE)
    assert _only(_ask(place)[1], "ListConnectInstanceIntegrations") == "one"
    assert not any("ListConnect" in asked for asked in _ask(FakePlace(FakeAws()))[1])


def test_what_cannot_be_asked_is_no_answer_and_the_others_are_asked() -> None:
    """A missing permission must not be read as a no."""
    ended, answers = _ask(FakePlace(FakeAws(get_profile_object_type=client_error("AccessDeniedException"))))

    assert ended is Exit.PROBLEMS
    assert "may not do that" in _only(answers, "GetProfileObjectType")
    assert "GetAccountSettings" in " ".join(answers)


@pytest.mark.parametrize(
    ("error", "said"),
    [(client_error("501"), "does not offer"), (OpsError("nothing there"), "nothing there")],
)
def test_every_way_of_not_being_answered_is_said(error: Exception, said: str) -> None:
    """On one line."""

    def ask() -> str:
        raise error

    answer = answered(Question("q", "c", "s", ask))
    assert (answer.is_known, answer.document["answer"]) == (False, None)
    assert said in answer.said


def test_a_refusal_answers_and_a_denial_does_not() -> None:
    """Only the first is about the question."""

    def raising(code: str) -> Any:
        def call() -> None:
            raise client_error(code)

        return call

    assert refusal(lambda: None) == ""
    assert "BadRequestException" in refusal(raising("BadRequestException"))
    with pytest.raises(ClientError):
        refusal(raising("AccessDeniedException"))


def test_the_type_that_is_looked_for_is_the_template_s() -> None:
    """For an account without a stack."""
    assert PARAMETERS["ProfileObjectTypeName"]["Default"] == command.OBJECT_TYPE


def test_a_question_is_shown_with_its_call_and_what_it_settles() -> None:
    """An operator who reads it an hour later must not look anything up."""
    place = FakePlace(FakeAws())
    place.screen = FakeScreen()
    at: Any = place
    application.parse(["first-hour", "--patience", "90s"]).run(at)

    assert "  asked:   sts:GetCallerIdentity" in place.screen.result
    assert "  settles: the parameter ProfileDomainName" in place.screen.result
    assert "nothing was written" in place.screen.result
