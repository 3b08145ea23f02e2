from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.fields import event_time
from ingest.fields.event_time import parse_event_time
from tests.samples import NOW

MOMENT = datetime(2025, 10, 5, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        1_759_654_800,
        1_759_654_800.0,
        1_759_654_800_000,
        1_759_654_800_000_000,
        1_759_654_800_000_000_000,
        "1759654800",
        " 1759654800000 ",
        "1759654800000000",
        "1759654800000000000",
        "1759654800.000",
        "1.7596548E12",
        "1.7596548e9",
        "2025-10-05T09:00:00Z",
        "2025-10-05T09:00:00z",
        "2025-10-05t09:00:00.000z",
        "2025-10-05T09:00:00.000000001Z",
        "2025-10-05T09:00:00,0Z",
        "2025-10-05T09:00Z",
        "2025-10-05T09Z",
        "2025-10-05 09:00",
        "2025-10-05 09:00:00",
        " 2025-10-05T09:00:00Z\n",
        "\ufeff2025-10-05T09:00:00Z\u200e",
        '"2025-10-05T09:00:00Z"',
        "2025-10-05T11:00:00+02:00",
        "2025-10-05T11:00:00+0200",
        "2025-10-05T11:00:00+02",
        "2025-10-05T07:00:00\u221202:00",
        "2025-10-05 11:00:00 +0200",
        "2025-10-05 11:00:00 +0200 CEST",
        "2025-10-05 09:00:00 +0000 UTC",
        "2025-10-05 09:00:00 UTC",
        "2025-10-05T09:00:00 Z",
        "2025-10-05T09:00:00GMT",
        "2025-10-05T09:00:00Z[UTC]",
        "2025-10-05T09:00:00[UTC]",
        "2025-10-05T11:00:00+02:00[Europe/Berlin]",
        "2025-10-05T11:00:00[Europe/Berlin]",
        "2025-10-05T11:00:00 [Europe/Berlin]",
        "2025-10-05T05:00:00[!America/New_York][u-ca=gregory]",
        "20251005T090000Z",
        "20251005T090000.000Z",
        "20251005090000",
        "2025-W40-7T09:00:00Z",
        "2025/10/05 09:00:00",
        "\uff12\uff10\uff12\uff15-10-05T09:00:00Z",
        "/Date(1759654800000)/",
        "/Date(1759654800000+0200)/",
        "Sun, 05 Oct 2025 09:00:00 GMT",
        "Sun, 5 Oct 2025 11:00:00 +0200",
        "Sun, 05 Oct 2025 05:00:00 EDT",
        "05 Oct 2025 09:00 UT",
        "Sunday, 05-Oct-2025 09:00:00 GMT",
        "Sun Oct  5 09:00:00 2025",
        "Sun Oct  5 09:00:00 UTC 2025",
        "Sun Oct 05 2025 11:00:00 GMT+0200 (Central European Summer Time)",
        "October 5, 2025, 9:00:00 AM",
        "oct 5 2025 9:00 am",
    ],
)
def test_a_moment_is_read_in_every_usual_spelling(written: object) -> None:
    """Programs in many languages hand events over, and each writes time in its own way."""
    assert parse_event_time(written, NOW) == (True, MOMENT)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-10-05", datetime(2025, 10, 5, tzinfo=UTC)),
        ("20251005", datetime(2025, 10, 5, tzinfo=UTC)),
        (1_759_654_800.25, MOMENT + timedelta(seconds=0.25)),
        ("Oct 5 2025 12:30 AM", datetime(2025, 10, 5, 0, 30, tzinfo=UTC)),
        ("Oct 5 2025 12:30 PM", datetime(2025, 10, 5, 12, 30, tzinfo=UTC)),
        ("Sun, 05 Oct 2025 05:00:00 -0430", datetime(2025, 10, 5, 9, 30, tzinfo=UTC)),
    ],
)
def test_parts_that_are_missing_are_nothing_and_halves_of_the_day_are_told_apart(
    written: object, moment: datetime
) -> None:
    """Twelve o'clock is the usual trap."""
    assert parse_event_time(written, NOW).moment == moment


@pytest.mark.parametrize("written", [None, "", " \n", "\ufeff", '""'])
def test_what_says_nothing_is_no_unreadable_time(written: object) -> None:
    """Most journeys name no time, and no marketer has to fix them."""
    assert parse_event_time(written, NOW) == (False, None)


@pytest.mark.parametrize(
    "written",
    [
        "tomorrow",
        "undefined",
        "10/05/2025",
        "05.10.2025 09:00",
        "2025-13-05T09:00:00Z",
        "2025-10-05T25:00:00Z",
        "2025-10-05T09:00:00+99:99",
        "2025-10-05T09:00:00[Nowhere/Land]",
        "2025-10-05T09:00:00[../../etc/passwd]",
        "2025-10-05T09:00:00[]",
        "0001-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "1970-01-01T00:00:00Z",
        "1999-12-31T23:59:59Z",
        "9999-12-31T23:59:59Z",
        "2999-01-01",
        "Sun, 05 Oct 2025 09:00:00 CEST",
        "Sun, 05 Oct 2025",
        "05 Oct 25 09:00:00",
        "Sun Mon Oct 5 2025 09:00",
        "Oct 45 2025 09:00",
        "Oct 5 2025 13:00 PM",
        "Oct 5 2025 0:30 AM",
        0,
        "0",
        1,
        -1_759_654_800,
        10**30,
        pytest.param(10**5_000, id="whole number"),
        45_935.375,
        float("inf"),
        float("nan"),
        True,
        [],
        ["2025-10-05T09:00:00Z"],
        {"S": "2025-10-05T09:00:00Z"},
        pytest.param("9" * 5_000, id="digits"),
        pytest.param("2025-10-05T09:00:00Z" + " " * 100_000 + "x", id="blanks"),
        pytest.param("2025-10-05T09:00:00Z" + "[UTC]" * 100_000, id="brackets"),
    ],
)
def test_what_is_no_moment_or_cannot_be_one_is_unreadable(written: object) -> None:
    """A moment that is guessed is a date that an agent believes."""
    found = parse_event_time(written, NOW)

    assert found.is_unreadable
    assert found == (True, None)


