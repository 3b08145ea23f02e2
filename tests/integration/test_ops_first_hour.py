"""`make first-hour` against a deployed stack: read-only without --yes, and nothing stays."""

from collections.abc import Callable

import pytest
from botocore.client import BaseClient

from local.stack import LocalStack
from ops import application
from tests.fakes.terminal import FakeScreen
from tests.operators_policy import allowed

READING = ("Get", "List", "Describe")


@pytest.fixture
def ask(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[FakeScreen, list[str]]]:
    """Run the command in a shell at the local stack; returns what it showed, and the operations that it called."""
    for name, value in stack.environment.items():
        monkeypatch.setenv(name, value)
    called: list[str] = []
    real = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - the one place that every call passes

    def record(client: BaseClient, operation: str, request: object) -> object:
        called.append(operation)
        return real(client, operation, request)

    def run(*given: str) -> tuple[FakeScreen, list[str]]:
        called.clear()
        screen = FakeScreen(as_json=True)
        with monkeypatch.context() as patched:
            patched.setattr(BaseClient, "_make_api_call", record)
            application.run(application.parse(["first-hour", "--patience", "5s", *given]), screen)
        return screen, list(called)

    return run


def test_without_yes_it_only_reads(ask: Callable[..., tuple[FakeScreen, list[str]]]) -> None:
    """It is tried in production first."""
    screen, called = ask()

    assert called
    assert [operation for operation in called if not operation.startswith(READING)] == []
    assert screen.json["wrote"] is False
    answers = {one["question"]: one["answer"] for one in screen.json["answers"]}
    assert answers["Which account is asked?"].startswith("000000000000")


def test_with_yes_every_question_is_answered_and_nothing_stays(
    ask: Callable[..., tuple[FakeScreen, list[str]]], stack: LocalStack
) -> None:
    """By calls that its policy allows, all of them in a domain of its own."""
    client = stack.clients.customer_profiles()
    before = [item["DomainName"] for item in client.list_domains()["Items"]]
    screen, called = ask("--yes")

    not_offered_here = {"servicequotas:ListServiceQuotas of profile"}
    assert {one["call"] for one in screen.json["answers"] if one["answer"] is None} <= not_offered_here
    assert [item["DomainName"] for item in client.list_domains()["Items"]] == before
    assert "PutProfileObject" in called
    actions = {action.partition(":")[2] for action in allowed(("FirstHour",), "first-hour-policy.json")}
    assert set(called) - actions == {"GetCallerIdentity"}
