"""The fault profiles: what each does to the pipeline."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from benchmarks.soak.faults import Fault, QueueFault, ServiceFault
from benchmarks.soak.process_faults import Downtime, Kills, SilentNames
from benchmarks.soak.proxy import QueueProxy, SendFaults
from benchmarks.soak.service import Service

PUT = ["PutProfileObject"]
READ_TIMEOUT = 5.0
"""Seconds for which the writer's client waits for an answer."""


@dataclass(frozen=True, slots=True)
class Instruments:
    """What faults are injected with.

    Attributes:
        service: The emulator.
        proxy: Between the functions and SQS.
        aws: The process id of the local AWS.
        aws_log: Its log.
        writer: The writer's name.
        channels: The names of the two channel functions.
        silent_names: The folder that lists for the functions which names are not resolved.
    """

    service: Service
    proxy: QueueProxy
    aws: int
    aws_log: Path
    writer: str
    channels: Sequence[str]
    silent_names: Path


def _service(rules: Mapping[str, Mapping[str, Any]], seconds: float | None = None) -> "_Make":
    only_writes = {name: {"operations": PUT, **rule} for name, rule in rules.items()}
    return lambda instruments: [ServiceFault(instruments.service, only_writes, seconds)]


def _queue(faults: SendFaults) -> "_Make":
    return lambda instruments: [QueueFault(instruments.proxy, faults)]


def _kills(instruments: Instruments) -> Sequence[Fault]:
    # calls are slow meanwhile, so that batches last
    slow = {"slow calls": {"kind": "delay", "seconds": [0.2, 0.6], "operations": PUT}}
    return [
        ServiceFault(instruments.service, slow, seconds=6.0),
        _killing(instruments, every=0.6, turns=8),
    ]


def _killing(instruments: Instruments, *, every: float, turns: int) -> Kills:
    # every other turn a channel function's, so that it comes while events are sent
    functions = [instruments.channels[0], instruments.writer, instruments.channels[1], instruments.writer]
    return Kills(instruments.aws, functions, instruments.aws_log, every=every, turns=turns)


def _storm(instruments: Instruments) -> Sequence[Fault]:
    rules: Mapping[str, Mapping[str, Any]] = {
        "slow calls": {"kind": "delay", "seconds": [0.0, 0.3], "share": 0.3, "operations": PUT},
        "throttles": {"kind": "throttle", "share": 0.15, "operations": PUT},
        "500": {"kind": "server_error", "share": 0.1, "operations": PUT},
        "resets before the write": {"kind": "drop_before_write", "share": 0.05, "operations": PUT},
        "resets after the write": {"kind": "drop_after_write", "share": 0.05, "operations": PUT},
    }
    sends = SendFaults(entry_failed=0.05, call_refused=0.05, answer_lost=0.03, sent_twice=0.1)
    return [
        ServiceFault(instruments.service, rules),
        QueueFault(instruments.proxy, sends),
        _killing(instruments, every=0.8, turns=4),
    ]


def _denied(instruments: Instruments) -> Sequence[Fault]:
    denied = {"access denied": {"kind": "access_denied", "operations": PUT}}
    return [
        ServiceFault(instruments.service, denied, seconds=8.0),
        QueueFault(instruments.proxy, SendFaults(backoff_refused=0.3)),
    ]


def _restarts(instruments: Instruments) -> Sequence[Fault]:
    return [Downtime(instruments.service, every=1.0, times=3, seconds=0.0)]


def _outage(instruments: Instruments) -> Sequence[Fault]:
    return [Downtime(instruments.service, every=0.5, times=1, seconds=20.0)]


def _drips(instruments: Instruments) -> Sequence[Fault]:
    # so few and so slow that each outlasts the writer's six seconds, and the client's five never come
    drips = {"answers dripping": {"kind": "drip", "seconds": 0.5, "share": 0.02, "times": 20, "operations": PUT}}
    return [
        ServiceFault(instruments.service, drips),
        QueueFault(instruments.proxy, SendFaults(answer_dripped=0.1), seconds=5.0),
    ]


def _silent_names(instruments: Instruments) -> Sequence[Fault]:
    profiles, queues = instruments.service.port, urlsplit(instruments.proxy.url).port or 0
    viewed, _ = instruments.channels
    silent = {instruments.writer: [profiles], viewed: [queues]}
    return [SilentNames(instruments.aws, instruments.silent_names, silent, seconds=10.0)]


def _large_event(instruments: Instruments) -> Sequence[Fault]:
    # a function's seconds suffice for 320 of the event's customers while it lasts: its repeats must reach the others
    return [QueueFault(instruments.proxy, SendFaults(call_slowed=1.0), seconds=30.0)]


_Make = Callable[[Instruments], Sequence[Fault]]

NONE, LARGE_EVENT = "none", "large-event"
LARGE = 400
"""Customers of the large event, at least."""
PROFILES: Mapping[str, _Make] = {
    NONE: lambda _: [],
    # first of all: what they leave hidden in the queue comes back while the others run
    "kills": _kills,
    "storm": _storm,
    "denied": _denied,
    "sends": _queue(SendFaults(entry_failed=0.1)),
    "send-calls": _queue(SendFaults(call_refused=0.1, answer_lost=0.05)),
    "duplicates": _queue(SendFaults(sent_twice=0.5)),
    "throttles": _service({"throttles": {"kind": "throttle", "share": 0.3}}),
    "server-errors": _service(
        {
            "500": {"kind": "server_error", "share": 0.1},
            "503": {"kind": "server_error", "status": 503, "share": 0.05},
        }
    ),
    "resets": _service(
        {
            "resets before the write": {"kind": "drop_before_write", "share": 0.1},
            "resets after the write": {"kind": "drop_after_write", "share": 0.1},
        }
    ),
    "time-outs": _service(
        {
            "answers too late": {
                "kind": "delay",
                "seconds": [READ_TIMEOUT + 0.5, READ_TIMEOUT + 1.5],
                "share": 0.03,
                "times": 15,
            }
        }
    ),
    "slow": _service({"slow calls": {"kind": "delay", "seconds": [0.05, 0.5]}}),
    "concurrent": _service({"transient 400": {"kind": "concurrent_update", "share": 0.2}}),
    "drips": _drips,
    "silent-names": _silent_names,
    "lies": _service(
        {
            "sign-in pages": {"kind": "lying_page", "share": 0.03},
            "empty 200": {"kind": "lying_empty", "share": 0.03},
            "204": {"kind": "lying_no_content", "share": 0.03},
            "201 {}": {"kind": "lying_created", "share": 0.03},
            "200 null": {"kind": "lying_null", "share": 0.03},
            "cut JSON": {"kind": "lying_cut", "share": 0.03},
            # not `others_answer`: the emulator gives one environment another's, which no writer can notice; `twice` has
            # what can be noticed, and docs/guarantees.md what cannot
        }
    ),
    "foreign-400s": _service({"400 pages": {"kind": "foreign_400", "share": 0.1}}),
    "twice": _service({"answers sent twice": {"kind": "sent_twice", "seconds": [0.0, 0.1], "share": 0.1}}),
    LARGE_EVENT: _large_event,
    "lost-parks": _queue(SendFaults(park_answer_lost=0.5)),
    "restarts": _restarts,
    "outage": _outage,
    "no-domain": _service({"domain not found": {"kind": "not_found"}}, seconds=8.0),
}
"""By name, in the order in which they run."""
