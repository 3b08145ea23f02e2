"""Which messages are meant: the filters of every `ops dlq` command."""

import argparse
from dataclasses import dataclass
from datetime import datetime, timedelta

from ops.dlq.causes import Cause
from ops.dlq.letter import Letter
from ops.errors import UsageError
from ops.text import seconds_of


@dataclass(frozen=True, slots=True)
class Selection:
    """What a message must be to be meant; an empty member lets every message through.

    Attributes:
        reasons: Its reason is one of these.
        causes: The key of its cause is one of these.
        stages: It was parked at one of these.
        offers: It carries one of these offers; one whose offer cannot be told is not meant.
        journeys: The same of journeys.
        records: Its record is one of these.
        seen_before: The pipeline first had it before this moment.
        seen_after: The same the other way.
    """

    reasons: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    stages: frozenset[str] = frozenset()
    offers: frozenset[str] = frozenset()
    journeys: frozenset[str] = frozenset()
    records: frozenset[str] = frozenset()
    seen_before: datetime | None = None
    seen_after: datetime | None = None

    @property
    def is_everything(self) -> bool:
        """Whether no filter was given."""
        return self == Selection()

    def __contains__(self, letter: Letter) -> bool:
        """Return whether a message is meant."""
        wanted = (
            (self.reasons, letter.reason),
            (self.stages, letter.stage),
            (self.offers, letter.offer),
            (self.journeys, letter.journey),
            (self.records, letter.record_id),
        )
        return (
            all(not values or value in values for values, value in wanted)
            and (not self.causes or Cause.of(letter).key in self.causes)
            and (self.seen_before is None or letter.first_seen < self.seen_before)
            and (self.seen_after is None or letter.first_seen >= self.seen_after)
        )


def add_filters(parser: argparse.ArgumentParser) -> None:
    """Add the filters to a command."""
    group = parser.add_argument_group("filters", "each may be given more than once; a message must pass all of them")
    for name, metavar, explained in (
        ("reason", "REASON", "why it was parked, for example no_identity"),
        ("cause", "KEY", "the key of its cause, as `ops dlq list` shows it"),
        ("stage", "STAGE", "where it was parked: ingest, writer, sqs"),
        ("offer", "NAME", "the offer's name"),
        ("journey", "ID", "the journey's or campaign's id"),
        ("record", "ID", "the record's id"),
    ):
        group.add_argument(f"--{name}", action="append", default=[], metavar=metavar, help=explained)
    group.add_argument("--older-than", type=_age, metavar="AGE", help="first seen longer ago than 90s, 15m, 2h, 3d")
    group.add_argument("--newer-than", type=_age, metavar="AGE", help="first seen no longer ago")


def selection(options: argparse.Namespace, now: datetime) -> Selection:
    """Return what the command line means.

    Raises:
        UsageError: no message can be meant.
    """
    older, newer = options.older_than, options.newer_than
    if older is not None and newer is not None and older >= newer:
        raise UsageError("no message is both older than --older-than and newer than --newer-than")
    return Selection(
        reasons=frozenset(options.reason),
        causes=frozenset(options.cause),
        stages=frozenset(options.stage),
        offers=frozenset(options.offer),
        journeys=frozenset(options.journey),
        records=frozenset(options.record),
        seen_before=None if older is None else now - timedelta(seconds=older),
        seen_after=None if newer is None else now - timedelta(seconds=newer),
    )


def _age(written: str) -> float:
    try:
        return seconds_of(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
