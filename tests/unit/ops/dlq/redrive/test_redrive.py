"""`ops dlq redrive`: what is sent on, what is held back, and that nothing is sent before it was asked for."""

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from engagement.parking import Stage
from engagement.reasons import Reason
from engagement.record import Customer
from engagement.wire import decode, encode
from ops import application
from ops.dlq.redrive.rules import GROUP
from ops.errors import OpsError, UnreachableError, UsageError
from ops.exits import Exit
from tests.fakes.channel_functions import FakeFunctions
from tests.fakes.clock import START
from tests.fakes.deployment import FakeContext, deployment
from tests.fakes.queues import DEAD, ENGAGEMENT, FakeSqsService, client_error
from tests.fakes.shown_profiles import FakeShownProfiles
from tests.fakes.terminal import FakeScreen
from tests.samples import JOURNEY, NOW, engagement_record, pinpoint_event
from tests.unit.ops.dlq.parked import park


@pytest.fixture
def place() -> FakeContext:
    """A stack in memory."""
    return _place()


def _place(**changes: Any) -> FakeContext:
    workplace = FakeContext(profiles=FakeShownProfiles(), screen=FakeScreen(as_json=True), **changes)
    workplace.account.lambda_ = FakeFunctions(workplace.queues)
    return workplace


@pytest.fixture(autouse=True)
def journals(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Keep journals out of the user's home."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "journeys-that-write-back"


def _redrive(workplace: FakeContext, *arguments: str) -> Exit:
    options = application.parse(["dlq", "redrive", *arguments])
    stack: Any = workplace
    ended: Exit = options.run(stack)
    return ended


def _customers(queues: FakeSqsService, number: int) -> list[str]:
    records = [engagement_record(customer=Customer(user_id=f"user-{one}")) for one in range(number)]
    for record in records:
        park(queues, record=record)
    return [encode(record) for record in records]


def test_without_yes_nothing_is_sent(place: FakeContext, journals: Path) -> None:
    """The first look at what a command would do must not do it."""
    bodies = _customers(place.queues, 12)

    assert _redrive(place) == Exit.FINE
    assert place.screen.json["dryRun"] is True
    assert place.screen.json["toSend"] == 12
    assert sorted(place.queues.visible(DEAD)) == sorted(bodies)
    assert not place.queues.bodies(ENGAGEMENT)
    assert not journals.exists()


def test_a_dry_run_says_what_and_how_long() -> None:
    """An operator decides by it."""
    workplace = _place()
    workplace.screen = FakeScreen()
    _customers(workplace.queues, 120)
    _redrive(workplace)

    assert "dry run: nothing was sent; --yes sends 120 messages at 40 a second, 3 s" in workplace.screen.result


def test_every_message_is_sent_as_it_is_and_then_deleted(place: FakeContext, journals: Path) -> None:
    """Body byte for byte, with the attributes by which the writer counts redrives, and in a group of its own."""
    bodies = _customers(place.queues, 35)
    attributes = [held.attributes for held in place.queues.queues[DEAD]]

    assert _redrive(place, "--yes") == Exit.FINE
    sent = place.queues.queues[ENGAGEMENT]
    assert sorted(held.body for held in sent) == sorted(bodies)
    assert [held.attributes for held in sent] == attributes
    assert {held.group for held in sent} == {GROUP}
    assert not place.queues.bodies(DEAD)
    assert place.screen.json["sent"] == 35
    assert not list(journals.iterdir())


def test_it_is_slower_than_the_writers_budget(place: FakeContext) -> None:
    """Half of it by default: running journeys need the rest."""
    _customers(place.queues, 200)
    _redrive(place, "--yes")

    assert place.clock.elapsed == pytest.approx(200 / 40, rel=0.1)


@pytest.mark.parametrize(("rate", "budget"), [("80", "80"), ("81", "80"), ("1", "1")])
def test_a_rate_that_is_not_below_the_budget_is_refused(rate: str, budget: str) -> None:
    """It would starve the journeys that are running."""
    with pytest.raises(UsageError, match="is not below the writer's"):
        _redrive(_place(deployment=deployment(parameters={"MaxWritesPerSecond": budget})), "--rate", rate)


def test_a_rate_below_one_a_second_is_kept(place: FakeContext) -> None:
    """A service that is just coming back is handed one at a time."""
    _customers(place.queues, 4)
    _redrive(place, "--yes", "--rate", "0.5")

    assert place.clock.elapsed == pytest.approx(6)


def test_only_what_passes_the_filters_is_sent_and_the_rest_is_given_back(place: FakeContext) -> None:
    """The same filters as the list's."""
    bodies = _customers(place.queues, 25)
    park(place.queues, record=engagement_record(offer_name="Free Month"))
    _redrive(place, "--yes", "--offer", "Free Month")

    assert len(place.queues.bodies(ENGAGEMENT)) == 1
    assert sorted(place.queues.visible(DEAD)) == sorted(bodies)


def test_what_was_parked_at_ingest_goes_to_the_function_that_parked_it(place: FakeContext) -> None:
    """The writer could do nothing with an event."""
    for viewed in (True, False):
        park(
            place.queues,
            json.dumps(pinpoint_event()),
            reason=Reason.REFUSED_BY_QUEUE,
            stage=Stage.INGEST,
            viewed=viewed,
        )
    assert _redrive(place, "--yes") == Exit.FINE

    assert sorted(place.account.lambda_.invoked) == ["not-viewed", "viewed"]
    assert not place.queues.bodies(DEAD)
    assert {decode(body).viewed for body in place.queues.bodies(ENGAGEMENT)} == {True, False}


def test_what_would_be_parked_again_is_held_back(place: FakeContext) -> None:
    """Sending it only makes a new copy of the same trouble."""
    park(place.queues, "{", reason=Reason.NOT_JSON)
    body = json.dumps(pinpoint_event({"a": {}}))
    park(place.queues, body, reason=Reason.NO_IDENTITY, stage=Stage.INGEST, viewed=True)

    assert _redrive(place, "--yes") == Exit.PROBLEMS
    assert place.screen.json["heldBack"] == {"would_park": 2}
    assert len(place.queues.visible(DEAD)) == 2


def test_anyway_sends_it_and_says_that_it_was_parked_again(place: FakeContext) -> None:
    """The deployed code may know better than this one; a copy takes the old message's place, and there is one still."""
    body = json.dumps(pinpoint_event({"a": {}}))
    park(place.queues, body, reason=Reason.NO_IDENTITY, stage=Stage.INGEST, viewed=True)

    assert _redrive(place, "--yes", "--anyway") == Exit.PROBLEMS
    assert place.screen.json["parkedAgain"] == 1
    assert len(place.queues.bodies(DEAD)) == 1


def test_a_message_that_is_not_ours_is_left_alone(place: FakeContext) -> None:
    """Even with --anyway: it belongs to somebody else."""
    place.queues.put(DEAD, '{"somebody": "else"}')

    assert _redrive(place, "--yes", "--anyway") == Exit.PROBLEMS
    assert place.screen.json["heldBack"] == {"not_ours": 1}
    assert place.queues.visible(DEAD) == ['{"somebody": "else"}']


def test_what_sqs_itself_moved_is_sent_too(place: FakeContext) -> None:
    """It is a sound record that no writer ever finished."""
    place.queues.put(DEAD, encode(engagement_record()), DeadLetterQueueSourceArn="arn")

    assert _redrive(place, "--yes") == Exit.FINE
    assert place.queues.bodies(ENGAGEMENT) == [encode(engagement_record())]


@pytest.mark.parametrize(
    ("days", "offer", "held"), [(1, "30% Off Renewal", 1), (-1, "30% Off Renewal", 0), (1, "Free Month", 0)]
)
def test_a_record_is_held_back_where_the_profile_shows_something_newer(
    place: FakeContext, days: int, offer: str, held: int
) -> None:
    """For the same offer: an old 'not viewed' must not overwrite what an agent sees of a newer run."""
    park(place.queues)
    for older in range(5):
        shown = engagement_record(engaged_at=NOW - timedelta(days=9 + older), offer_name=f"offer {older}")
        place.profiles.write(shown)
    journey = engagement_record().journey
    other_run = type(journey)(**{name: getattr(journey, name) for name in journey.__slots__} | {"run_id": "run-2"})
    place.profiles.write(engagement_record(engaged_at=NOW + timedelta(days=days), journey=other_run, offer_name=offer))

    _redrive(place, "--yes")
    assert place.screen.json["heldBack"] == ({"superseded": 1} if held else {})
    assert len(place.queues.visible(DEAD)) == held


def test_a_record_that_the_profile_shows_already_is_held_back(place: FakeContext) -> None:
    """There is nothing to redrive."""
    park(place.queues)
    place.profiles.write(engagement_record())

    assert _redrive(place, "--yes") == Exit.PROBLEMS
    assert place.screen.json["heldBack"] == {"written": 1}
    assert not place.queues.bodies(ENGAGEMENT)


def test_the_profile_is_not_asked_where_that_is_told(place: FakeContext) -> None:
    """Not everybody may read profiles; and a dry run asks too, so that it says the truth."""
    park(place.queues)
    place.profiles.write(engagement_record())
    _redrive(place)
    assert place.screen.json["toSend"] == 0

    again = _place()
    park(again.queues)
    again.profiles.write(engagement_record())
    assert _redrive(again, "--yes", "--skip-profile-check") == Exit.FINE
    assert len(again.queues.bodies(ENGAGEMENT)) == 1


def test_an_edit_mends_every_message_and_shows_the_change_first(place: FakeContext) -> None:
    """What was typed wrongly in a journey is wrong for all its customers."""
    record = engagement_record()
    broken = json.dumps({**json.loads(encode(record)), "offerName": 7})
    park(place.queues, broken, reason=Reason.INVALID_RECORD)
    shown = _place()
    shown.screen = FakeScreen()
    park(shown.queues, broken, reason=Reason.INVALID_RECORD)
    patch = '{"offerName": "Free Month", "customer": {"email": null, "phone": "+4930123"}}'

    _redrive(shown, "--edit", patch)
    assert 'offerName: 7 -> "Free Month"' in shown.screen.result
    assert "customer.email: <masked: 16 characters> -> (removed)" in shown.screen.result
    assert 'customer.phone: (absent) -> "+4930123"' in shown.screen.result
    assert "mary" not in shown.screen.result

    assert _redrive(place, "--yes", "--edit", patch) == Exit.FINE
    [sent] = [decode(body) for body in place.queues.bodies(ENGAGEMENT)]
    assert sent.offer_name == "Free Month"
    assert sent.customer == Customer(user_id="user-1", phone="+4930123")
    assert sent.record_id == engagement_record(offer_name="Free Month", customer=sent.customer).record_id


@pytest.mark.parametrize("patch", ["{", "[]", "7", "@no-such-file"])
def test_an_edit_that_is_no_patch_is_refused(place: FakeContext, patch: str) -> None:
    """Before anything is received."""
    with pytest.raises(UsageError, match="--edit takes a JSON merge patch"):
        _redrive(place, "--edit", patch)


def test_an_edit_that_mends_nothing_sends_nothing(place: FakeContext) -> None:
    """The result is looked at as any body is."""
    park(place.queues, '{"version": 1}', reason=Reason.INVALID_RECORD)
    park(place.queues, "{", reason=Reason.NOT_JSON)

    _redrive(place, "--yes", "--edit", '{"offerName": "Free Month"}')
    assert place.screen.json["heldBack"] == {"would_park": 1, "unchanged": 1}


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

    assert _redrive(place, "--yes", "--editor", "--reason", "not_json") == Exit.FINE
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
        _redrive(place, "--editor")
    finally:
        os.umask(previous)

    path, mode = noted.read_text(encoding="utf-8").split()
    assert mode == "600"
    assert not Path(path).parent.exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_in_the_editor_leaves_nothing_behind(tmp_path: Path, number: signal.Signals) -> None:
    """The terminal is closed, or the machine shut down, while a customer's data is in a file."""
    (tmp_path / "temporary").mkdir()
    program = f"import os, signal, time; os.kill(os.getppid(), signal.{number.name}); time.sleep(20)"
    (tmp_path / "editor.py").write_text(program, encoding="utf-8")
    started = (
        "import sys; from ops import application; from ops.dlq.redrive.edit import by_hand;"
        " application.run = lambda *_: by_hand('{}', sys.argv.pop()); application.main(['status'])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", started, f"{sys.executable} {tmp_path / 'editor.py'}"],
        cwd=Path(__file__).parents[4],
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": "functions"},
        check=False,
        capture_output=True,
        timeout=30,
    )
    assert ended.returncode != 0
    assert not list((tmp_path / "temporary").iterdir())


