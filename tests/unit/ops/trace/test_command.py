"""`ops trace`: what is said of a record whose customer is known, and of one whose customer is not."""

import re
from datetime import timedelta
from typing import Any

import pytest

from engagement.record import Customer
from ops import application
from ops.errors import UnreachableError, UsageError
from ops.exits import Exit
from ops.output import Output
from tests.fakes.clock import START
from tests.fakes.deployment import FakeContext, deployment
from tests.fakes.queues import DEAD, client_error
from tests.fakes.shown_profiles import FakeShownProfiles
from tests.fakes.terminal import FakeScreen
from tests.samples import engagement_record
from tests.unit.ops.dlq.parked import park

RECORD = engagement_record(customer=Customer(user_id="user-1", email="mary@example.com"))
WRITTEN = {"message": "record written", "service": "writer", "record_id": RECORD.record_id}


def _place() -> FakeContext:
    return FakeContext(profiles=FakeShownProfiles(), screen=FakeScreen(as_json=True))


def _trace(workplace: FakeContext, *given: str) -> Exit:
    place: Any = workplace
    return application.parse(["trace", *given]).run(place)


@pytest.mark.parametrize("whose", [("--user", "user-1"), ("--email", "MARY@example.com")])
def test_a_record_of_a_named_customer_is_found_on_their_profile(whose: tuple[str, str]) -> None:
    """By any of their keys."""
    place = _place()
    place.profiles.write(RECORD)
    place.profiles.objects["user:user-1"][0]["email"] = whose[1]

    assert _trace(place, RECORD.record_id, *whose) == Exit.FINE
    [found] = place.screen.json["records"]
    assert (found["outcome"], found["profilesNotAsked"]) == ("on profile", None)


def test_without_the_customer_no_profile_is_said_to_lack_the_record() -> None:
    """The logs hold nothing personal: they show that it was written, and not on which profile."""
    place = _place()
    place.profiles.write(RECORD)
    place.resources.lines["WriterLogGroup"] = [WRITTEN]

    assert _trace(place, RECORD.record_id) == Exit.PROBLEMS
    [found] = place.screen.json["records"]
    assert found["outcome"] == "written"
    assert "--user" in found["profilesNotAsked"]


def test_a_parked_message_says_whose_record_it_is() -> None:
    """It was parked, sent again and written, and one copy is still parked: the profile counts."""
    place = _place()
    park(place.queues, record=RECORD)
    place.profiles.write(RECORD)

    assert _trace(place, RECORD.record_id) == Exit.FINE
    assert place.screen.json["records"][0]["outcome"] == "on profile"


def test_a_parked_message_that_cannot_be_read_names_nobody() -> None:
    """Its id is in the attributes; whose it is cannot be known."""
    place = _place()
    park(place.queues, "no record", record_id=RECORD.record_id)

    assert _trace(place, RECORD.record_id) == Exit.PROBLEMS
    [found] = place.screen.json["records"]
    assert (found["outcome"], bool(found["profilesNotAsked"])) == ("parked", True)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["f" * 32], "no profile was asked: only the customer's own keys find it"),
        (["f" * 32, "--user", "user-1"], "nor on the customer's profiles"),
        ([], "give a record id, or whose records"),
        (["--email", "mary"], "'mary' is no e-mail address"),
        (["--phone", "mary"], "'mary' is no phone number"),
        (["--profile-id", ""], "a profile id has 1 to 255 characters"),
    ],
)
def test_what_cannot_be_looked_for_is_said(given: list[str], said: str) -> None:
    """What was not asked is never said to be absent."""
    with pytest.raises(UsageError, match=said):
        _trace(_place(), *given)


def test_every_record_of_a_customer_is_told_without_a_record_id() -> None:
    """What is parked, and what is on the profile."""
    place = _place()
    place.profiles.write(RECORD)
    park(place.queues, record=engagement_record(customer=RECORD.customer, offer_name="another"))

    assert _trace(place, "--email", "mary@example.com") == Exit.PROBLEMS
    assert [found["outcome"] for found in place.screen.json["records"]] == ["parked", "on profile"]


