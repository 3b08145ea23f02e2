from typing import Any

import pytest

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from ingest.offer import offer_name


@pytest.mark.parametrize(
    ("data", "offer"),
    [
        ("Free Delivery", "Free Delivery"),
        ("  Free \n Delivery ", "Free Delivery"),
        ('{"offerName": "Free Delivery"}', "Free Delivery"),
        (' {"offerName": " Free  Delivery ", "other": 1}', "Free Delivery"),
        ({"offerName": "Free Delivery"}, "Free Delivery"),
        ("a,b,c", "a,b,c"),
        ("x" * 255, "x" * 255),
        ("Été 😀", "Été 😀"),
    ],
)
def test_custom_data_names_the_offer(data: object, offer: str) -> None:
    """One deployment serves any number of offers."""
    assert offer_name(data, "default") == offer


@pytest.mark.parametrize(
    "data",
    [None, "", " \n", "{}", '{"offerName": null}', '{"offerName": " "}', '{"other": 1}', {}, {"offerName": None}],
)
def test_without_a_name_the_settings_offer_counts(data: object) -> None:
    """Custom data may be there for another purpose, or not at all."""
    assert offer_name(data, "default") == "default"


@pytest.mark.parametrize(
    "data",
    [
        '{"offerName": "broken"',
        "{not json}",
        '{"offerName": 5}',
        '{"offerName": ["a"]}',
        pytest.param('{"a":' * 100_000, id="nested"),
        5,
        ["a"],
        True,
        "x" * 256,
        "a\x00b",
        "\ud800",
        '{"offerName": "\\ud800"}',
    ],
)
def test_a_name_that_cannot_be_meant_is_refused(data: Any) -> None:
    """A record under the default offer would tell the agent what is not true."""
    with pytest.raises(InvalidRecordError) as caught:
        offer_name(data, "default")

    assert caught.value.reason is Reason.INVALID_OFFER
