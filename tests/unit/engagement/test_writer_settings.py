from dataclasses import asdict

import pytest

from engagement.errors import SettingsError
from engagement.writer_settings import WriterSettings

ENVIRONMENT = {
    "PROFILE_DOMAIN_NAME": "AnyCompanyDomain",
    "PROFILE_OBJECT_TYPE_NAME": "MarketingAssignedOffers",
    "ENGAGEMENT_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/engagement",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters",
    "WRITER_THREADS": "8",
    "MAX_WRITES_PER_SECOND": "80",
    "MAXIMUM_CONCURRENCY": "2",
    "BATCH_SIZE": "50",
    "MAX_RECEIVES": "300",
    "FIRST_BACKOFF_SECONDS": "30",
    "LONGEST_BACKOFF_SECONDS": "1800",
    "PARK_WITHOUT_LIMIT": "false",
}


def test_the_settings_are_the_environments() -> None:
    """The names are the template's."""
    assert WriterSettings.read(ENVIRONMENT) == WriterSettings(
        domain_name="AnyCompanyDomain",
        object_type_name="MarketingAssignedOffers",
        queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/engagement",
        dead_letter_queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters",
        threads=8,
        max_writes_per_second=80,
        environments=2,
        batch_size=50,
        max_receives=300,
        first_backoff=30,
        longest_backoff=1800,
        park_without_limit=False,
    )


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_a_missing_setting_is_named(name: str) -> None:
    """The person who deploys must not have to guess."""
    without = {key: value for key, value in ENVIRONMENT.items() if key != name}

    with pytest.raises(SettingsError, match=f"{name} is not set; expected"):
        WriterSettings.read(without)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PROFILE_DOMAIN_NAME", ""),
        ("PROFILE_DOMAIN_NAME", "x" * 65),
        ("PROFILE_DOMAIN_NAME", "any company"),
        ("PROFILE_OBJECT_TYPE_NAME", "1offers"),
        ("PROFILE_OBJECT_TYPE_NAME", "x" * 256),
        ("ENGAGEMENT_QUEUE_URL", "engagement"),
        ("DEAD_LETTER_QUEUE_URL", "dead-letters"),
        ("WRITER_THREADS", "0"),
        ("WRITER_THREADS", "65"),
        ("WRITER_THREADS", "-1"),
        ("WRITER_THREADS", "8.0"),
        ("WRITER_THREADS", "eight"),
        ("MAX_WRITES_PER_SECOND", "0"),
        ("MAX_WRITES_PER_SECOND", "10001"),
        ("MAX_WRITES_PER_SECOND", "0.5"),
        ("MAXIMUM_CONCURRENCY", "1"),
        ("MAXIMUM_CONCURRENCY", "1001"),
        ("BATCH_SIZE", "0"),
        ("BATCH_SIZE", "1001"),
        ("MAX_RECEIVES", "9"),
        ("MAX_RECEIVES", "1001"),
        ("FIRST_BACKOFF_SECONDS", "0"),
        ("FIRST_BACKOFF_SECONDS", "3601"),
        ("LONGEST_BACKOFF_SECONDS", "0"),
        ("LONGEST_BACKOFF_SECONDS", "43001"),
        ("PARK_WITHOUT_LIMIT", "yes"),
        ("PARK_WITHOUT_LIMIT", ""),
    ],
)
def test_a_setting_out_of_range_is_refused_with_its_value(name: str, value: str) -> None:
    """A wrong value must stop the function at its start, not cost it its records."""
    with pytest.raises(SettingsError, match=name) as refused:
        WriterSettings.read({**ENVIRONMENT, name: value})

    assert repr(value) in str(refused.value)


