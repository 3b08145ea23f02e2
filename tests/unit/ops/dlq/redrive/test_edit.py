"""`ops dlq redrive --edit` and `--editor`: what is changed, and what may be seen of it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engagement.reasons import Reason
from engagement.record import Customer
from engagement.wire import decode, encode
from ops.errors import UsageError
from ops.exits import Exit
from tests.fakes.deployment import FakeContext
from tests.fakes.queues import DEAD, ENGAGEMENT
from tests.fakes.terminal import FakeScreen
from tests.samples import engagement_record
from tests.unit.ops.dlq.parked import park
from tests.unit.ops.dlq.redrive.operator import park_customers, redrive, stack_in_memory

ROOT = Path(__file__).parents[5]


def test_an_edit_mends_every_message_and_shows_the_change_first(place: FakeContext) -> None:
    """What was typed wrongly in a journey is wrong for all its customers."""
    record = engagement_record()
    broken = json.dumps({**json.loads(encode(record)), "offerName": 7})
    park(place.queues, broken, reason=Reason.INVALID_RECORD)
    shown = stack_in_memory()
    shown.screen = FakeScreen()
    park(shown.queues, broken, reason=Reason.INVALID_RECORD)
    patch = '{"offerName": "Free Month", "customer": {"email": null, "phone": "+4930123"}}'

    redrive(shown, "--edit", patch)
    assert 'offerName: 7 -> "Free Month"' in shown.screen.result
    assert "customer.email: <masked: 16 characters> -> (removed)" in shown.screen.result
    assert 'customer.phone: (absent) -> "+4930123"' in shown.screen.result
    assert "mary" not in shown.screen.result

    assert redrive(place, "--yes", "--edit", patch) == Exit.FINE
    [sent] = [decode(body) for body in place.queues.bodies(ENGAGEMENT)]
    assert sent.offer_name == "Free Month"
    assert sent.customer == Customer(user_id="user-1", phone="+4930123")
    assert sent.record_id == engagement_record(offer_name="Free Month", customer=sent.customer).record_id


@pytest.mark.parametrize("patch", ["{", "[]", "7", "@no-such-file"])
def test_an_edit_that_is_no_patch_is_refused(place: FakeContext, patch: str) -> None:
    """Before anything is received."""
    with pytest.raises(UsageError, match="--edit takes a JSON merge patch"):
        redrive(place, "--edit", patch)


def test_an_edit_that_mends_nothing_sends_nothing(place: FakeContext) -> None:
    """The result is looked at as any body is."""
    park(place.queues, '{"version": 1}', reason=Reason.INVALID_RECORD)
    park(place.queues, "{", reason=Reason.NOT_JSON)

    redrive(place, "--yes", "--edit", '{"offerName": "Free Month"}')
    assert place.screen.json["heldBack"] == {"would_park": 1, "unchanged": 1}


@pytest.mark.parametrize("body", ["[1]", '"text"', "null", "7"])
def test_a_patch_is_for_json_objects_alone(place: FakeContext, body: str) -> None:
    """By RFC 7396 it would replace any other value as a whole: a record made of nothing but the patch."""
    park(place.queues, body, reason=Reason.NOT_JSON)

    redrive(place, "--yes", "--edit", encode(engagement_record()))
    assert place.screen.json["heldBack"] == {"unchanged": 1}
    assert place.queues.bodies(DEAD) == [body]


def _editor(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str) -> None:
    """Make a Python program the editor: ``path`` is the file that it is to edit."""
    script = tmp_path / "editor.py"
    script.write_text(f"import sys, pathlib, json; path = pathlib.Path(sys.argv[1])\n{program}", encoding="utf-8")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")


def test_one_message_can_be_mended_in_an_editor(
    place: FakeContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Even one that was no JSON: the operator writes it anew."""
    whole = encode(engagement_record())
    park(place.queues, whole[:-1], reason=Reason.NOT_JSON)
    _editor(monkeypatch, tmp_path, "path.write_text(path.read_text() + '}')")

    assert redrive(place, "--yes", "--editor", "--reason", "not_json") == Exit.FINE
    assert place.queues.bodies(ENGAGEMENT) == [whole]
    assert not place.queues.bodies(DEAD)


