"""`ops` as it is typed, against the deployed local stack."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from engagement.parking import Parked, Stage
from engagement.reasons import Reason
from engagement.record import Customer, EngagementRecord
from engagement.sqs_batch import Entry
from engagement.wire import encode
from local.stack import LocalStack
from ops.exits import Exit
from ops.profile_objects import ProfileObjects
from tests.samples import engagement_record, pinpoint_event

ROOT = Path(__file__).parents[2]
DEADLINE = 60


class Terminal:
    """A shell with the stack's environment, as `eval "$(make -s up)"` leaves it."""

    def __init__(self, stack: LocalStack, home: Path) -> None:
        self.stack = stack
        kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        self.environment = kept | stack.environment | {"XDG_STATE_HOME": str(home)}

    def ops(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "ops", *arguments],
            cwd=ROOT,
            env=self.environment | changes,
            check=False,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )

    def json(self, *arguments: str) -> Any:
        """Run a command with --json and return its document."""
        return json.loads(self.ops(*arguments, "--json").stdout)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "ops", *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def park(self, entries: Sequence[Entry], queue: str = "DEAD_LETTER_QUEUE_URL") -> None:
        """Put messages into a queue."""
        for entry in entries:
            self.stack.clients.sqs().send_message(
                QueueUrl=self.stack.environment[queue],
                MessageBody=entry.body,
                MessageAttributes=_wire(entry.attributes),
            )

    def parked(self) -> int:
        """Return how many messages the dead-letter queue holds, in flight or not."""
        answer = self.stack.clients.sqs().get_queue_attributes(
            QueueUrl=self.stack.environment["DEAD_LETTER_QUEUE_URL"],
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )
        return sum(map(int, answer["Attributes"].values()))

    def written(self, records: Sequence[EngagementRecord]) -> set[str]:
        """Return which records their profiles show."""
        named = (self.stack.environment["PROFILE_DOMAIN_NAME"], self.stack.environment["PROFILE_OBJECT_TYPE_NAME"])
        objects = ProfileObjects(self.stack.clients.customer_profiles(), *named)
        return {record.record_id for record in records if objects.of_record(record.record_id, record.customer)}


@pytest.fixture
def terminal(stack: LocalStack, tmp_path: Path) -> Iterator[Terminal]:
    """A terminal at a stack in which nothing is parked, before and after."""
    stack.clients.sqs().purge_queue(QueueUrl=stack.environment["DEAD_LETTER_QUEUE_URL"])
    yield Terminal(stack, tmp_path)
    stack.clients.sqs().purge_queue(QueueUrl=stack.environment["DEAD_LETTER_QUEUE_URL"])


def _records(number: int) -> list[EngagementRecord]:
    return [engagement_record(customer=Customer(user_id=f"ops-{uuid.uuid4()}")) for _ in range(number)]


def _parked(record: EngagementRecord) -> Entry:
    return Parked(
        body=encode(record),
        reason=Reason.REJECTED_BY_SERVICE,
        detail="BadRequestException",
        stage=Stage.WRITER,
        first_seen=datetime.now(UTC),
        record_id=record.record_id,
        receive_count=1,
    ).entry()


def _wire(attributes: Mapping[str, str]) -> Any:
    return {name: {"DataType": "String", "StringValue": value} for name, value in attributes.items()}


def _await_line(process: subprocess.Popen[str], start: str) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith(start):
            return
    raise AssertionError(f"{process.args!r} ended without a line that begins with {start!r}")


def test_status_and_list_say_what_is_parked(terminal: Terminal) -> None:
    """The stack is found by its outputs; the exit code says that there is something to do."""
    terminal.park([_parked(record) for record in _records(3)])

    assert terminal.ops("status").returncode == Exit.PROBLEMS
    listed = terminal.json("dlq", "list")
    assert [(cause["reason"], cause["messages"]) for cause in listed["causes"]] == [("rejected_by_service", 3)]
    assert terminal.json("dlq", "list")["messages"] == 3


def test_a_redrive_with_canaries_ends_on_the_profiles(terminal: Terminal) -> None:
    """Parked, sent, written, and gone from the dead-letter queue; an event by way of its function."""
    records = _records(12)
    event = json.dumps(pinpoint_event({"endpoint-1": {"User": {"UserId": f"ops-{uuid.uuid4()}"}}}))
    ingest = Parked(event, Reason.REFUSED_BY_QUEUE, "none", Stage.INGEST, datetime.now(UTC), viewed=False)
    terminal.park([*map(_parked, records), ingest.entry()])

    done = terminal.ops("dlq", "redrive", "--yes", "--canary", "2", "--json")
    assert done.returncode == Exit.FINE, done.stderr
    assert json.loads(done.stdout)["sent"] == 13
    assert len(json.loads(done.stdout)["canaries"]["written"]) == 2
    assert terminal.parked() == 0


def test_what_a_profile_shows_already_is_held_back(terminal: Terminal) -> None:
    """By the real service's own search, as far as the emulator has it."""
    records = _records(2)
    terminal.park(list(map(_parked, records)))
    assert terminal.ops("dlq", "redrive", "--yes", "--canary", "2").returncode == Exit.FINE
    terminal.park(list(map(_parked, records)))

    assert terminal.json("dlq", "redrive", "--yes")["heldBack"] == {"written": 2}
    assert terminal.parked() == 2


