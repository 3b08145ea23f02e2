"""Amazon Connect Customer Profiles on one machine.

Prints its URL, one line, when it is ready. SIGTERM and SIGINT end it cleanly. Exit code 2 for bad arguments.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from customer_profiles_emulator import __version__
from customer_profiles_emulator.emulator import Emulator, Settings, SettingsError
from customer_profiles_emulator.operations.table import markdown
from customer_profiles_emulator.service_model import DEFAULT_RATES, OldBotocoreError
from customer_profiles_emulator.store.database import MEMORY, DataFileInUseError
from customer_profiles_emulator.transport.server import IDLE_SECONDS, LOOPBACK, run
from customer_profiles_emulator.wire.fault_rules import FaultSpecificationError

_HIGHEST_PORT = 65_535
_REFUSALS = (
    DataFileInUseError,
    FaultSpecificationError,
    OldBotocoreError,
    OSError,
    OverflowError,
    SettingsError,
    UnicodeError,
    sqlite3.Error,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT; returns the process's exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        if options.operations:
            print(markdown(), end="")
            return 0
        emulator = Emulator(_settings(options))
    except _REFUSALS as error:
        parser.error(str(error))
    run(emulator, options.ready_file)
    return 0


def _settings(options: argparse.Namespace) -> Settings:
    return Settings(
        host=options.host,
        port=options.port,
        data=options.data,
        rates=_rates(options),
        faults=options.faults,
        indexing_delay=options.indexing_delay,
        domains=tuple(options.domain),
        idle_seconds=options.idle_seconds,
        cors=options.cors,
    )


def _rates(options: argparse.Namespace) -> Mapping[str, float]:
    # A quota that is named beside --no-quotas is the only one in force.
    return {**({} if options.no_quotas else DEFAULT_RATES), **dict(options.quota)}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="customer-profiles-emulator", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument(
        "--host",
        default=LOOPBACK,
        metavar="ADDRESS",
        help=f"where to listen, 0.0.0.0 for all of this machine's addresses; default: {LOOPBACK}",
    )
    parser.add_argument("--port", type=_port, default=0, help="0, the default, takes a free one")
    parser.add_argument("--ready-file", type=Path, help="also write the URL here when ready")
    parser.add_argument("--data", default=MEMORY, help="SQLite file that survives restarts; default: memory")
    parser.add_argument("--domain", action="append", default=[], metavar="NAME", help="domain to create; repeatable")
    parser.add_argument("--no-quotas", action="store_true", help="throttle nothing but what a --quota names")
    parser.add_argument(
        "--quota",
        action="append",
        default=[],
        type=_quota,
        metavar="OPERATION=RATE",
        help="requests a second, 0 for no limit; repeatable; PutProfileObject's covers batch items",
    )
    parser.add_argument("--faults", type=_faults, default={}, metavar="JSON|FILE", help="faults from the start")
    parser.add_argument(
        "--indexing-delay",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="between an answer and the object's attachment",
    )
    parser.add_argument(
        "--idle-seconds",
        type=_positive_seconds,
        default=IDLE_SECONDS,
        metavar="SECONDS",
        help="how long a client may take to send a whole request; default: %(default)g",
    )
    parser.add_argument("--cors", default="", metavar="ORIGIN", help="origin whose pages may call, * for all")
    parser.add_argument("--operations", action="store_true", help="print what is emulated, as a table, and end")
    return parser


def _quota(text: str) -> tuple[str, float]:
    name, _, rate = text.partition("=")
    if name not in DEFAULT_RATES or not rate.replace(".", "", 1).isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not OPERATION=RATE with one of {', '.join(DEFAULT_RATES)}")
    return name, float(rate)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, 0 to {_HIGHEST_PORT}")
    return int(text)


def _seconds(text: str) -> float:
    if not text.replace(".", "", 1).isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds")
    return float(text)


def _positive_seconds(text: str) -> float:
    seconds = _seconds(text)
    if seconds == 0:
        raise argparse.ArgumentTypeError("a client needs some time to send a request: give more than 0 seconds")
    return seconds


def _faults(text: str) -> dict[str, Any]:
    try:
        specification = json.loads(text if text.lstrip().startswith("{") else Path(text).read_text())
    except (OSError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is neither JSON nor a file of it: {error}") from error
    if not isinstance(specification, dict):
        raise argparse.ArgumentTypeError("a fault specification is a JSON object")
    return specification


if __name__ == "__main__":
    sys.exit(main())
