"""`ops trace`: what became of one customer's record."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import timedelta

import click

from engagement.record import Customer
from engagement.text import fitting, is_clean, plain
from engagement.wire import RECORD_ID
from ingest.fields.email_address import email_address
from ingest.fields.errors import UnreadableError
from ingest.fields.phone_number import phone_number
from ops.cli import command, option
from ops.context import CliContext
from ops.errors import OpsError, UsageError
from ops.exits import Exit
from ops.option_types import DURATION, WholeNumber
from ops.output import Rows
from ops.screen import Column, Screen
from ops.text import count, duration, moment
from ops.trace.customer import is_of_customer
from ops.trace.reader import TraceReader
from ops.trace.record_history import FINE, ROW, Outcome, RecordHistory

WHOSE = "Whose record it is: one of these finds the profile"
COLUMNS = (
    Column("when"),
    Column("after", right=True),
    Column("where"),
    Column("what"),
    Column("try", right=True),
    Column("why", flexible=True),
)
KEYS = "--user, --email, --phone or --profile-id"
KEY_NAMES = {"user_id": "user id", "profile_id": "profile id", "email": "e-mail address", "phone": "phone number"}
LOGS_RECORDS = frozenset({"DEBUG", "INFO"})
"""Log levels at which each record has its line."""


@command(
    "trace",
    examples=[
        "ops trace 3283aeeab3e4009999794ec38fca5e07 --user 4711",
        "ops trace --email mary@example.com --since 2d",
        "ops trace --user 4711 --limit 3 --output yaml",
    ],
    has_rows=True,
)
@click.argument("record", metavar="[RECORD_ID]", required=False)
@option("--user", section=WHOSE, metavar="ID", help="The customer with this user id, their profile's account number.")
@option("--email", section=WHOSE, metavar="ADDRESS", help="The customer with this e-mail address.")
@option("--phone", section=WHOSE, metavar="NUMBER", help="The customer with this phone number.")
@option(
    "--profile-id", section=WHOSE, metavar="ID", help="The profile with this id, which a record from Connect names."
)
@option(
    "--since",
    type=DURATION,
    default="14d",
    show_default=True,
    metavar="DURATION",
    help="Search this far back in the logs; a message can be in the dead-letter queue for 14 days.",
)
@option(
    "--limit",
    type=WholeNumber(1),
    default=10,
    show_default=True,
    metavar="N",
    help="Show at most N records of a customer, the latest first.",
)
def trace(context: CliContext, *, record: str | None, since: float, limit: int, **keys: str | None) -> Exit:
    """Show what became of a record, or of a customer's records.

    Each is followed from ingest to its profile. RECORD_ID is 32 hexadecimal digits. Customer Profiles finds a profile
    by its customer's keys alone: give one of them beside the record id, or alone for all of a customer's records.
    Ends with code 1 if a record needs you.
    """
    region = context.deployment.parameters.get("DefaultPhoneRegion", "")
    reader, customer = TraceReader(context, context.clock.now() - timedelta(seconds=since)), _customer(keys, region)
    if record is not None:
        histories = [_of_record(reader, record, customer)]
    elif customer is not None:
        histories = _of_customer(reader, customer, region, limit)
    else:
        raise UsageError(f"give a record id, or whose records: {KEYS}")
    screen = context.screen
    level = context.deployment.parameters.get("LogLevel", "INFO")
    if level not in LOGS_RECORDS:
        screen.note(f"LogLevel is {level}: the logs have no lines of records that were queued or written", "yellow")
    screen.document(
        {"stack": context.deployment.stack, "records": [history.document for history in histories]},
        Rows(ROW, [row for history in histories for row in history.rows]),
    )
    for history in histories:
        show(screen, history)
    return Exit.FINE if all(one.outcome in FINE and not one.unasked for one in histories) else Exit.PROBLEMS


def show(screen: Screen, history: RecordHistory) -> None:
    """Write one record's way."""
    screen.line(f"record {history.record_id or 'without an id'}: {history.outcome}", "bold")
    screen.line(history.conclusion)
    if history.unasked:
        screen.line(f"Customer Profiles could not be asked: {history.unasked}", "yellow")
    for attached in history.objects:
        viewed = {"true": "viewed", "false": "not viewed"}.get(str(attached.members.get("offerViewed")), "")
        journey = attached.members.get("journeyName") or attached.members.get("journeyId") or "of no name"
        screen.line(f"offer {attached.members.get('offerName', '')}, {viewed}, journey {journey}")
    if history.events:
        began = history.events[0].at
        screen.table(
            COLUMNS,
            [
                [
                    moment(one.at),
                    duration((one.at - began).total_seconds()),
                    one.service,
                    str(one.kind),
                    str(one.receives or ""),
                    one.cause,
                ]
                for one in history.events
            ],
        )
    screen.line()