@pytest.mark.parametrize("program", ["sys.exit(3)", "path.write_text('{')", "path.unlink()"])
def test_an_editor_that_fails_sends_nothing(
    place: FakeContext, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str
) -> None:
    """Leaving it with an error is how an operator thinks better of it."""
    park(place.queues)
    _editor(monkeypatch, tmp_path, program)

    with pytest.raises(UsageError, match="nothing was sent"):
        _redrive(place, "--yes", "--editor")
    assert len(place.queues.visible(DEAD)) == 1


@pytest.mark.parametrize(("messages", "found"), [(0, "no message passes"), (2, "more than one message passes")])
def test_an_editor_takes_one_message(place: FakeContext, messages: int, found: str) -> None:
    """Several are mended by a patch."""
    _customers(place.queues, messages)

    with pytest.raises(UsageError, match=found):
        _redrive(place, "--editor")
    assert len(place.queues.visible(DEAD)) == messages


def test_an_edit_and_an_editor_exclude_one_another(place: FakeContext) -> None:
    """Which would come first?"""
    with pytest.raises(UsageError, match="cannot be combined"):
        _redrive(place, "--editor", "--edit", "{}")


def test_canaries_that_are_written_let_the_rest_follow(place: FakeContext) -> None:
    """The fault is mended: that is now known of N and can be expected of all."""
    _customers(place.queues, 30)
    place.profiles.before = lambda _: place.profiles.work_off(place.queues) if place.clock.elapsed else None

    assert _redrive(place, "--yes", "--canary", "3") == Exit.FINE
    assert len(place.screen.json["canaries"]["written"]) == 3
    assert place.screen.json["sent"] == 30
    assert not place.queues.bodies(DEAD)


