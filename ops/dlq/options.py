"""The options that several `ops dlq` commands share."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypedDict, TypeVar

from ops.cli import option
from ops.dlq.filters import Filters
from ops.errors import UsageError
from ops.option_types import DURATION

Callback = TypeVar("Callback", bound=Callable[..., Any])

FILTERS = "Filters: each may be given more than once; a message must pass all of them"


class FilterOptions(TypedDict):
    """The filters of a command line, by the names of their options."""

    reason: tuple[str, ...]
    cause: tuple[str, ...]
    stage: tuple[str, ...]
    offer: tuple[str, ...]
    journey: tuple[str, ...]
    record: tuple[str, ...]
    older_than: float | None
    newer_than: float | None


def filter_options(callback: Callback) -> Callback:
    """Give a command the filters."""
    ages = (
        ("--older-than", "Select only messages first seen longer ago than this: 90s, 15m, 2h, 3d."),
        ("--newer-than", "Select only messages first seen no longer ago than this: 90s, 15m, 2h, 3d."),
    )
    names = (
        ("--reason", "REASON", "Select only messages that were parked for this reason, for example no_identity."),
        ("--cause", "KEY", "Select only messages of this cause: the key that `ops dlq list` shows."),
        ("--stage", "STAGE", "Select only messages that were parked here: ingest, writer or sqs."),
        ("--offer", "NAME", "Select only messages of this offer."),
        ("--journey", "ID", "Select only messages of this journey or campaign."),
        ("--record", "ID", "Select only the message of this record."),
    )
    # the last decorator's option comes first in the help
    for name, text in reversed(ages):
        callback = option(name, type=DURATION, metavar="AGE", section=FILTERS, help=text)(callback)
    for name, metavar, text in reversed(names):
        callback = option(name, multiple=True, metavar=metavar, section=FILTERS, help=text)(callback)
    return callback


def domain_option(callback: Callback) -> Callback:
    """Give a command the choice of the dead-letter queue."""
    text = "Read the Customer Profiles domain's own dead-letter queue instead of the pipeline's."
    return option("--domain", is_flag=True, help=text)(callback)


def unmask_option(callback: Callback) -> Callback:
    """Give a command the choice to show personal data."""
    return option("--unmask", is_flag=True, help="Show customers' personal data instead of masking it.")(callback)


def filters_of(given: FilterOptions, now: datetime) -> Filters:
    """Return the filters of a command line.

    Raises:
        UsageError: no message can pass them.
    """
    older, newer = given["older_than"], given["newer_than"]
    if older is not None and newer is not None and older >= newer:
        raise UsageError("no message is both older than --older-than and newer than --newer-than")
    return Filters(
        reasons=frozenset(given["reason"]),
        causes=frozenset(given["cause"]),
        stages=frozenset(given["stage"]),
        offers=frozenset(given["offer"]),
        journeys=frozenset(given["journey"]),
        records=frozenset(given["record"]),
        seen_before=None if older is None else now - timedelta(seconds=older),
        seen_after=None if newer is None else now - timedelta(seconds=newer),
    )
