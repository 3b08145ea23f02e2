"""`ops trace`: what became of one customer's record."""

import argparse
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import timedelta

from engagement.record import Customer
from engagement.text import fitting, is_clean, plain
from engagement.wire import RECORD_ID
from ingest.fields.email_address import email_address
from ingest.fields.errors import UnreadableError
from ingest.fields.phone_number import phone_number
from ops.arguments import Subparsers, add_command
from ops.errors import OpsError, UsageError
from ops.exits import Exit
from ops.screen import Column, Screen
from ops.text import count, duration, moment, seconds_of
from ops.trace.customer import is_of_customer
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
KEYS = "--user, --email, --phone or --profile-id"
SPOKEN = {"user_id": "user id", "profile_id": "profile id", "email": "e-mail address", "phone": "phone number"}
TELLING = frozenset({"DEBUG", "INFO"})
"""Log levels at which each record has its line."""


def add(commands: Subparsers) -> None:
    """Add `ops trace`."""
    parser = add_command(commands, "trace", "Show what became of a record, from ingest to profile.", trace)
    parser.add_argument("record", nargs="?", metavar="RECORD_ID", help="32 hexadecimal digits; without, all records")
    whose = parser.add_argument_group(
        "whose record it is", "by which the profile is found: a record id alone finds no profile"
    )
    whose.add_argument("--user", metavar="ID", help="user id, the profile's account number")
    whose.add_argument("--email", metavar="ADDRESS", help="e-mail address")
    whose.add_argument("--phone", metavar="NUMBER", help="phone number")
    whose.add_argument("--profile-id", metavar="ID", help="Customer Profiles' own id, as a record from Connect has it")
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
    region = workplace.deployment.parameters.get("DefaultPhoneRegion", "")
    reading, customer = Reading(workplace, workplace.clock.now() - options.since), _customer(options, region)
    if options.record is not None:
        stories = [_of_record(reading, options.record, customer)]
    elif customer is not None:
        stories = _of_customer(reading, customer, region, options.limit)
    else:
        raise UsageError(f"give a record id, or whose records: {KEYS}")
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


def _customer(options: argparse.Namespace, region: str) -> Customer | None:
    """Return the customer that the command line names, as the channel functions read them; None where it names none."""
    given = Customer(options.profile_id, options.user and fitting(plain(options.user)), options.email, options.phone)
    if given == Customer():
        return None
    for key, value in asdict(given).items():
        if value is not None and not is_clean(value):
            raise UsageError(f"a {SPOKEN[key]} has 1 to 255 characters and no control characters")
    return replace(
        given,
        email=given.email and _read(email_address, given.email, "e-mail address"),
        phone=given.phone and _read(lambda written: phone_number(written, region), given.phone, "phone number"),
    )


def _read(read: Callable[[str], str], written: str, what: str) -> str:
    try:
        return read(written)
    except UnreadableError as error:
        raise UsageError(f"{written!r} is no {what}: it {error.why}") from error


def _of_record(reading: Reading, written: str, customer: Customer | None) -> Story:
    record_id = written.strip().lower()
    if RECORD_ID.fullmatch(record_id) is None:
        raise UsageError(f"{written!r} is no record id: 32 hexadecimal digits; --user takes a customer's user id")
    story = _story(reading, record_id, customer)
    if story.outcome is Outcome.UNKNOWN:
        age = reading.workplace.clock.now() - reading.since
        profiles = f"; no profile was asked: {story.unasked}" if story.unasked else ", nor on the customer's profiles"
        raise UsageError(
            f"nothing is known of {record_id}: neither parked nor in the logs of the last"
            f" {duration(age.total_seconds())}{profiles}; --since looks further back, --stack and --region elsewhere"
        )
    return story


def _story(reading: Reading, record_id: str, given: Customer | None) -> Story:
    happenings = reading.happenings(record_id)
    letters = reading.letters(lambda letter: letter.record_id == record_id)
    customer = given or reading.customer_of(letters)
    if customer is None:
        return Story(record_id, happenings, letters, [], unasked=f"only the customer's own keys find it: give {KEYS}")
    try:
        return Story(record_id, happenings, letters, reading.objects.of_record(record_id, customer))
    except OpsError as error:
        if not happenings and not letters:
            raise
        # an outage of Customer Profiles is when a record is looked for: what the rest tells is told
        return Story(record_id, happenings, letters, [], unasked=str(error))


def _of_customer(reading: Reading, customer: Customer, region: str, limit: int) -> list[Story]:
    objects = sorted(
        reading.objects.of_customer(customer), key=lambda one: str(one.members.get("engagedAt", "")), reverse=True
    )
    letters = reading.letters(lambda letter: is_of_customer(letter.body, customer, region))
    ids = list(dict.fromkeys([letter.record_id for letter in letters] + [one.record_id or None for one in objects]))
    if not ids:
        raise UsageError(
            "nothing is known of this customer: no profile that is found so has an offer, nothing parked names them;"
            " what is in the queue cannot be found by customer, only by record id"
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