def test_a_canary_that_is_parked_again_stops_the_rest(place: FakeContext) -> None:
    """Twenty-seven customers' records stay where they are."""
    _customers(place.queues, 30)

    def park_again(_: str) -> None:
        if place.clock.elapsed > 3:
            for body in place.queues.bodies(ENGAGEMENT):
                park(place.queues, record=decode(body))
            place.queues.queues[ENGAGEMENT].clear()

    place.profiles.before = park_again
    assert _redrive(place, "--yes", "--canary", "3") == Exit.PROBLEMS
    document = place.screen.json
    assert (document["sent"], len(document["canaries"]["parkedAgain"]), document["finished"]) == (3, 3, False)
    assert len(place.queues.visible(DEAD)) == 30


def test_a_canary_without_an_outcome_in_time_stops_the_rest(place: FakeContext) -> None:
    """A writer that does not write is no reason to send more."""
    _customers(place.queues, 10)

    assert _redrive(place, "--yes", "--canary", "2", "--canary-patience", "30") == Exit.PROBLEMS
    assert len(place.screen.json["canaries"]["waiting"]) == 2
    assert len(place.queues.bodies(DEAD)) == 8
    assert place.clock.elapsed < 60


def test_messages_that_sqs_refuses_stay_parked(place: FakeContext) -> None:
    """One that cannot be sent is no reason to lose it, nor to stop."""
    bodies = _customers(place.queues, 12)
    place.queues.refused = lambda body: body == bodies[4]

    assert _redrive(place, "--yes") == Exit.PROBLEMS
    assert place.screen.json["notTaken"] == 1
    assert place.queues.visible(DEAD) == [bodies[4]]