def test_ctrl_c_in_mid_redrive_and_the_same_command_again_move_everything(terminal: Terminal) -> None:
    """At once: what was received is given back."""
    records = _records(60)
    terminal.park(list(map(_parked, records)))
    process = terminal.start("dlq", "redrive", "--yes", "--rate", "20")
    _await_line(process, "Sending:")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=DEADLINE)

    assert process.returncode == Exit.INTERRUPTED
    assert "not finished: run the same command again to resume" in out
    assert err.endswith("error: interrupted by Ctrl-C\n")
    left = terminal.parked()
    assert 0 < left < 60

    again = terminal.json("dlq", "redrive", "--yes")
    assert (again["sent"], again["inDoubt"], again["undeleted"]) == (left, 0, 0)
    assert terminal.parked() == 0


def test_a_kill_in_mid_redrive_loses_nothing(terminal: Terminal) -> None:
    """Every record is sent, or parked still; at most the one batch that was under way is both."""
    records = _records(60)
    terminal.park(list(map(_parked, records)))
    process = terminal.start("dlq", "redrive", "--yes", "--rate", "20")
    _await_line(process, "Sending:")
    process.kill()
    process.communicate(timeout=DEADLINE)
    first = terminal.parked()

    again = terminal.json("dlq", "redrive", "--yes")
    assert again["sent"] + again["onlyDeleted"] == first - terminal.parked()
    # what the killed one had received stays hidden until its visibility timeout has passed
    waiting = terminal.parked()
    sent = 60 - first + again["sent"]
    assert 60 <= sent + waiting <= 70


def test_an_interrupted_look_hides_nothing(terminal: Terminal) -> None:
    """Ctrl-C or SIGTERM: the next look sees everything."""
    terminal.park([_parked(record) for record in _records(40)])
    process = terminal.start("dlq", "list")
    _await_line(process, "Scanning:")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=DEADLINE)

    assert process.returncode in {Exit.TERMINATED, Exit.FINE}
    assert terminal.json("dlq", "list")["messages"] == 40


def test_a_purge_deletes_what_it_wrote(terminal: Terminal, tmp_path: Path) -> None:
    """The file holds every message whole."""
    records = _records(5)
    terminal.park(list(map(_parked, records)))
    path, queue = tmp_path / "purged.jsonl", terminal.stack.environment["DEAD_LETTER_QUEUE_URL"].rpartition("/")[2]

    assert terminal.ops("dlq", "purge", "--export", str(path)).returncode == Exit.USAGE
    assert terminal.parked() == 5
    again = tmp_path / "again.jsonl"
    assert terminal.ops("dlq", "purge", "--export", str(again), "--confirm", queue).returncode == Exit.FINE
    assert terminal.parked() == 0
    assert {json.loads(line)["recordId"] for line in again.read_text(encoding="utf-8").splitlines()} == {
        record.record_id for record in records
    }


def test_a_whole_queue_is_sent_one_by_one_where_sqs_has_no_move_task(terminal: Terminal) -> None:
    """As this local AWS; it is said."""
    terminal.park([_parked(record) for record in _records(3)])
    done = terminal.ops("dlq", "redrive", "--whole-queue", "--yes")

    assert done.returncode == Exit.FINE
    assert "has no StartMessageMoveTask" in done.stderr
    assert terminal.parked() == 0


NO_KEYS = {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"}


@pytest.mark.parametrize(
    ("given", "code", "line"),
    [
        ("nope", Exit.USAGE, "there is no stack nope in us-east-1; give --stack: journeys-write-back"),
        ({"AWS_PROFILE": "nope"}, Exit.UNREACHABLE, "The config profile (nope) could not be found"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}, Exit.UNREACHABLE, "AWS could not be reached"),
        (NO_KEYS, Exit.UNREACHABLE, "Unable to locate credentials"),
        ({"AWS_DEFAULT_REGION": "", "AWS_REGION": ""}, Exit.UNREACHABLE, "no Region is set"),
    ],
)
def test_what_cannot_be_reached_is_one_line_and_its_exit_code(
    terminal: Terminal, tmp_path: Path, given: str | dict[str, str], code: Exit, line: str
) -> None:
    """Never a traceback."""
    nowhere = {"AWS_CONFIG_FILE": str(tmp_path / "none"), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "none")}
    arguments, changes = (["--stack", given], {}) if isinstance(given, str) else ([], given)
    done = terminal.ops("dlq", "list", *arguments, **nowhere, **changes)

    assert done.returncode == code
    assert line in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_reader_that_goes_away_is_no_failure_to_complain_about(terminal: Terminal) -> None:
    """`ops dlq show | head -1`."""
    terminal.park([_parked(record) for record in _records(60)])
    with terminal.start("dlq", "show", "--limit", "60") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = [line for line in process.stderr if not line.startswith("Scanning:")]
        process.wait(timeout=DEADLINE)

    assert (process.returncode, complaints) == (Exit.BROKEN_PIPE, [])
    assert terminal.json("dlq", "list")["messages"] == 60
