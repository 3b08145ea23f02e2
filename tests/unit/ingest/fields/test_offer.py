import base64
import html
import json
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from ingest.fields.offer import Offer, offer_of


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
    assert offer_of(data, "default") == Offer(offer, is_named=True)


JSON = '{"offerName": "2 for 1"}'


@pytest.mark.parametrize(
    "data",
    [
        json.dumps(JSON),
        json.dumps(json.dumps(JSON)),
        "\ufeff" + JSON,
        f"\u200b {JSON} \x00",
        f"[{JSON}]",
        json.dumps([JSON]),
        [JSON],
        [{"offerName": "2 for 1"}],
        '"2 for 1"',
        '["2 for 1"]',
        ["2 for 1"],
        json.dumps({"offerName": JSON}),
        html.escape(JSON),
        html.escape(json.dumps(JSON)),
        quote(JSON),
        quote_plus(JSON),
        base64.b64encode(JSON.encode()).decode(),
        base64.urlsafe_b64encode(f"[{JSON}]".encode()).decode().rstrip("="),
    ],
)
def test_json_is_unwrapped_however_it_came(data: object) -> None:
    """What a program wrapped on its way to us is no concern of the agent's."""
    assert offer_of(data, "default") == Offer("2 for 1", is_named=True)


@pytest.mark.parametrize(
    "name",
    [
        "[New] 2 for 1",
        "[2 for 1]",
        '"Free" coffee',
        "Offer Name",
        "Save {a lot}",
        "Fish &amp; Chips",
        "50% off",
        "aGVsbG8gd29ybGQ=",
        "Y2Fmw6k=AAAA",
        "W10=",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467 2 for 1",
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    ],
)
def test_a_name_that_only_resembles_json_stays(name: str) -> None:
    """Marketers write brackets, quotes and signs."""
    assert offer_of(name, "default") == Offer(name, is_named=True)


@pytest.mark.parametrize(
    "data",
    [
        "{'offerName': '2 for 1'}",
        "[{'offerName': '2 for 1'}]",
        json.dumps("{'offerName': '2 for 1'}"),
        JSON + JSON,
        JSON[:-1],
        f"[{JSON}",
        f"[{JSON},{JSON}]",
        f"`{JSON}`",
        f"'{JSON}'",
        f"data={JSON}",
        "\u201c{\u201cofferName\u201d: \u201c2 for 1\u201d}\u201d",
        "offerName=2 for 1",
        "offerName: 2 for 1",
        "<offerName>2 for 1</offerName>",
        quote(JSON[:-1]),
        html.escape(JSON[:-1]),
        "{{Attributes.Offer}}",
        "[object Object]",
        "[10]",
        pytest.param("[" * 100_000, id="nested"),
        pytest.param("{" + " " * 20_000 + "&quot;", id="long"),
        pytest.param('"[' * 3, id="quotes"),
    ],
)
def test_what_is_another_programs_text_is_never_shown_to_an_agent(data: object) -> None:
    """A wrong offer is worse than none: it is parked, and the marketer can fix it."""
    with pytest.raises(InvalidRecordError) as caught:
        offer_of(data, "default")

    assert caught.value.reason is Reason.INVALID_OFFER


def test_json_within_json_has_an_end() -> None:
    """Each round costs a parse, and a few bytes of backslashes must not cost many."""
    data = "2 for 1"
    for _ in range(7):
        data = json.dumps(data)

    assert offer_of(data, "default").name == "2 for 1"
    with pytest.raises(InvalidRecordError, match="JSON within JSON, more than 8 times"):
        offer_of(json.dumps(data), "default")


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ('{"OfferName": "secret"}', "; it has OfferName"),
        ('{"offer_name": "secret", "Offer-Name": "secret", "mary": 1}', "; it has Offer-Name, offer_name"),
        ({"offername": "secret"}, "; it has offername"),
        ('[{"offer name": "secret"}]', "; it has offer name"),
        ('{"mary": "secret"}', ""),
        ("{}", ""),
        ({}, ""),
    ],
)
def test_an_object_without_the_name_is_reported_with_what_was_probably_meant(data: object, named: str) -> None:
    """The default offer may be wrong, and nobody would look for it; other members may be anybody's."""
    assert offer_of(data, "default").unnamed == f"the custom data is JSON without offerName{named}"


@pytest.mark.parametrize("data", ["undefined", "None", " NaN ", '{"offerName": "undefined"}', ["N/A"], '"NULL"'])
def test_a_placeholder_names_no_offer_and_is_reported(data: object) -> None:
    """A program wrote it where the marketer had left the field empty; an agent would read it out."""
    found = offer_of(data, "default")

    assert (found.name, found.is_named) == ("default", False)
    assert found.unnamed == "the custom data is a placeholder, such as null or undefined"


@pytest.mark.parametrize("name", ["None of the above?", "Nil interest for a year", "Nothing to pay"])
def test_an_offer_that_holds_such_a_word_stays(name: str) -> None:
    """Only the word alone says nothing."""
    assert offer_of(name, "default").name == name


def test_an_empty_list_names_no_offer_and_is_reported() -> None:
    """It is JSON, and no name."""
    assert offer_of("[]", "default").unnamed == "the custom data is an empty list"


@pytest.mark.parametrize("data", [None, "", '{"offerName": null}', "null", '"null"', "2 for 1"])
def test_what_names_an_offer_or_plainly_none_is_not_reported(data: object) -> None:
    """A line for each event that is as it should be would hide those that are not."""
    assert offer_of(data, "default").unnamed is None


@pytest.mark.parametrize(
    "data",
    [None, "", " \n", "{}", '{"offerName": null}', '{"offerName": " "}', '{"other": 1}', {}, {"offerName": None}],
)
def test_without_a_name_the_settings_offer_counts(data: object) -> None:
    """Custom data may be there for another purpose, or not at all."""
    found = offer_of(data, "default")

    assert (found.name, found.is_named) == ("default", False)


@pytest.mark.parametrize(
    "data",
    [
        '{"offerName": "broken"',
        "{not json}",
        '{"offerName": 5}',
        '{"offerName": ["a"]}',
        pytest.param('{"a":' * 100_000, id="nested"),
        5,
        ["a", "b"],
        '["a", "b"]',
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
        offer_of(data, "default")

    assert caught.value.reason is Reason.INVALID_OFFER


@pytest.mark.parametrize("name", ["2 for 1", "2 for 12", "2 for 123"])
def test_base64_without_its_padding_is_read(name: str) -> None:
    """URLs drop the signs at its end: none, one or two, by the length of the text."""
    encoded = base64.urlsafe_b64encode(json.dumps({"offerName": name}).encode()).decode()

    assert {offer_of(text, "default").name for text in (encoded, encoded.rstrip("="))} == {name}