@pytest.mark.parametrize(("failures", "pauses"), [(1, [0.5]), (3, [0.5, 1.0, 2.0])])
def test_throttled_sends_are_tried_again(place: FakeContext, failures: int, pauses: list[float]) -> None:
    """A throttled call surely had no effect."""
    _customers(place.queues, 5)
    left = [failures]

    def throttle(operation: str) -> None:
        if operation == "SendMessageBatch" and left[0]:
            left[0] -= 1
            raise client_error("RequestThrottled", operation)

    place.queues.before = throttle
    assert _redrive(place, "--yes") == Exit.FINE
    assert place.clock.slept[: len(pauses)] == pauses
    assert len(place.queues.bodies(ENGAGEMENT)) == 5


@pytest.mark.parametrize(
    "error", [client_error("AccessDenied", status=403), EndpointConnectionError(endpoint_url="https://sqs")]
)
def test_a_queue_that_cannot_be_reached_stops_the_run_with_nothing_lost(place: FakeContext, error: Exception) -> None:
    """Ten thousand more calls would fail alike."""
    bodies = _customers(place.queues, 30)

    def fail(operation: str) -> None:
        if operation == "SendMessageBatch":
            raise error

    place.queues.before = fail
    with pytest.raises(UnreachableError, match="run the same command again to resume"):
        _redrive(place, "--yes")
    assert sorted(place.queues.visible(DEAD)) == sorted(bodies)
    assert place.screen.json["finished"] is False