def test_the_plausible_time_has_two_ends() -> None:
    """Clocks differ by hours, units by a thousand."""
    first, last = datetime(2000, 1, 1, tzinfo=UTC), NOW + timedelta(days=366)

    assert parse_event_time(first.isoformat(), NOW).moment == first
    assert parse_event_time(last.isoformat(), NOW).moment == last
    assert parse_event_time((last + timedelta(seconds=1)).isoformat(), NOW).is_unreadable
    assert parse_event_time((first - timedelta(seconds=1)).isoformat(), NOW).is_unreadable


def test_a_machine_without_time_zones_reads_what_needs_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """The runtime's image may come without them."""

    def unknown(name: str) -> None:
        raise ZoneInfoNotFoundError(name)

    monkeypatch.setattr(event_time, "ZoneInfo", unknown)

    assert parse_event_time("2025-10-05T09:00:00[UTC]", NOW).moment == MOMENT
    assert parse_event_time("2025-10-05T11:00:00+02:00[Europe/Berlin]", NOW).moment == MOMENT
    assert parse_event_time("2025-10-05T11:00:00[Europe/Berlin]", NOW).is_unreadable


@given(st.datetimes(datetime(2000, 1, 2), datetime(2026, 11, 22)).map(lambda read: read.replace(microsecond=0)))  # noqa: DTZ001 - UTC is added
def test_all_spellings_of_any_moment_agree(local: datetime) -> None:
    """What two programs write of one moment is one run."""
    wanted = local.replace(tzinfo=UTC)
    seconds = int(wanted.timestamp())
    spellings: list[Any] = [
        wanted.isoformat(),
        wanted.strftime("%Y-%m-%dT%H:%M:%Sz"),
        wanted.strftime("%Y%m%dT%H%M%SZ"),
        wanted.strftime("%a, %d %b %Y %H:%M:%S GMT"),
        wanted.strftime("%b %d, %Y, %I:%M:%S %p"),
        seconds,
        seconds * 1000,
        str(seconds * 1_000_000),
        seconds * 1_000_000_000,
    ]

    assert {parse_event_time(each, NOW).moment for each in spellings} == {wanted}


@given(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=40)
    | st.text("0123456789-:+TZWGMUTCAPE./[] ,OctSun", max_size=40)
)
def test_whatever_is_written_is_a_plausible_moment_or_none(written: object) -> None:
    """No spelling may end the reading of an event."""
    found = parse_event_time(written, NOW)

    assert found.moment is None or datetime(2000, 1, 1, tzinfo=UTC) <= found.moment <= NOW + timedelta(days=366)


@pytest.mark.parametrize("spelling", ["%d %b %Y %H:%M:%S GMT", "%A, %B %d, %Y %H:%M:%S", "%a %b %d %H:%M:%S %Y"])
def test_every_month_and_day_of_the_week_is_read(spelling: str) -> None:
    """As Python itself writes them; eight days of each month have every day of the week."""
    for month in range(1, 13):
        for day in range(1, 9):
            moment = datetime(2025, month, day, 9, tzinfo=UTC)
            assert parse_event_time(moment.strftime(spelling), NOW).moment == moment


@pytest.mark.parametrize("zone", ["EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "UT", "GMT"])
def test_a_zone_of_rfc_822_is_read_as_the_standard_library_reads_it(zone: str) -> None:
    """A customer in Denver was not sent the offer an hour earlier."""
    written = f"Sun, 05 Oct 2025 05:00:00 {zone}"

    assert parse_event_time(written, NOW).moment == parsedate_to_datetime(written)


def test_a_text_of_two_hundred_characters_is_read_and_a_longer_one_is_not() -> None:
    """Beyond that it is no time, and must not cost the event any."""
    comment = "2025-10-05T09:00:00Z"

    assert parse_event_time(comment + " " * (200 - len(comment)), NOW).moment == MOMENT
    assert parse_event_time(comment + " " * (201 - len(comment)), NOW).is_unreadable


@pytest.mark.parametrize(("written", "hour"), [("12:30 AM", 0), ("12:30 PM", 12), ("1:30 AM", 1), ("11:30 PM", 23)])
def test_halves_of_the_day_begin_at_twelve(written: str, hour: int) -> None:
    """Half past midnight is 12:30 AM."""
    assert parse_event_time(f"Oct 5 2025 {written}", NOW).moment == datetime(2025, 10, 5, hour, 30, tzinfo=UTC)


@pytest.mark.parametrize("written", ["0:30 AM", "13:30 PM"])
def test_an_hour_that_no_half_of_the_day_has_is_unreadable(written: str) -> None:
    """Which of the two is wrong is a guess."""
    assert parse_event_time(f"Oct 5 2025 {written}", NOW).is_unreadable