def _customer(keys: Mapping[str, str | None], region: str) -> Customer | None:
    """Return the customer that the command line names, as the channel functions read them; None if it names none."""
    user = keys["user"]
    given = Customer(keys["profile_id"], user and fitting(plain(user)), keys["email"], keys["phone"])
    if given == Customer():
        return None
    for key, value in asdict(given).items():
        if value is not None and not is_clean(value):
            raise UsageError(f"a {KEY_NAMES[key]} has 1 to 255 characters and no control characters")
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


def _of_record(reader: TraceReader, written: str, customer: Customer | None) -> RecordHistory:
    record_id = written.strip().lower()
    if RECORD_ID.fullmatch(record_id) is None:
        raise UsageError(f"{written!r} is no record id: 32 hexadecimal digits; --user takes a customer's user id")
    history = _history(reader, record_id, customer)
    if history.outcome is Outcome.UNKNOWN:
        age = reader.context.clock.now() - reader.since
        profiles = (
            f"; no profile was asked: {history.unasked}" if history.unasked else ", nor on the customer's profiles"
        )
        raise UsageError(
            f"nothing is known of {record_id}: neither parked nor in the logs of the last"
            f" {duration(age.total_seconds())}{profiles}; --since looks further back, --stack and --region elsewhere"
        )
    return history


def _history(reader: TraceReader, record_id: str, given: Customer | None) -> RecordHistory:
    events = reader.events(record_id)
    messages = reader.dead_letters(lambda message: message.record_id == record_id)
    customer = given or reader.customer_of(messages)
    if customer is None:
        return RecordHistory(
            record_id, events, messages, [], unasked=f"only the customer's own keys find it: give {KEYS}"
        )
    try:
        return RecordHistory(record_id, events, messages, reader.objects.of_record(record_id, customer))
    except OpsError as error:
        if not events and not messages:
            raise
        # records are looked for during an outage of Customer Profiles: show what the logs and queues have
        return RecordHistory(record_id, events, messages, [], unasked=str(error))


def _of_customer(reader: TraceReader, customer: Customer, region: str, limit: int) -> list[RecordHistory]:
    objects = sorted(
        reader.objects.of_customer(customer), key=lambda one: str(one.members.get("engagedAt", "")), reverse=True
    )
    messages = reader.dead_letters(lambda message: is_of_customer(message.body, customer, region))
    ids = list(dict.fromkeys([message.record_id for message in messages] + [one.record_id or None for one in objects]))
    if not ids:
        raise UsageError(
            "nothing is known of this customer: no profile with this key has an offer, and no parked message names"
            " them; what is in the queue can be found by record id only"
        )
    if len(ids) > limit:
        reader.context.screen.note(f"{count(len(ids), 'record')}, {limit} shown: --limit shows more", "yellow")
    return [
        RecordHistory(
            record_id or "",
            reader.events(record_id) if record_id else [],
            [message for message in messages if message.record_id == record_id],
            [one for one in objects if (one.record_id or None) == record_id],
        )
        for record_id in ids[:limit]
    ]
