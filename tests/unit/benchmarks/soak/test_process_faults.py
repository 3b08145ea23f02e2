"""Faults of processes, and that they are counted."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.soak.process_faults import CUT, Downtime, Kills, SilentNames, workers
from benchmarks.soak.run import SILENT_NAMES
from tests.fakes.steered_emulator import SteeredEmulator as Emulator


def test_an_outage_ends_after_its_seconds() -> None:
    """The records must be written within moments after it."""
    emulator = Emulator()
    fault = Downtime(emulator, every=0.5, times=1, seconds=20)
    for elapsed in (0.0, 0.5, 10.0):
        fault.tick(elapsed)
    assert (emulator.deeds, fault.is_over()) == (["kill"], False)
    fault.tick(20.5)
    fault.tick(60.0)
    assert (emulator.deeds, fault.is_over()) == (["kill", "start"], True)
    assert fault.injected() == {"emulator killed": 1, "seconds down": 20}


def test_an_emulator_that_is_down_at_the_end_is_started_again() -> None:
    """The verification reads from it, even after a run that was given up."""
    emulator = Emulator()
    fault = Downtime(emulator, every=1, times=3, seconds=20)
    fault.tick(1)
    fault.end()
    fault.end()
    assert emulator.deeds == ["kill", "start"]


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[bytes]]:
    """A child of this process that passes for a function's."""
    environment = {**os.environ, "AWS_LAMBDA_FUNCTION_NAME": "soak-writer"}
    with subprocess.Popen(
        [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_only_processes_of_the_named_function_are_killed(worker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    """The local AWS runs all functions side by side, and others' processes are none of our business."""
    log = tmp_path / "aws.log"
    log.write_text(f"ESM: Lambda soak-writer {CUT}\n", encoding="utf-8")
    assert workers(os.getpid(), "another") == []
    fault = Kills(os.getpid(), ["another", "soak-writer"], log, every=1, turns=2)
    fault.begin()
    fault.tick(1.0)
    assert worker.poll() is None
    fault.tick(2.0)
    assert worker.wait(10) != 0
    with log.open("a", encoding="utf-8") as lines:
        lines.write(f"ESM: Lambda soak-writer {CUT}\n" * 2)
    fault.end()
    assert fault.is_over()
    assert fault.injected() == {"functions killed": 1, "batches cut off": 2}


ASKING = """
import socket
def resolve(port):
    try:
        return socket.getaddrinfo("127.0.0.1", port, type=socket.SOCK_STREAM)[0][4][1]
    except socket.gaierror as error:
        return error.errno == socket.EAI_AGAIN
import sys, sitecustomize
sitecustomize.LONGEST = 0.0
print(resolve(4566), resolve(4567))
"""


@pytest.mark.parametrize(("function", "told"), [("writer", "True 4567"), ("viewed", "4566 4567")])
def test_a_name_server_is_silent_for_one_function_and_one_service(tmp_path: Path, function: str, told: str) -> None:
    """Its look-ups hang and are counted; nobody else's do."""
    fault = SilentNames(os.getpid(), tmp_path, {"writer": [4566]}, seconds=10)
    fault.begin()
    environment = {
        "PYTHONPATH": str(SILENT_NAMES),
        "SOAK_SILENT_NAMES": str(tmp_path),
        "AWS_LAMBDA_FUNCTION_NAME": function,
    }

    asked = subprocess.run([sys.executable, "-c", ASKING], env=environment, capture_output=True, text=True, check=True)

    assert asked.stdout.strip() == told
    fault.tick(5.0)
    fault.tick(14.9)
    assert not fault.is_over()
    fault.tick(15.0 if function == "writer" else 60.0)
    assert fault.is_over()
    assert fault.injected() == {"look-ups hanging": int(function == "writer")}
    assert not (tmp_path / "writer").exists()