SMALL = {"BATCH_SIZE": "1", "FIRST_BACKOFF_SECONDS": "1", "LONGEST_BACKOFF_SECONDS": "1", "MAX_RECEIVES": "10"}
"""Beside these, every value of one setting is allowed by the others."""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WRITER_THREADS", 1),
        ("WRITER_THREADS", 64),
        ("MAX_WRITES_PER_SECOND", 1),
        ("MAX_WRITES_PER_SECOND", 10_000),
        ("MAXIMUM_CONCURRENCY", 2),
        ("MAXIMUM_CONCURRENCY", 1_000),
        ("BATCH_SIZE", 1_000),
        ("MAX_RECEIVES", 1_000),
        ("LONGEST_BACKOFF_SECONDS", 43_000),
    ],
)
def test_both_ends_of_a_range_are_allowed(name: str, value: int) -> None:
    """The template's parameters allow them."""
    settings = {**ENVIRONMENT, **SMALL, name: str(value)}
    settings["LONGEST_BACKOFF_SECONDS"] = str(value) if name == "LONGEST_BACKOFF_SECONDS" else "1"
    settings["MAX_WRITES_PER_SECOND"] = str(value) if name == "MAX_WRITES_PER_SECOND" else "10000"

    assert value in vars_of(WriterSettings.read(settings))


def vars_of(settings: WriterSettings) -> list[object]:
    """Return the values of all settings."""
    return list(asdict(settings).values())


def test_equal_backoffs_are_allowed() -> None:
    """Each return then takes as long as the last one: the template's parameters allow that, too."""
    same = {**ENVIRONMENT, "FIRST_BACKOFF_SECONDS": "1800", "LONGEST_BACKOFF_SECONDS": "1800"}

    assert WriterSettings.read(same).first_backoff == 1_800


def test_a_batch_of_exactly_fifteen_seconds_writes_is_allowed() -> None:
    """Two environments of forty writes a second write 600 in that time."""
    assert WriterSettings.read({**ENVIRONMENT, "BATCH_SIZE": "600"}).batch_size == 600
    with pytest.raises(SettingsError, match="MAX_WRITES_PER_SECOND has the value '80'; expected at least 81, "):
        WriterSettings.read({**ENVIRONMENT, "BATCH_SIZE": "601"})


@pytest.mark.parametrize(("environments", "share"), [("2", 40.0), ("10", 8.0), ("24", 80 / 24)])
def test_environments_share_the_writes_equally(environments: str, share: float) -> None:
    """MaximumConcurrency caps the environments, so that the shares never add up to more than the whole."""
    assert WriterSettings.read({**ENVIRONMENT, "MAXIMUM_CONCURRENCY": environments}).share == share


def test_a_first_backoff_beyond_the_longest_is_refused() -> None:
    """One of the two is a mistake, and which one is unknown."""
    with pytest.raises(SettingsError, match=r"FIRST_BACKOFF_SECONDS has the value '30'; expected no more than .* 29"):
        WriterSettings.read({**ENVIRONMENT, "LONGEST_BACKOFF_SECONDS": "29"})


@pytest.mark.parametrize(
    ("receives", "longest", "most"), [("337", "1800", 336), ("1000", "1800", 336), ("300", "43000", 14)]
)
def test_more_receives_than_the_queue_remembers_a_message_for_are_refused(
    receives: str, longest: str, most: int
) -> None:
    """The queue would drop the record before the writer parks it: the one way to lose one without a trace."""
    patient = {**ENVIRONMENT, "LONGEST_BACKOFF_SECONDS": longest}

    with pytest.raises(SettingsError, match=f"MAX_RECEIVES has the value '{receives}'; expected no more than {most}, "):
        WriterSettings.read({**patient, "MAX_RECEIVES": receives})

    assert WriterSettings.read({**patient, "MAX_RECEIVES": str(most)}).max_receives == most


def test_a_batch_that_a_share_cannot_write_in_time_is_refused_with_what_would_do() -> None:
    """Its end would be returned untried, batch after batch, until its receives were used up."""
    with pytest.raises(SettingsError, match="MAX_WRITES_PER_SECOND has the value '80'; expected at least 84, "):
        WriterSettings.read({**ENVIRONMENT, "MAXIMUM_CONCURRENCY": "25"})

    enough = {**ENVIRONMENT, "MAXIMUM_CONCURRENCY": "25", "MAX_WRITES_PER_SECOND": "84"}
    assert WriterSettings.read(enough).environments == 25


def test_an_operator_can_lift_the_limit_of_parking() -> None:
    """Once an operator has found that the records really are bad."""
    assert WriterSettings.read({**ENVIRONMENT, "PARK_WITHOUT_LIMIT": "true"}).park_without_limit
