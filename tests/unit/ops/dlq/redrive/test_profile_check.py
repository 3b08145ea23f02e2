"""What a profile shows of a parked record: the same, something newer, or neither."""

from datetime import datetime, timedelta

import pytest

from ops.dlq.redrive.profile_check import ProfileCheck, ProfileState
from ops.profile_objects import ProfileObjects
from tests.fakes.shown_profiles import FakeShownProfiles
from tests.samples import JOURNEY, NOW, engagement_record

OTHER_RUN = {"journey": type(JOURNEY)(**{name: getattr(JOURNEY, name) for name in JOURNEY.__slots__} | {"run_id": "2"})}


@pytest.mark.parametrize(
    ("engaged_at", "state"),
    [
        (NOW - timedelta(milliseconds=1), ProfileState.ABSENT),
        (NOW, ProfileState.ABSENT),
        (NOW + timedelta(milliseconds=1), ProfileState.SUPERSEDED),
    ],
)
def test_only_something_newer_supersedes(engaged_at: datetime, state: ProfileState) -> None:
    """Of two runs of the same moment neither is newer: the parked record is sent."""
    client = FakeShownProfiles()
    client.write(engagement_record(engaged_at=engaged_at, **OTHER_RUN))
    check = ProfileCheck(ProfileObjects(client, "AnyCompanyDomain", "Offers"))

    assert check.state(engagement_record(engaged_at=NOW)) is state


def test_a_record_without_a_time_is_superseded_by_nothing() -> None:
    """Nobody knows what is newer than it."""
    client = FakeShownProfiles()
    client.write(engagement_record(engaged_at=NOW, **OTHER_RUN))
    check = ProfileCheck(ProfileObjects(client, "AnyCompanyDomain", "Offers"))

    assert check.state(engagement_record(engaged_at=None)) is ProfileState.ABSENT


def test_the_same_record_is_written_whatever_its_time() -> None:
    """An older version of it is another write of the same object."""
    client = FakeShownProfiles()
    client.write(engagement_record(engaged_at=NOW - timedelta(days=1)))
    check = ProfileCheck(ProfileObjects(client, "AnyCompanyDomain", "Offers"))

    assert check.state(engagement_record(engaged_at=NOW)) is ProfileState.WRITTEN
