"""The demo on a deployed stack: the samples, what goes wrong, and what an interrupted run leaves behind."""

import io
import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import urllib3
from rich.console import Console

from local.demo.command import SAMPLES
from local.demo.events import Event, read_events
from local.demo.invoking import customers
from local.demo.run import Demo, Result, show
from local.stack import LocalStack, StandardError
from ops.dlq.scan import read_all

COMMAND = (sys.executable, "-m", "local", "demo")
ROOT = Path(__file__).resolve().parents[2]


def run(
    stack: LocalStack, events: list[Event], patience: float | None = None, progress: io.StringIO | None = None
) -> Result:
    """Run events through the stack."""
    return Demo(stack, StandardError(progress or io.StringIO()), otherwise=True, patience=patience).run(events)


def event(name: str, **endpoints: dict[str, Any]) -> Event:
    """Return an event for the viewed function with these endpoints."""
    members = {"JourneyId": name, "Endpoints": endpoints}
    return Event(name, json.dumps(members), members, viewed=True)


@pytest.fixture
def mended(stack: LocalStack) -> Callable[[], None]:
    """Give what lets writes succeed again."""

    def mend() -> None:
        assert urllib3.request("DELETE", f"{stack.profiles_url}/_emulator/faults").status == 200

    return mend


@pytest.fixture
def denied(stack: LocalStack, mended: Callable[[], None]) -> Iterator[Callable[[], None]]:
    """Give what makes every write fail; afterwards they are mended, and what still waits is forgotten."""

    def deny() -> None:
        rules = {"rules": [{"kind": "access_denied", "operations": ["PutProfileObject"]}]}
        assert urllib3.request("PUT", f"{stack.profiles_url}/_emulator/faults", json=rules).status == 200

    yield deny
    mended()
    stack.clients.sqs().purge_queue(QueueUrl=stack.environment["ENGAGEMENT_QUEUE_URL"])


@pytest.fixture(scope="module")
def sample(stack: LocalStack) -> Result:
    """What the Pinpoint sample came to."""
    return run(stack, read_events(SAMPLES["pinpoint"]))


def test_every_customer_of_the_pinpoint_sample_is_accounted_for(sample: Result) -> None:
    """It is the project's main job, on real input."""
    sent = sum(len(customers(event.members)) for event in read_events(SAMPLES["pinpoint"]))
    assert sample.problems == []
    assert sample.account.received == sent
    assert sample.account.parked == Counter({"no_identity": 3, "unreadable_identity": 2, "malformed_customer": 1})
    assert sample.account.written == sent - 6


@pytest.mark.usefixtures("sample")
def test_looking_at_parked_messages_leaves_them_in_the_queue(stack: LocalStack) -> None:
    """They are the operator's, to be mended and sent back."""
    dead_letters = stack.environment["DEAD_LETTER_QUEUE_URL"]
    looks = [{message.message_id for message in read_all(stack.clients.sqs(), dead_letters)} for _ in range(2)]
    assert looks[0] == looks[1]
    assert len(looks[0]) >= 6


def test_an_agent_sees_a_history_of_viewed_and_not_viewed_offers(sample: Result) -> None:
    """One offer a customer was the flaw of the sample that this project replaces."""
    histories = [Counter(offer.viewed for offer in profile.offers) for profile in sample.profiles]
    assert max(history.total() for history in histories) >= 3
    assert any(history["true"] and history["false"] for history in histories)


def test_every_customer_of_the_connect_sample_is_on_the_profile_that_was_named(stack: LocalStack) -> None:
    """A campaign names profiles by id; the object must end on exactly that one."""
    result = run(stack, read_events(SAMPLES["connect"]))
    assert result.problems == []
    assert [len(profile.offers) for profile in result.profiles] == [1] * result.account.received
    assert "Zoë" in " ".join(profile.customer for profile in result.profiles)


def test_a_failing_invocation_is_told_and_its_neighbours_are_not_lost(stack: LocalStack) -> None:
    """A broken file among good ones is the ordinary case."""
    good = '{"Endpoints": {"a": {"ChannelType": "EMAIL", "Address": "neighbour@example.com"}}}'
    events = [
        Event("bad.json", "{}", {}, viewed=True),
        Event("good.json", good, json.loads(good), viewed=True),
    ]
    result = run(stack, events)
    output = io.StringIO()
    code = show(Console(file=output, width=200), result, stack.logs_path)
    assert (code, result.account.written) == (1, 1)
    assert "error: the invocation with bad.json failed: " in output.getvalue()
    assert "invalid_event" in output.getvalue()


def test_an_endpoint_that_the_writer_parked_is_not_hidden_by_its_neighbour(stack: LocalStack) -> None:
    """Two endpoints of one user share a record: that one of them was written says nothing of the other."""
    user = {"UserId": "two endpoints"}
    result = run(
        stack,
        [
            event(
                "one too large",
                small={"ChannelType": "EMAIL", "Address": "two@example.com", "User": user},
                large={"ChannelType": "EMAIL", "User": user, "Attributes": {"a": ["x" * 300_000]}},
                other={"ChannelType": "EMAIL", "Address": "other@example.com"},
            )
        ],
    )
    assert (result.account.written, result.account.parked.total()) == (result.counts.written, result.counts.parked)
    assert (result.account.written, result.account.parked) == (2, Counter({"object_too_large": 1}))
    assert result.problems == []


def test_what_an_earlier_run_wrote_does_not_hide_what_this_one_could_not(
    stack: LocalStack, denied: Callable[[], None]
) -> None:
    """The same events give the same objects, and those of the first run are still there."""
    endpoints = {f"e{number}": {"ChannelType": "EMAIL", "Address": f"twice{number}@example.com"} for number in range(5)}
    again = [event("twice", **endpoints)]
    first = run(stack, again)
    assert (first.account.written, first.problems) == (5, [])
    denied()
    second = run(stack, again, patience=2)
    assert (second.account.written, second.account.returned) == (0, 5)
    assert second.problems == ["5 still in the queue"]


