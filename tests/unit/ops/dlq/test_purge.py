"""`ops dlq purge`: nothing goes that is not in a file, and nothing unless the queue's name was typed."""

import json
from pathlib import Path
from typing import Any

import click
import pytest

from ops import application
from ops.errors import OpsError, UsageError
from ops.exits import Exit
from tests.fakes.deployment import FakeContext
from tests.fakes.queues import DEAD, client_error
from tests.fakes.terminal import FakeScreen
from tests.samples import engagement_record
from tests.unit.ops.dlq.parked import park


def _purge(workplace: FakeContext, *arguments: str) -> Exit:
    options = application.parse(["dlq", "purge", *arguments])
    place: Any = workplace
    ended: Exit = options.run(place)
    return ended


def _place(*answers: str, messages: int = 25) -> FakeContext:
    workplace = FakeContext(screen=FakeScreen(answers=answers))
    for number in range(messages):
        park(workplace.queues, record=engagement_record(endpoint_id=f"endpoint-{number}"))
    return workplace


def test_what_is_purged_is_in_the_file(tmp_path: Path) -> None:
    """Whole, so that it can be sent again by hand."""
    workplace, path = _place("dead-letters"), tmp_path / "purged.jsonl"
    bodies = workplace.queues.bodies(DEAD)

    assert _purge(workplace, "--export", str(path)) == Exit.FINE
    assert not workplace.queues.bodies(DEAD)
    assert [json.loads(line)["body"] for line in path.read_text(encoding="utf-8").splitlines()] == bodies
    assert "25 messages purged" in workplace.screen.result


def test_without_an_export_there_is_no_purge() -> None:
    """The command line itself asks for it."""
    with pytest.raises(click.MissingParameter, match="export"):
        _purge(_place())


@pytest.mark.parametrize("answer", ["", "yes", "dead-letters-of-another-stack"])
def test_another_answer_than_the_queues_name_purges_nothing(tmp_path: Path, answer: str) -> None:
    """The name says which stack's messages would be gone."""
    workplace = _place(answer)

    with pytest.raises(UsageError, match="nothing was purged"):
        _purge(workplace, "--export", str(tmp_path / "purged.jsonl"))
    assert len(workplace.queues.visible(DEAD)) == 25


def test_where_nobody_can_type_the_name_is_an_option(tmp_path: Path) -> None:
    """A script must be explicit as well."""
    with pytest.raises(UsageError, match="--confirm dead-letters"):
        _purge(_place(), "--export", str(tmp_path / "first.jsonl"))
    workplace = _place()

    assert _purge(workplace, "--export", str(tmp_path / "second.jsonl"), "--confirm", "dead-letters") == Exit.FINE
    assert not workplace.queues.bodies(DEAD)


def test_only_what_passes_the_filters_is_purged(tmp_path: Path) -> None:
    """The rest is given back."""
    workplace = _place("dead-letters")
    park(workplace.queues, record=engagement_record(offer_name="Free Month"))

    _purge(workplace, "--export", str(tmp_path / "purged.jsonl"), "--offer", "Free Month")
    assert len(workplace.queues.visible(DEAD)) == 25


def test_what_is_parked_while_the_operator_types_stays(tmp_path: Path) -> None:
    """It is in no file."""
    workplace = _place("dead-letters", messages=3)
    ask = workplace.screen.ask

    def later(question: str, instead: str) -> str:
        park(workplace.queues)
        return ask(question, instead)

    workplace.screen.ask = later  # type: ignore[method-assign]
    assert _purge(workplace, "--export", str(tmp_path / "purged.jsonl")) == Exit.FINE
    assert len(workplace.queues.visible(DEAD)) == 1


def test_nothing_to_purge_leaves_no_file(tmp_path: Path) -> None:
    """An empty export would overstate what was done."""
    with pytest.raises(OpsError, match="nothing to purge"):
        _purge(_place(messages=0), "--export", str(tmp_path / "purged.jsonl"))
    assert not list(tmp_path.iterdir())


def test_deletes_that_fail_are_said(tmp_path: Path) -> None:
    """What is still there must not be thought gone."""
    workplace = _place("dead-letters")

    def fail(operation: str) -> None:
        if operation == "DeleteMessageBatch":
            raise client_error("ThrottlingException", operation)

    workplace.queues.before = fail
    assert _purge(workplace, "--export", str(tmp_path / "purged.jsonl")) == Exit.PROBLEMS
    assert "0 messages purged" in workplace.screen.result
    assert len(workplace.queues.visible(DEAD)) == 25


@pytest.mark.parametrize("call", range(3))
def test_an_interrupted_purge_says_how_far_it_came(tmp_path: Path, call: int) -> None:
    """And what it had deleted is in the file."""
    workplace, path, deletes = _place("dead-letters"), tmp_path / "purged.jsonl", iter(range(9))

    def interrupt(operation: str) -> None:
        if operation == "DeleteMessageBatch" and next(deletes) == call:
            raise KeyboardInterrupt

    workplace.queues.before = interrupt
    with pytest.raises(KeyboardInterrupt):
        _purge(workplace, "--export", str(path))
    assert f"{call * 10} messages purged" in workplace.screen.result
    assert len(workplace.queues.visible(DEAD)) == 25 - call * 10
    assert len(path.read_text(encoding="utf-8").splitlines()) == 25
