"""Where a record is, from what is known of it."""

from datetime import timedelta
from typing import Any

import pytest

from ops.dlq.message import NOT_ATTACHED, DlqMessage
from ops.profile_objects import Attached
from ops.trace.log_event import EventKind, LogEvent
from ops.trace.record_history import FINE, Outcome, RecordHistory
from tests.samples import NOW

RECORD = "0123456789abcdef0123456789abcdef"
QUEUED = LogEvent(NOW, "viewed-offer", EventKind.QUEUED)
RETURNED = LogEvent(NOW + timedelta(seconds=30), "writer", EventKind.RETURNED, 1, "ThrottlingException")
WRITTEN = LogEvent(NOW + timedelta(seconds=90), "writer", EventKind.WRITTEN, 2)
PARKED = LogEvent(NOW + timedelta(seconds=60), "writer", EventKind.PARKED, 1, "rejected_by_service")
OBJECT = Attached("profile-1", "key-1", {"recordId": RECORD})


def letter(reason: str = "rejected_by_service", **attributes: str) -> DlqMessage:
    """Return a parked message about the record."""
    return DlqMessage("m", "h", "{}", attributes, reason, "BadRequestException", "writer", NOW, NOW, 1, RECORD)


@pytest.mark.parametrize(
    ("events", "dead_letters", "objects", "outcome", "said"),
    [
        (
            [QUEUED, RETURNED, WRITTEN],
            [],
            [OBJECT],
            Outcome.ON_PROFILE,
            "1 min 30 s after it was queued: on profile profile-1",
        ),
        ([], [], [OBJECT], Outcome.ON_PROFILE, "written: on profile"),
        ([QUEUED], [], [], Outcome.ON_ITS_WAY, "not tried yet"),
        ([QUEUED, RETURNED], [], [], Outcome.RETURNED, "tried 1 time or more, last returned for ThrottlingException"),
        ([QUEUED, PARKED], [letter()], [], Outcome.PARKED, f"ops dlq redrive --record {RECORD}"),
        ([], [letter()], [], Outcome.PARKED, "rejected_by_service: BadRequestException"),
        ([QUEUED, PARKED], [], [], Outcome.GONE, "sent again"),
        ([QUEUED, WRITTEN], [], [], Outcome.GONE, "on no profile"),
        ([QUEUED, WRITTEN], [letter(NOT_ATTACHED)], [], Outcome.NOT_ATTACHED, "ops dlq show --domain"),
        ([QUEUED, PARKED, WRITTEN], [letter()], [OBJECT], Outcome.ON_PROFILE, "on profile"),
        ([], [], [], Outcome.UNKNOWN, "nothing is known"),
    ],
)
def test_what_is_seen_counts_more_than_what_was_said(
    events: list[LogEvent], dead_letters: list[DlqMessage], objects: list[Attached], outcome: Outcome, said: str
) -> None:
    """A record that was parked and sent again is on its profile, whatever its last line in the log."""
    story = RecordHistory(RECORD, events, dead_letters, objects)

    assert story.outcome is outcome
    assert said in story.conclusion
    assert story.document["outcome"] == str(outcome)


@pytest.mark.parametrize(
    ("events", "outcome"),
    [
        ([QUEUED, WRITTEN], Outcome.WRITTEN),
        ([QUEUED, RETURNED], Outcome.RETURNED),
        ([QUEUED], Outcome.ON_ITS_WAY),
    ],
)
def test_a_record_is_not_said_to_be_lost_where_nobody_could_be_asked(events: list[LogEvent], outcome: Outcome) -> None:
    """An outage of Customer Profiles is when records are looked for."""
    story = RecordHistory(RECORD, events, [], [], unasked="AWS could not be reached")

    assert story.outcome is outcome
    assert story.document["profilesNotAsked"] == "AWS could not be reached"


def test_attempts_are_known_from_the_logs_or_from_the_parked_message() -> None:
    """Logs are kept for less time than dead letters may need."""
    assert RecordHistory(RECORD, [QUEUED, RETURNED, WRITTEN], [], []).attempts == 2
    assert RecordHistory(RECORD, [], [letter(receives="300")], []).attempts == 300
    assert RecordHistory(RECORD, [], [letter(receives="many")], []).attempts == 0


def test_only_a_record_that_is_written_or_coming_needs_nobody() -> None:
    """The exit code is made of it."""
    assert set(Outcome) - FINE == {
        Outcome.WRITTEN,
        Outcome.RETURNED,
        Outcome.PARKED,
        Outcome.NOT_ATTACHED,
        Outcome.GONE,
        Outcome.UNKNOWN,
    }


def test_json_holds_no_empty_members() -> None:
    """A member that is there means something."""
    found: Any = RecordHistory(RECORD, [QUEUED], [], []).document

    assert found["events"] == [{"at": "2026-11-23T09:00:00.000Z", "where": "viewed-offer", "what": "queued"}]
