import pytest

from engagement.errors import SettingsError
from ingest.settings import IngestSettings, OfferNameFrom

ENVIRONMENT = {
    "OFFER_VIEWED": "true",
    "OFFER_NAME": "30% Off Renewal",
    "ENGAGEMENT_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/1/engagement",
    "DEAD_LETTER_QUEUE_URL": "https://sqs.eu-west-1.amazonaws.com/1/dead",
    "CONNECT_OFFER_NAME_FROM": "campaign",
    "DEFAULT_PHONE_REGION": "GB",
}


def test_settings_are_read_from_the_environment() -> None:
    """The names are the template's."""
    assert IngestSettings.read(ENVIRONMENT) == IngestSettings(
        viewed=True,
        offer_name="30% Off Renewal",
        queue_url="https://sqs.eu-west-1.amazonaws.com/1/engagement",
        dead_letter_queue_url="https://sqs.eu-west-1.amazonaws.com/1/dead",
        connect_offer_name_from=OfferNameFrom.CAMPAIGN,
        default_phone_region="GB",
    )


@pytest.mark.parametrize("name", ENVIRONMENT)
@pytest.mark.parametrize("value", [None, "\x00"])
def test_a_missing_or_impossible_setting_is_named(name: str, value: str | None) -> None:
    """A function that started without it would lose the first customers to find out."""
    environment = {**ENVIRONMENT, name: value}
    given = {key: text for key, text in environment.items() if text is not None}

    with pytest.raises(SettingsError, match=f"^{name} "):
        IngestSettings.read(given)


@pytest.mark.parametrize("name", [name for name in ENVIRONMENT if name != "DEFAULT_PHONE_REGION"])
def test_an_empty_setting_is_named(name: str) -> None:
    """CloudFormation passes an empty parameter on."""
    with pytest.raises(SettingsError, match=f"^{name} "):
        IngestSettings.read({**ENVIRONMENT, name: ""})


def test_phone_numbers_need_not_have_a_default_region() -> None:
    """Where customers are from many countries none would be right."""
    assert IngestSettings.read({**ENVIRONMENT, "DEFAULT_PHONE_REGION": ""}).default_phone_region == ""


@pytest.mark.parametrize("region", ["ZZ", "UK", "EU", "us", "USA", "1"])
def test_a_region_that_no_numbering_plan_has_is_refused_at_start(region: str) -> None:
    """It would read no number, and every customer without a country code would be parked."""
    with pytest.raises(SettingsError, match="DEFAULT_PHONE_REGION"):
        IngestSettings.read({**ENVIRONMENT, "DEFAULT_PHONE_REGION": region})


def test_the_offers_name_is_tidied_as_custom_data_is() -> None:
    """The same offer named by the template and by a journey is the same offer, and has the same record id."""
    assert IngestSettings.read({**ENVIRONMENT, "OFFER_NAME": " 30%  Off "}).offer_name == "30% Off"


@pytest.mark.parametrize("offer", [" ", "x" * 256, "a\nb", "\u200b"])
def test_an_offer_that_no_profile_can_hold_is_refused_at_start(offer: str) -> None:
    """Every record of the deployment would be parked."""
    with pytest.raises(SettingsError, match="OFFER_NAME"):
        IngestSettings.read({**ENVIRONMENT, "OFFER_NAME": offer})