def test_an_answer_that_is_lost_leaves_messages_in_doubt_that_are_not_sent_twice(
    place: FakeContext, journals: Path
) -> None:
    """Until the profile shows the records: then they are known to have arrived, and deleted."""
    _customers(place.queues, 5)

    def lose(operation: str) -> None:
        if operation == "SendMessageBatch":
            raise ReadTimeoutError(endpoint_url="https://sqs")

    place.queues.after = lose
    with pytest.raises(UnreachableError):
        _redrive(place, "--yes")
    assert place.screen.json["inDoubt"] == 5
    assert list(journals.iterdir())

    place.queues.after = lambda _: None
    second = _same(place)
    assert _redrive(second, "--yes") == Exit.PROBLEMS
    assert second.screen.json["heldBack"] == {"in_doubt": 5}
    assert len(second.queues.bodies(ENGAGEMENT)) == 5

    second.profiles.work_off(second.queues)
    third = _same(second)
    assert _redrive(third, "--yes") == Exit.FINE
    assert third.screen.json["onlyDeleted"] == 5
    assert not third.queues.bodies(DEAD)
    assert not third.queues.bodies(ENGAGEMENT)
    assert not list(journals.iterdir())


def test_a_message_in_doubt_is_sent_where_the_operator_says_so(place: FakeContext, journals: Path) -> None:
    """Its record's id is the idempotency key: a second copy changes nothing."""
    _customers(place.queues, 5)

    def fail(operation: str) -> None:
        if operation == "SendMessageBatch":
            raise ReadTimeoutError(endpoint_url="https://sqs")

    place.queues.before = fail
    with pytest.raises(UnreachableError):
        _redrive(place, "--yes")
    place.queues.before = lambda _: None
    again = _same(place)

    assert _redrive(again, "--yes", "--resend-in-doubt") == Exit.FINE
    assert len(again.queues.bodies(ENGAGEMENT)) == 5
    assert not again.queues.bodies(DEAD)
    assert not list(journals.iterdir())