def test_a_backlog_is_told_apart_from_what_this_run_waits_for(
    stack: LocalStack, denied: Callable[[], None], mended: Callable[[], None]
) -> None:
    """Whoever waits wants to know for what, for how long, and whether it is theirs."""
    denied()
    many = {f"e{number}": {"ChannelType": "EMAIL", "Address": f"late{number}@example.com"} for number in range(4)}
    progress = io.StringIO()
    assert run(stack, [event("first", **many)], patience=2, progress=progress).account.returned == 4
    assert re.search(r"4 returned \(AccessDeniedException\), next try in about \d+ s\n", progress.getvalue())
    progress = io.StringIO()
    second = run(stack, [event("second", **many)], patience=2, progress=progress)
    assert (second.account.returned, second.account.earlier) == (4, 4)
    assert "In the queue since earlier runs, and not waited for: 4 records" in progress.getvalue()
    assert "s; 4 of earlier runs wait besides" in progress.getvalue()
    mended()
    third = run(stack, [event("third", **many)])
    assert (third.account.written, third.account.earlier, third.problems) == (4, 8, [])


def test_the_command_uses_the_stack_that_is_up_and_leaves_it_up(stack: LocalStack, tmp_path: Path) -> None:
    """`make up` and then `make demo` must not end what `make up` started."""
    events = tmp_path / "not-viewed.jsonl"
    events.write_text('{"Endpoints": {"a": {"ChannelType": "SMS", "Address": "+44 7700 900999"}}}\n', encoding="utf-8")
    ended = subprocess.run(
        [*COMMAND, "--directory", stack.directory, "--events", events],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "COLUMNS": "60"},
    )
    assert ended.returncode == 0, ended.stderr
    assert "1 received = 1 + 0 + 0" in ended.stdout
    assert "+447700900999" in "".join(ended.stdout.split())
    assert max(map(len, ended.stdout.split("Logs:")[0].splitlines())) <= 60
    assert LocalStack.attach(stack.directory).outputs == stack.outputs


def test_an_unreadable_file_keeps_none_of_its_neighbours_back(stack: LocalStack, tmp_path: Path) -> None:
    """The rest is sent, what is not is named and counted, and the run does not look well."""
    good = '{"Endpoints": {"a": {"ChannelType": "EMAIL", "Address": "beside@example.com"}}}'
    (tmp_path / "lines.jsonl").write_text(f"{good}\n{good[:-1]}\n", encoding="utf-8")
    (tmp_path / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    ended = subprocess.run(
        [*COMMAND, "--directory", stack.directory, "--events", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert "1 received = 1 + 0 + 0" in ended.stdout
    assert "2  not read" in ended.stdout
    for place in (f"{tmp_path / 'lines.jsonl'}, line 2: this is not JSON: ", f"{tmp_path / 'deep.json'}: this is not"):
        assert f"error: not read: {place}" in ended.stdout
        assert f"not read: {place}" in ended.stderr


def test_a_missing_path_is_told_before_anything_is_started(tmp_path: Path) -> None:
    """Waiting for a stack to hear of a typing error would be rude."""
    ended = subprocess.run(
        [*COMMAND, "--directory", tmp_path / "stack", "--events", tmp_path / "nowhere"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 2
    assert ended.stderr == f"error: {tmp_path / 'nowhere'}: there is no such file or folder\n"
    assert not (tmp_path / "stack").exists()


@pytest.mark.parametrize(
    ("number", "moment", "code", "inherited"),
    [
        (signal.SIGINT, "Starting", 130, signal.SIG_DFL),
        (signal.SIGINT, "Ready", 130, signal.SIG_IGN),
        (signal.SIGTERM, "Ready", 143, signal.SIG_DFL),
    ],
)
def test_an_interrupted_run_leaves_no_process_behind(
    tmp_path: Path, number: signal.Signals, moment: str, code: int, inherited: signal.Handlers
) -> None:
    """A port and a process that outlive the run are found by the next one. A script's background job begins deaf."""
    directory = tmp_path / "stack"
    with subprocess.Popen(
        [*inheriting(inherited), *COMMAND, "--directory", directory],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        # a group of its own, as a terminal's foreground job is
        start_new_session=True,
    ) as demo:
        assert demo.stderr is not None
        assert any(moment in line for line in demo.stderr)
        started = psutil.Process(demo.pid).children(recursive=True)
        os.killpg(demo.pid, number)
        demo.stderr.read()
    assert demo.returncode == code
    assert started
    assert [process for process in started if runs(process)] == []
    assert of_directory(directory) == []


def inheriting(handler: signal.Handlers) -> list[str]:
    """Return what to put before a command, so that it begins with this handler of SIGINT, whoever started the tests."""
    program = (
        f"import os, signal, sys; signal.signal(signal.SIGINT, {int(handler)}); os.execv(sys.argv[1], sys.argv[1:])"
    )
    return [sys.executable, "-c", program]


def runs(process: psutil.Process) -> bool:
    """Return whether a process runs; one that has ended and that nobody has collected yet does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def of_directory(directory: Path) -> list[psutil.Process]:
    """Return the processes that name the directory on their command line, or work in it."""
    found = []
    for process in psutil.process_iter(["cmdline", "cwd"]):
        words = [*(process.info["cmdline"] or []), process.info["cwd"] or ""]
        if any(str(directory) in word for word in words):
            found.append(process)
    return found
