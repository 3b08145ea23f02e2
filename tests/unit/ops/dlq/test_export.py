"""`ops dlq export`: a file that is complete or not there, for its owner alone."""

import json
import resource
import stat
from pathlib import Path

import pytest

from engagement.reasons import Reason
from ops.errors import OpsError, UsageError
from tests.fakes.deployment import FakeContext
from tests.fakes.queues import DEAD, client_error
from tests.unit.ops.dlq.operator import run
from tests.unit.ops.dlq.parked import park


def test_an_export_holds_every_message_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """It is what a purge can be undone from."""
    workplace = FakeContext()
    park(workplace.queues)
    park(workplace.queues, "not JSON \N{GRINNING FACE}", reason=Reason.NOT_JSON)
    path = tmp_path / "parked.jsonl"
    run(workplace, "export", str(path), "--unmask")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    assert [line["body"] for line in lines] == workplace.queues.bodies(DEAD)
    assert [line["attributes"] for line in lines] == [held.attributes for held in workplace.queues.queues[DEAD]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_an_export_is_masked_unless_asked_for(tmp_path: Path) -> None:
    """Files are sent on."""
    workplace = FakeContext()
    park(workplace.queues)
    run(workplace, "export", str(tmp_path / "parked.jsonl"))

    assert "mary" not in (tmp_path / "parked.jsonl").read_text(encoding="utf-8")
    assert "personal data masked" in workplace.screen.result


def test_an_export_overwrites_nothing(tmp_path: Path) -> None:
    """The file may be the only copy of what was purged."""
    (tmp_path / "parked.jsonl").write_text("precious", encoding="utf-8")

    with pytest.raises(UsageError, match="exists already"):
        run(FakeContext(), "export", str(tmp_path / "parked.jsonl"))


def test_an_export_that_fails_leaves_no_half_file(tmp_path: Path) -> None:
    """Half an export would be taken for a whole one."""
    workplace = FakeContext()
    park(workplace.queues)

    def fail(operation: str) -> None:
        if operation == "ReceiveMessage":
            raise client_error("AccessDenied", operation, 403)

    workplace.queues.before = fail
    with pytest.raises(OpsError, match="may not do that"):
        run(workplace, "export", str(tmp_path / "parked.jsonl"))

    assert not list(tmp_path.iterdir())


def test_an_export_to_nowhere_is_a_usage_error(tmp_path: Path) -> None:
    """One line, before anything is received."""
    with pytest.raises(UsageError, match="cannot be written"):
        run(FakeContext(), "export", str(tmp_path / "no" / "such" / "folder"))


def test_what_an_export_left_that_did_not_end_is_not_overwritten(tmp_path: Path) -> None:
    """It may be all that is left of a purge that was killed."""
    (tmp_path / "parked.jsonl.part").write_text("precious", encoding="utf-8")

    with pytest.raises(UsageError, match="left of an export that did not end"):
        run(FakeContext(), "export", str(tmp_path / "parked.jsonl"))
    assert (tmp_path / "parked.jsonl.part").read_text(encoding="utf-8") == "precious"


def test_a_name_that_is_taken_meanwhile_stays_the_others(tmp_path: Path) -> None:
    """Two operators export to the same name: the second to end is told so."""
    context, path = FakeContext(), tmp_path / "parked.jsonl"
    park(context.queues)

    def take(operation: str) -> None:
        if operation == "ReceiveMessage":
            path.write_text("precious", encoding="utf-8")

    context.queues.before = take
    with pytest.raises(OpsError, match="could not be written"):
        run(context, "export", str(path))
    assert path.read_text(encoding="utf-8") == "precious"
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_is_full_leaves_no_half_file(tmp_path: Path) -> None:
    """And says so, after everything was made visible again."""
    context = FakeContext()
    for _ in range(30):
        park(context.queues)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
    try:
        with pytest.raises(OpsError, match="could not be written: File too large"):
            run(context, "export", str(tmp_path / "parked.jsonl"))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list(tmp_path.iterdir())
    assert len(context.queues.visible(DEAD)) == 30
