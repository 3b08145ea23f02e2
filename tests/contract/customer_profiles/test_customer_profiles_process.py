"""The emulator as a process: how it starts, stops, and what survives."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Any

import pytest
from botocore.exceptions import BotoCoreError

from customer_profiles_emulator import Emulator
from customer_profiles_emulator.__main__ import main
from tests.contract.customer_profiles.conftest import Running, client_of
from tests.customer_profiles_samples import DOMAIN, TYPE, definition, stringified

ROOT = Path(__file__).parents[3]
NAMED = {"DomainName": DOMAIN, "ObjectTypeName": TYPE}


class Process:
    """A started emulator and its URL."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "customer_profiles_emulator", "--domain", DOMAIN, *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        output: IO[str] | None = self.process.stdout
        assert output is not None
        self.url = output.readline().strip()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        return self.process.returncode


@pytest.fixture
def start() -> Iterator[Callable[..., Process]]:
    """Start processes; each is gone when the test ends."""
    with ExitStack() as started:

        def make(*arguments: str) -> Process:
            made = Process(*arguments)
            started.callback(lambda: made.process.poll() is None and made.stop(signal.SIGKILL))
            return made

        yield make


@pytest.fixture
def connect() -> Iterator[Callable[[Process], Any]]:
    """Open clients; each is closed when the test ends."""
    with ExitStack() as opened:

        def make(process: Process) -> Any:
            client = client_of(process.url, max_pool_connections=16)
            opened.callback(client.close)
            return client

        yield make


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_where_it_is_and_stops_cleanly(
    start: Callable[..., Process], connect: Callable[[Process], Any], tmp_path: Path, number: signal.Signals
) -> None:
    """The process that starts it must know when and where it answers, and that it has ended."""
    ready = tmp_path / "ready"
    process = start("--ready-file", str(ready))
    client = connect(process)

    assert process.url.startswith("http://127.0.0.1:")
    assert ready.read_text().strip() == process.url
    assert client.get_domain(DomainName=DOMAIN)["DomainName"] == DOMAIN
    assert process.stop(number) == 0
    with pytest.raises(BotoCoreError):
        client.get_domain(DomainName=DOMAIN)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_was_answered_survives_a_stop_in_the_middle_of_writes(
    start: Callable[..., Process], connect: Callable[[Process], Any], tmp_path: Path, number: signal.Signals
) -> None:
    """Every 200 is on file after a kill -9, and no object is half there."""
    data = str(tmp_path / "profiles.db")
    first = start("--data", data, "--quota", "PutProfileObject=0")
    client = connect(first)
    client.put_profile_object_type(**NAMED, **definition())
    written: list[str] = []

    def write(worker: int) -> None:
        for count in range(10_000):
            record = f"{worker}-{count}"
            try:
                client.put_profile_object(
                    **NAMED, Object=stringified(recordId=record, UserId=f"u{worker}-{count % 50}")
                )
            except BotoCoreError:
                return
            written.append(record)
            if len(written) == 200:
                first.process.send_signal(number)

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(write, range(4)))
    first.process.communicate(timeout=60)

    second = connect(start("--data", data, "--quota", "SearchProfiles=0"))
    kept = {
        json.loads(item["Object"])["recordId"]
        for account in {f"u{record.partition('-')[0]}-{int(record.partition('-')[2]) % 50}" for record in written}
        for found in second.search_profiles(DomainName=DOMAIN, KeyName="_account", Values=[account])["Items"]
        for item in second.list_profile_objects(**NAMED, ProfileId=found["ProfileId"], MaxResults=100)["Items"]
    }
    assert len(written) >= 200
    assert set(written) <= kept