def test_what_was_sent_and_could_not_be_deleted_is_deleted_by_the_next_run(place: FakeContext) -> None:
    """And not sent again."""
    _customers(place.queues, 12)

    def fail(operation: str) -> None:
        if operation == "DeleteMessageBatch":
            raise client_error("InternalFailure", operation, 500)

    place.queues.before = fail
    assert _redrive(place, "--yes") == Exit.PROBLEMS
    assert place.screen.json["undeleted"] == 12
    place.queues.before = lambda _: None
    again = _same(place)

    assert _redrive(again, "--yes") == Exit.FINE
    assert again.screen.json["onlyDeleted"] == 12
    assert len(again.queues.bodies(ENGAGEMENT)) == 12
    assert not again.queues.bodies(DEAD)


def test_a_second_redrive_at_the_same_time_is_refused(place: FakeContext, journals: Path) -> None:
    """Two journals of one queue would each know half."""
    _customers(place.queues, 2)
    refusals: list[str] = []

    def start_another(operation: str) -> None:
        if operation == "SendMessageBatch":
            with pytest.raises(UsageError) as refused:
                _redrive(_same(place), "--yes")
            refusals.append(str(refused.value))

    place.queues.before = start_another
    _redrive(place, "--yes")
    assert "another redrive of this queue is running" in refusals[0]
    assert not list(journals.iterdir())


def test_a_journal_that_is_none_is_refused(place: FakeContext, tmp_path: Path) -> None:
    """A file that was named by mistake is not written into."""
    (tmp_path / "letter.txt").write_text("Dear Mary\n", encoding="utf-8")

    with pytest.raises(UsageError, match="is no journal"):
        _redrive(place, "--journal", str(tmp_path / "letter.txt"))
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "Dear Mary\n"


def test_profiles_that_cannot_be_read_stop_before_anything_is_sent(place: FakeContext) -> None:
    """With the line that says so."""
    _customers(place.queues, 3)

    def deny(operation: str) -> None:
        raise client_error("AccessDeniedException", operation, 403)

    place.profiles.before = deny
    with pytest.raises(OpsError, match="may not do that"):
        _redrive(place, "--yes")
    assert not place.queues.bodies(ENGAGEMENT)
    assert len(place.queues.visible(DEAD)) == 3


def test_a_canary_needs_profiles(place: FakeContext) -> None:
    """Its outcome is read there."""
    with pytest.raises(UsageError, match="--skip-profile-check"):
        _redrive(place, "--yes", "--canary", "1", "--skip-profile-check")


def test_the_events_offer_is_the_stacks_where_it_names_none(place: FakeContext) -> None:
    """Else the comparison with the profile would be with another offer's."""
    event = json.dumps(pinpoint_event({"endpoint-1": {"User": {"UserId": "user-1"}}}))
    place.deployment = deployment(parameters={"OfferName": "Free Month"})
    park(place.queues, event, reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True, first_seen=START)
    journey = replace(JOURNEY, day="2026-11-20")
    place.profiles.write(engagement_record(offer_name="Free Month", offer_identifies=False, journey=journey))

    _redrive(place, "--yes")
    assert place.screen.json["heldBack"] == {"written": 1}


def _same(workplace: FakeContext) -> FakeContext:
    """Return the same stack as another process finds it, after every visibility timeout has passed."""
    again = _place(clock=workplace.clock, deployment=workplace.deployment)
    again.profiles.objects = workplace.profiles.objects
    again.queues.queues = workplace.queues.queues
    again.queues._sent = 1000 + len(again.queues.queues[ENGAGEMENT])  # noqa: SLF001 - ids stay distinct
    again.account.lambda_ = FakeFunctions(again.queues)
    workplace.clock.advance(43_200)
    return again
