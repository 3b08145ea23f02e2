import pytest

from engagement.errors import SettingsError
from writer.settings import WriterSettings

ENVIRONMENT = {
    "PROFILE_DOMAIN_NAME": "AnyCompanyDomain",
    "PROFILE_OBJECT_TYPE_NAME": "MarketingAssignedOffers",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters",
    "WRITER_THREADS": "8",
}


def test_the_settings_are_the_environments() -> None:
    """The names are the template's."""
    assert WriterSettings.read(ENVIRONMENT) == WriterSettings(
        domain_name="AnyCompanyDomain",
        object_type_name="MarketingAssignedOffers",
        dead_letter_queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/dead-letters",
        threads=8,
    )


@pytest.mark.parametrize("name", sorted(ENVIRONMENT))
def test_a_missing_setting_is_named(name: str) -> None:
    """Whoever deploys must not have to guess."""
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
        ("DEAD_LETTER_QUEUE_URL", "dead-letters"),
        ("WRITER_THREADS", "0"),
        ("WRITER_THREADS", "65"),
        ("WRITER_THREADS", "-1"),
        ("WRITER_THREADS", "8.0"),
        ("WRITER_THREADS", "eight"),
    ],
)
def test_a_setting_out_of_range_is_refused_with_its_value(name: str, value: str) -> None:
    """A wrong value must stop the function at its start, not cost it its records."""
    with pytest.raises(SettingsError, match=name) as refused:
        WriterSettings.read({**ENVIRONMENT, name: value})

    assert repr(value) in str(refused.value)


@pytest.mark.parametrize(("digits", "threads"), [("1", 1), ("64", 64)])
def test_threads_have_both_ends_of_their_range(digits: str, threads: int) -> None:
    """The ends are allowed values."""
    assert WriterSettings.read({**ENVIRONMENT, "WRITER_THREADS": digits}).threads == threads
