"""The options that several `ops dlq` commands share."""

import argparse
from datetime import datetime, timedelta

from ops.dlq.filters import Filters
from ops.errors import UsageError
from ops.text import seconds_of


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the filters to a command."""
    group = parser.add_argument_group("filters", "each may be given more than once; a message must pass all of them")
    for name, metavar, explained in (
        ("reason", "REASON", "only messages that were parked for this reason, for example no_identity"),
        ("cause", "KEY", "only messages of this cause: the key that `ops dlq list` shows"),
        ("stage", "STAGE", "only messages that were parked here: ingest, writer, sqs"),
        ("offer", "NAME", "only messages of this offer"),
        ("journey", "ID", "only messages of this journey or campaign"),
        ("record", "ID", "only the message of this record"),
    ):
        group.add_argument(f"--{name}", action="append", default=[], metavar=metavar, help=explained)
    group.add_argument(
        "--older-than", type=_age, metavar="AGE", help="only messages first seen longer ago than 90s, 15m, 2h, 3d"
    )
    group.add_argument(
        "--newer-than", type=_age, metavar="AGE", help="only messages first seen no longer ago than 90s, 15m, 2h, 3d"
    )


def filters_of(options: argparse.Namespace, now: datetime) -> Filters:
    """Return the filters of a command line.

    Raises:
        UsageError: no message can pass them.
    """
    older, newer = options.older_than, options.newer_than
    if older is not None and newer is not None and older >= newer:
        raise UsageError("no message is both older than --older-than and newer than --newer-than")
    return Filters(
        reasons=frozenset(options.reason),
        causes=frozenset(options.cause),
        stages=frozenset(options.stage),
        offers=frozenset(options.offer),
        journeys=frozenset(options.journey),
        records=frozenset(options.record),
        seen_before=None if older is None else now - timedelta(seconds=older),
        seen_after=None if newer is None else now - timedelta(seconds=newer),
    )


def whole_number(written: str) -> int:
    """Return a whole number above zero.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if not (written.isascii() and written.isdigit() and int(written)):
        raise argparse.ArgumentTypeError(f"{written!r} is no whole number above zero")
    return int(written)


def _age(written: str) -> float:
    try:
        return seconds_of(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