def test_what_is_edited_is_for_the_owner_alone_and_goes_afterwards(
    place: FakeContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It holds a customer's personal data: whatever the umask is, and whatever ends the editor."""
    park(place.queues)
    noted = tmp_path / "noted"
    _editor(
        monkeypatch, tmp_path, f"pathlib.Path({str(noted)!r}).write_text(f'{{path}} {{path.stat().st_mode & 0o777:o}}')"
    )
    previous = os.umask(0)
    try:
        redrive(place, "--editor")
    finally:
        os.umask(previous)

    path, mode = noted.read_text(encoding="utf-8").split()
    assert mode == "600"
    assert not Path(path).parent.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_in_the_editor_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    """The terminal is closed, or the machine shut down, while a customer's data is in a file."""
    (tmp_path / "temporary").mkdir()
    program = (
        "import os, pathlib, signal, sys, time; pathlib.Path('reached').write_text(sys.argv[1], encoding='utf-8');"
        f" os.kill(os.getppid(), signal.{number.name}); time.sleep(20)"
    )
    (tmp_path / "editor.py").write_text(program, encoding="utf-8")
    started = (
        "import sys; from ops import application; from ops.dlq.redrive.edit import by_hand;"
        " application.run = lambda *_: by_hand('{}', sys.argv.pop()); application.main(['status'])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", started, f"{sys.executable} {tmp_path / 'editor.py'}"],
        cwd=tmp_path,
        env={
            **os.environ,
            "TMPDIR": str(tmp_path / "temporary"),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'functions'}",
        },
        check=False,
        capture_output=True,
        timeout=30,
    )
    assert ended.returncode != 0
    assert (tmp_path / "reached").read_text(encoding="utf-8").startswith(str(tmp_path / "temporary"))
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.parametrize("program", ["sys.exit(3)", "path.write_text('{')", "path.unlink()"])
def test_an_editor_that_fails_sends_nothing(
    place: FakeContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    """Leaving it with an error is how an operator thinks better of it."""
    park(place.queues)
    _editor(monkeypatch, tmp_path, program)

    with pytest.raises(UsageError, match="nothing was sent"):
        redrive(place, "--yes", "--editor")
    assert len(place.queues.visible(DEAD)) == 1


@pytest.mark.parametrize(("messages", "found"), [(0, "no message passes"), (2, "more than one message passes")])
def test_an_editor_takes_one_message(place: FakeContext, messages: int, found: str) -> None:
    """Several are mended by a patch."""
    park_customers(place.queues, messages)

    with pytest.raises(UsageError, match=found):
        redrive(place, "--editor")
    assert len(place.queues.visible(DEAD)) == messages


def test_an_edit_and_an_editor_exclude_one_another(place: FakeContext) -> None:
    """Which would come first?"""
    with pytest.raises(UsageError, match="cannot be combined"):
        redrive(place, "--editor", "--edit", "{}")


def test_the_changes_of_the_first_five_messages_are_shown(place: FakeContext) -> None:
    """The patch is the same for all; an operator reads a few."""
    park_customers(place.queues, 7)
    place.screen = FakeScreen()

    redrive(place, "--edit", '{"offerName": "Free Month"}')
    lines = place.screen.result.splitlines()
    assert lines.count('  offerName: "30% Off Renewal" -> "Free Month"') == 5
    assert "and 2 messages more, changed by the same patch" in lines


def test_an_edit_that_changes_nothing_says_so(place: FakeContext) -> None:
    """The patch may be for another cause."""
    park_customers(place.queues, 1)
    place.screen = FakeScreen()

    redrive(place, "--edit", '{"offerName": "30% Off Renewal"}')
    assert "  unchanged" in place.screen.result.splitlines()