def test_in_an_outage_the_logs_and_queues_are_shown() -> None:
    """That is when records are looked for; one of which nothing is known may be on a profile, and is an error."""
    place = _place()
    place.profiles.before = _outage
    place.resources.lines["WriterLogGroup"] = [WRITTEN]

    assert _trace(place, RECORD.record_id, "--user", "user-1") == Exit.PROBLEMS
    [found] = place.screen.json["records"]
    assert found["outcome"] == "written"
    assert "AWS failed" in found["profilesNotAsked"]
    with pytest.raises(UnreachableError):
        _trace(place, "f" * 32, "--user", "user-1")


def _outage(operation: str) -> None:
    raise client_error("InternalServerException", operation, 500)


def test_only_the_latest_records_of_a_customer_are_shown_unless_more_are_asked_for() -> None:
    """A customer may have a thousand."""
    records = [
        engagement_record(customer=RECORD.customer, offer_name=f"offer {n}", engaged_at=START - timedelta(days=n))
        for n in range(3)
    ]
    place = _place()
    place.screen = FakeScreen()
    for record in reversed(records):
        place.profiles.write(record)

    assert _trace(place, "--user", "user-1", "--limit", "2") == Exit.FINE
    assert "3 records, 2 shown: --limit shows more" in place.screen.notes
    shown = re.findall(r"^record (\w+): on profile$", place.screen.result, re.MULTILINE)
    assert shown == [record.record_id for record in records[:2]]
    assert "offer offer 0, viewed, journey" in place.screen.result


@pytest.mark.parametrize(
    ("given", "said"),
    [(["mary"], "'mary' is no record id"), (["--user", "nobody"], "nothing is known of this customer")],
)
def test_what_is_no_id_or_no_known_customer_is_said(given: list[str], said: str) -> None:
    """With what to type instead."""
    with pytest.raises(UsageError, match=said):
        _trace(_place(), *given)


def test_a_log_level_that_leaves_records_out_is_noted() -> None:
    """Or its silence would be taken for the record's."""
    place = _place()
    place.deployment = deployment(parameters={"LogLevel": "WARNING"})
    place.profiles.write(RECORD)
    _trace(place, RECORD.record_id, "--user", "user-1")

    assert "LogLevel is WARNING" in place.screen.notes


def test_csv_has_a_row_for_each_event_and_one_for_a_record_without_any() -> None:
    """Rows of several records are told apart by their id."""
    other = engagement_record(customer=RECORD.customer, offer_name="another")
    place = _place()
    place.screen = FakeScreen(output=Output.CSV)
    place.profiles.write(RECORD)
    place.profiles.write(other)
    place.resources.lines["WriterLogGroup"] = [{**WRITTEN, "receives": 2, "timestamp": "2026-11-23 09:00:00,000+0000"}]
    _trace(place, "--user", "user-1")

    lines = place.screen.result.splitlines()
    assert lines[0] == "recordId,outcome,at,where,what,receives,cause"
    assert set(lines[1:]) == {
        f"{RECORD.record_id},on profile,2026-11-23T09:00:00.000Z,writer,written,2,",
        f"{other.record_id},on profile,,,,,",
    }


def test_a_queue_that_cannot_be_scanned_is_noted_and_the_rest_is_shown() -> None:
    """A missing permission on the domain's queue must not hide the logs."""
    place = _place()
    place.resources.lines["WriterLogGroup"] = [WRITTEN]
    place.deployment = deployment(dead_letter_queue_url="https://sqs/1/gone", domain_dead_letter_queue_url=None)

    assert _trace(place, RECORD.record_id) == Exit.PROBLEMS
    assert "the dead-letter queue could not be scanned: " in place.screen.notes
    assert "domain's" not in place.screen.notes
    assert place.screen.json["records"][0]["outcome"] == "written"


def test_messages_that_other_consumers_hold_are_noted() -> None:
    """The record may be among them."""
    place = _place()
    park(place.queues, record=RECORD)
    place.queues.receive_message(QueueUrl=DEAD, MaxNumberOfMessages=1, VisibilityTimeout=60)
    place.resources.lines["WriterLogGroup"] = [WRITTEN]
    _trace(place, RECORD.record_id)

    assert "not every message of dead-letters could be received: other consumers hold some" in place.screen.notes