def test_what_waits_to_be_indexed_survives_a_kill(
    start: Callable[..., Process], connect: Callable[[Process], Any], tmp_path: Path
) -> None:
    """It was accepted: the next process attaches it."""
    data = str(tmp_path / "profiles.db")
    first = start("--data", data, "--indexing-delay", "3600")
    client = connect(first)
    client.put_profile_object_type(**NAMED, **definition())
    client.put_profile_object(**NAMED, Object=stringified(recordId="r1", UserId="u1"))
    assert client.search_profiles(DomainName=DOMAIN, KeyName="_account", Values=["u1"])["Items"] == []
    first.stop(signal.SIGKILL)

    second = connect(start("--data", data, "--quota", "GetDomain=0"))

    # Attached by the worker, in its own time; this gives up after ten thousand requests.
    counts = (second.get_domain(DomainName=DOMAIN)["Stats"]["ObjectCount"] for _ in range(10_000))
    assert any(count == 1 for count in counts)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--faults", "{"], "neither JSON nor a file"),
        (["--faults", "[]"], "neither JSON nor a file"),
        (["--faults", '{"rules": [{"kind": "explode"}]}'], "kind 'explode'"),
        (["--quota", "PutProfileObject"], "not OPERATION=RATE"),
        (["--quota", "Nothing=1"], "not OPERATION=RATE"),
        (["--indexing-delay", "-1"], "not a number of seconds"),
        (["--data", "/nothing/at/all.db"], "unable to open database"),
        (["--port", "99999"], "not a port"),
        (["--domain", "a b"], "'a b' cannot be a domain's name: it has 1 to 64 letters"),
        (["--domain", ""], "'' cannot be a domain's name"),
        (["--domain", "a" * 65], "cannot be a domain's name"),
        (["--host", "203.0.113.1"], "Cannot assign requested address"),
        (["--host", "no such host"], "not known"),
        (["--idle-seconds", "0"], "give more than 0 seconds"),
        (["--faults", '{"rules": [{"kind": "delay", "seconds": 1, "operations": ["Nothing"]}]}'], "Nothing"),
    ],
)
def test_bad_arguments_are_refused_with_the_reason(
    arguments: list[str],
    complaint: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And with the exit code of a wrong command line. In this process: each of its own would take a second to start."""

    def served(_: Emulator, __: Path | None) -> None:
        raise AssertionError("it was not refused")

    monkeypatch.setattr("customer_profiles_emulator.__main__.run", served)

    with pytest.raises(SystemExit) as ended:
        main(arguments)

    assert ended.value.code == 2
    assert complaint in capsys.readouterr().err


def test_a_refusal_is_a_sentence_and_no_traceback() -> None:
    """It is read in a shell."""
    command = [sys.executable, "-m", "customer_profiles_emulator", "--port", "99999"]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert finished.returncode == 2
    assert "not a port" in finished.stderr
    assert "Traceback" not in finished.stderr


def test_a_port_that_is_taken_is_refused_with_the_reason(start: Callable[..., Process]) -> None:
    """Two stacks on one machine."""
    port = start().url.rpartition(":")[2]
    command = [sys.executable, "-m", "customer_profiles_emulator", "--port", port]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert finished.returncode == 2
    assert "Address already in use" in finished.stderr


def test_a_data_file_that_is_in_use_is_refused(start: Callable[..., Process], tmp_path: Path) -> None:
    """Two processes on one file would each go by object types that the other has replaced."""
    data = str(tmp_path / "profiles.db")
    first = start("--data", data)
    command = [sys.executable, "-m", "customer_profiles_emulator", "--data", data]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    first.stop(signal.SIGKILL)

    assert refused.returncode == 2
    assert f"{data} is in use by another process" in refused.stderr
    assert start("--data", data).url  # a lock that outlives a kill would be worse than none


def test_no_quotas_lifts_them_all_but_those_that_are_named(
    start: Callable[..., Process], connect: Callable[[Process], Any]
) -> None:
    """The service's own surprise a test suite: five GetDomain a second, one PutProfileObjectType."""
    client = connect(start("--no-quotas", "--quota", "SearchProfiles=1"))
    for _ in range(20):
        client.get_domain(DomainName=DOMAIN)
        client.put_profile_object_type(**NAMED, **definition())

    search = {"DomainName": DOMAIN, "KeyName": "_email", "Values": ["a"]}
    client.search_profiles(**search)
    with pytest.raises(client.exceptions.ThrottlingException):
        client.search_profiles(**search)


@pytest.mark.parametrize(
    ("host", "shown"),
    [("0.0.0.0", "127.0.0.1"), ("127.0.0.2", "127.0.0.2")],  # noqa: S104 - what a container needs
)
def test_it_listens_at_the_given_address(run: Callable[..., Running], host: str, shown: str) -> None:
    """In a container it must be reached from outside; the URL it prints is one that a client can use."""
    running = run(host=host)

    assert running.emulator.url.startswith(f"http://{shown}:")
    assert running.client.get_domain(DomainName=DOMAIN)["DomainName"] == DOMAIN


def test_a_botocore_that_is_too_old_is_refused_by_name_and_version() -> None:
    """It would start with half of the service's operations, and fail its user much later."""
    program = (
        "import botocore; botocore.__version__ = '1.34.0';"
        "from customer_profiles_emulator.__main__ import main; main([])"
    )
    command = [sys.executable, "-c", program]
    finished = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert finished.returncode == 2
    assert "botocore 1.34.0 is too old" in finished.stderr
    assert "botocore 1.43.17 or newer" in finished.stderr
    assert "Traceback" not in finished.stderr
