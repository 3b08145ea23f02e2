"""What the rate budget makes of a quota, measured: writers as processes against the emulator, in real time.

`PYTHONPATH=functions python -m benchmarks.rate_budget` prints a table: a row for each number of environments, each a
process of its own that runs the deployed handler on one full batch after the other, as a backlog gives them.
"""

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from pathlib import Path
from typing import Any

import boto3
import urllib3

from bootstrap.object_type import definition
from bootstrap.profiles import CustomerProfiles as ObjectTypes
from bootstrap.properties import ObjectTypeId, Properties
from customer_profiles_emulator import Emulator, Settings
from engagement.record import Customer, EngagementRecord, Journey, JourneyKind, record_id
from engagement.wire import encode
from writer.handler import handler

ENVIRONMENTS = (2, 5, 10)
QUOTA = 100
BUDGET = 80
BATCH = 50
GAP = 0.05
"""Seconds between two batches, about what Lambda's event source takes."""
INVOCATION = 30
"""Seconds that an invocation may take: the template's."""
WARM_UP = 5.0
"""Seconds that are not counted: interpreters start, and environments save up nothing."""
LEAST_UTILISATION = 0.9
MOST_THROTTLED = 0.01
CREDENTIALS = {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
JOURNEY = Journey(source="pinpoint", kind=JourneyKind.JOURNEY, id="benchmark")


@dataclass(frozen=True, slots=True)
class Invocation:
    """What one invocation did; picklable.

    Attributes:
        environment: The number of its environment.
        ended_at: Seconds on the machine's monotonic clock.
        written: Records that did not go back.
    """

    environment: int
    ended_at: float
    written: int


class _Context:
    aws_request_id = "benchmark"

    def __init__(self) -> None:
        self._end = time.monotonic() + INVOCATION

    def get_remaining_time_in_millis(self) -> int:
        return round((self._end - time.monotonic()) * 1000)


def _batch(environment: int, number: int) -> dict[str, Any]:
    """Return an event of fresh records, each of a customer of its own."""
    return {
        "Records": [
            {
                "messageId": f"{environment}-{number}-{position}",
                "receiptHandle": "none",
                "body": encode(_record(f"user-{environment}-{number}-{position}")),
                "attributes": {"ApproximateReceiveCount": "1"},
            }
            for position in range(BATCH)
        ]
    }


def _record(user: str) -> EngagementRecord:
    customer = Customer(user_id=user)
    now = datetime.now(UTC)
    return EngagementRecord(
        record_id=record_id(JOURNEY, customer, "benchmark", viewed=True),
        journey=JOURNEY,
        customer=customer,
        offer_name="benchmark",
        viewed=True,
        engaged_at=now,
        accepted_at=now,
        endpoint_id=user,
    )


def _environment(number: int, variables: Mapping[str, str], end: float, done: "Queue[Invocation]") -> None:
    """Run one environment until ``end``."""
    os.environ.update(variables)
    batch = 0
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):
        while time.monotonic() < end:
            answer = handler(_batch(number, batch), _Context())
            done.put(Invocation(number, time.monotonic(), BATCH - len(answer["batchItemFailures"])))
            batch += 1
            time.sleep(GAP)


def _variables(environments: int, url: str) -> dict[str, str]:
    return {
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": url,  # SQS too is called there, and answered with an error: nothing is to be returned
        "PROFILE_DOMAIN_NAME": "Benchmark",
        "PROFILE_OBJECT_TYPE_NAME": "Benchmark",
        "ENGAGEMENT_QUEUE_URL": f"{url}/000000000000/engagement",
        "DEAD_LETTER_QUEUE_URL": f"{url}/000000000000/dead-letters",
        "WRITER_THREADS": "8",
        "MAX_WRITES_PER_SECOND": str(BUDGET),
        "MAXIMUM_CONCURRENCY": str(environments),
        "BATCH_SIZE": str(BATCH),
        "MAX_RECEIVES": "300",
        "FIRST_BACKOFF_SECONDS": "30",
        "LONGEST_BACKOFF_SECONDS": "1800",
        "PARK_WITHOUT_LIMIT": "false",
        "POWERTOOLS_SERVICE_NAME": "writer",
        "POWERTOOLS_METRICS_NAMESPACE": "JourneyWriteBack",
    }


def _emulator(seconds_a_call: float) -> Emulator:
    """Start an emulator with the quota, and the object type in place."""
    delay = {"kind": "delay", "operations": ["PutProfileObject"], "seconds": [seconds_a_call / 2, seconds_a_call * 1.5]}
    emulator = Emulator(Settings(rates={"PutProfileObject": QUOTA}, faults={"rules": [delay]}, domains=("Benchmark",)))
    emulator.start()
    client = boto3.client(
        "customer-profiles",
        endpoint_url=emulator.url,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - the emulator takes any
    )
    target = ObjectTypeId("Benchmark", "Benchmark")
    properties = Properties(target, expiration_days=1000, max_object_count=50, delete_with_stack=False)
    ObjectTypes(client).put(target, definition(properties))
    client.close()
    return emulator


def measure(environments: int, seconds: float, seconds_a_call: float) -> dict[str, float]:
    """Run so many environments for so long and return the row of the table."""
    emulator = _emulator(seconds_a_call)
    context = multiprocessing.get_context("spawn")
    done: Queue[Invocation] = context.Queue()
    begin = time.monotonic()
    end = begin + WARM_UP + seconds
    processes = [
        context.Process(target=_environment, args=(number, _variables(environments, emulator.url), end, done))
        for number in range(environments)
    ]
    for process in processes:
        process.start()
    invocations: list[Invocation] = []
    while any(process.is_alive() for process in processes) or not done.empty():
        while not done.empty():
            invocations.append(done.get())
        time.sleep(0.05)
    outcomes = (
        urllib3.request("GET", f"{emulator.url}/_emulator/stats").json()["operations"].get("PutProfileObject", {})
    )
    emulator.stop()
    return _row(environments, invocations, outcomes, begin + WARM_UP)


def _row(
    environments: int, invocations: Sequence[Invocation], outcomes: Mapping[str, int], counted_from: float
) -> dict[str, float]:
    rates = [
        _rate([each for each in invocations if each.environment == number and each.ended_at >= counted_from])
        for number in range(environments)
    ]
    return {
        "environments": environments,
        "writes a second": round(sum(rates), 1),
        "of the budget": round(sum(rates) / BUDGET, 3),
        "throttled": round(outcomes.get("ThrottlingException", 0) / max(1, sum(outcomes.values())), 4),
        "slowest / fastest": round(min(rates) / max(rates), 2) if max(rates) else 0.0,
    }


def _rate(invocations: Sequence[Invocation]) -> float:
    """Return the writes a second from the end of the first invocation to the end of the last; 0 for fewer than two."""
    if len(invocations) < 2:  # noqa: PLR2004 - a rate is between two ends
        return 0.0
    first, *others = invocations
    return sum(each.written for each in others) / (others[-1].ended_at - first.ended_at)


def main() -> int:
    """Measure, print the table, and return 1 where the promise was not kept."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=30.0, help="measured for each number of environments")
    parser.add_argument("--call", type=float, default=0.06, help="seconds that a call takes, on average")
    arguments = parser.parse_args()
    kept = True
    for environments in ENVIRONMENTS:
        row = measure(environments, arguments.seconds, arguments.call)
        kept &= row["of the budget"] >= LEAST_UTILISATION and row["throttled"] < MOST_THROTTLED
        if environments == ENVIRONMENTS[0]:
            print("  ".join(row))
        print("  ".join(f"{value:{len(name)}}" for name, value in row.items()), flush=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
