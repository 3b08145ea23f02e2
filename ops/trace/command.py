"""`ops trace`: what became of one customer's record."""

import argparse
from datetime import timedelta

from engagement.text import is_clean
from engagement.wire import RECORD_ID
from ops.arguments import Subparsers, add_command
from ops.errors import OpsError, UsageError
from ops.exits import Exit
from ops.screen import Column, Screen
from ops.text import count, duration, moment, seconds_of
from ops.trace.customer import is_of_user
from ops.trace.reading import Reading
from ops.trace.story import FINE, Outcome, Story
from ops.workplace import Workplace

SINCE = "14d"
"""As long as a message can be in the dead-letter queue."""
SHOWN = 10
"""Records of a customer that are shown unless told otherwise, the latest first."""
COLUMNS = (
    Column("when"),
    Column("after", right=True),
    Column("where"),
    Column("what"),
    Column("try", right=True),
    Column("why", flexible=True),
)
TELLING = frozenset({"DEBUG", "INFO"})
"""Log levels at which each record has its line."""


def add(commands: Subparsers) -> None:
    """Add `ops trace`."""
    parser = add_command(commands, "trace", "Show what became of a record, from ingest to profile.", trace)
    whose = parser.add_mutually_exclusive_group(required=True)
    whose.add_argument("record", nargs="?", metavar="RECORD_ID", help="32 hexadecimal digits")
    whose.add_argument("--user", metavar="ID", help="every record of the customer with this user id")
    parser.add_argument(
        "--since",
        type=_age,
        default=_age(SINCE),
        metavar="DURATION",
        help=f"how far back in the logs; {SINCE} by default",
    )
    parser.add_argument(
        "--limit", type=_positive, default=SHOWN, metavar="N", help=f"at most so many records; {SHOWN} by default"
    )


def trace(workplace: Workplace, options: argparse.Namespace) -> Exit:
    """Show one record's way, or those of a customer; problems are records that need somebody.

    Raises:
        UsageError: the id has the wrong form, or nothing is known of it.
    """
    reading = Reading(workplace, workplace.clock.now() - options.since)
    if options.user is None:
        stories = [_of_record(reading, options.record)]
    else:
        stories = _of_user(reading, options.user, options.limit)
    screen = workplace.screen
    level = workplace.deployment.parameters.get("LogLevel", "INFO")
    if level not in TELLING:
        screen.note(f"LogLevel is {level}: the logs do not tell of records that were queued or written", "yellow")
    screen.document({"stack": workplace.deployment.stack, "records": [story.document for story in stories]})
    for story in stories:
        show(screen, story)
    return Exit.FINE if all(story.outcome in FINE and not story.unasked for story in stories) else Exit.PROBLEMS


def show(screen: Screen, story: Story) -> None:
    """Write one record's way."""
    screen.line(f"record {story.record_id or 'without an id'}: {story.outcome}", "bold")
    screen.line(story.conclusion)
    if story.unasked:
        screen.line(f"Customer Profiles could not be asked: {story.unasked}", "yellow")
    for attached in story.objects:
        viewed = {"true": "viewed", "false": "not viewed"}.get(str(attached.members.get("offerViewed")), "")
        journey = attached.members.get("journeyName") or attached.members.get("journeyId") or "of no name"
        screen.line(f"offer {attached.members.get('offerName', '')}, {viewed}, journey {journey}")
    if story.happenings:
        began = story.happenings[0].at
        screen.table(
            COLUMNS,
            [
                [
                    moment(one.at),
                    duration((one.at - began).total_seconds()),
                    one.where,
                    str(one.what),
                    str(one.receives or ""),
                    one.cause,
                ]
                for one in story.happenings
            ],
        )
    screen.line()


def _of_record(reading: Reading, written: str) -> Story:
    record_id = written.strip().lower()
    if RECORD_ID.fullmatch(record_id) is None:
        raise UsageError(f"{written!r} is no record id: 32 hexadecimal digits; --user takes a customer's user id")
    story = _story(reading, record_id)
    if story.outcome is Outcome.UNKNOWN:
        age = reading.workplace.clock.now() - reading.since
        raise UsageError(
            f"nothing is known of {record_id}: neither on a profile, nor parked, nor in the logs of the last"
            f" {duration(age.total_seconds())}; --since looks further back, --stack and --region elsewhere"
        )
    return story


def _story(reading: Reading, record_id: str) -> Story:
    happenings = reading.happenings(record_id)
    letters = reading.letters(lambda letter: letter.record_id == record_id)
    try:
        return Story(record_id, happenings, letters, reading.objects.of_record(record_id))
    except OpsError as error:
        if not happenings and not letters:
            raise
        # an outage of Customer Profiles is when a record is looked for: what the rest tells is told
        return Story(record_id, happenings, letters, [], unasked=str(error))


def _of_user(reading: Reading, user_id: str, limit: int) -> list[Story]:
    if not is_clean(user_id):
        raise UsageError("a user id has 1 to 255 characters and no control characters")
    objects = sorted(
        reading.objects.of_account(user_id), key=lambda one: str(one.members.get("engagedAt", "")), reverse=True
    )
    letters = reading.letters(lambda letter: is_of_user(letter.body, user_id))
    ids = list(dict.fromkeys([letter.record_id for letter in letters] + [one.record_id or None for one in objects]))
    if not ids:
        raise UsageError(
            "nothing is known of this user id: no profile has it as account number with an offer, and nothing parked"
            " does; what is in the queue cannot be found by customer, only by record id"
        )
    if len(ids) > limit:
        reading.workplace.screen.note(f"{count(len(ids), 'record')}, {limit} shown: --limit shows more", "yellow")
    return [
        Story(
            record_id or "",
            reading.happenings(record_id) if record_id else [],
            [letter for letter in letters if letter.record_id == record_id],
            [one for one in objects if (one.record_id or None) == record_id],
        )
        for record_id in ids[:limit]
    ]


def _age(written: str) -> timedelta:
    try:
        return timedelta(seconds=seconds_of(written))
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{written!r} is no duration; write 90s, 15m, 2h, 3d or 1w") from error


def _positive(written: str) -> int:
    if not (written.isascii() and written.isdigit() and int(written) > 0):
        raise argparse.ArgumentTypeError(f"{written!r} is no number from 1")
    return int(written)
