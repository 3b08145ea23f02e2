"""The sample journeys: committed as generated, and as varied as they claim to be."""

import json
import re
from collections import Counter
from typing import Any

import pytest

from examples.generate import HERE, files
from examples.pinpoint import ENDPOINTS_AN_EVENT

EVENTS: dict[str, Any] = {path: json.loads(content) for path, content in files().items()}
PINPOINT = {path: event for path, event in EVENTS.items() if path.startswith("pinpoint-journey/")}
ENDPOINTS: list[dict[str, Any]] = [endpoint for event in PINPOINT.values() for endpoint in event["Endpoints"].values()]


def test_the_committed_files_are_what_the_script_writes() -> None:
    """A sample that was edited by hand would be lost at the next run of the script."""
    committed = {path.relative_to(HERE).as_posix(): path.read_text(encoding="utf-8") for path in HERE.rglob("*.json")}
    assert committed == files()


def test_no_event_holds_more_endpoints_than_pinpoint_sends() -> None:
    """Pinpoint sends fifty at most, and the sample is to be as Pinpoint would send it."""
    assert {len(event["Endpoints"]) <= ENDPOINTS_AN_EVENT for event in PINPOINT.values()} == {True}
    assert max(len(event["Endpoints"]) for event in PINPOINT.values()) == ENDPOINTS_AN_EVENT


@pytest.mark.parametrize("channel", ["EMAIL", "SMS", "VOICE", "APNS", "GCM", "CUSTOM"])
def test_every_channel_has_endpoints(channel: str) -> None:
    """Each channel is read in its own way."""
    assert Counter(endpoint["ChannelType"] for endpoint in ENDPOINTS)[channel] >= 3


def test_some_endpoints_are_out_of_the_ordinary() -> None:
    """The ordinary alone would prove little."""
    assert any("User" not in endpoint for endpoint in ENDPOINTS)
    assert any(endpoint["OptOut"] == "ALL" for endpoint in ENDPOINTS)
    assert any(endpoint["EndpointStatus"] == "INACTIVE" for endpoint in ENDPOINTS)
    assert not json.dumps(ENDPOINTS, ensure_ascii=False).isascii()


def test_some_users_have_several_endpoints_in_one_event() -> None:
    """Two endpoints of one user are one customer of one step: one record."""
    users = Counter(
        (path, endpoint["User"]["UserId"])
        for path, event in PINPOINT.items()
        for endpoint in event["Endpoints"].values()
        if endpoint.get("User", {}).get("UserId")
    )
    assert max(users.values()) >= 2


def test_the_custom_data_names_the_offer_in_several_forms() -> None:
    """A marketer types a JSON object, plain text, or nothing of the kind."""
    forms = {type(event["Data"]).__name__ for event in PINPOINT.values()}
    texts = {event["Data"][0] == "{" for event in PINPOINT.values() if isinstance(event["Data"], str)}
    assert (forms, texts) == ({"str", "dict"}, {True, False})


def test_nobody_can_be_reached() -> None:
    """Addresses are of the reserved domains, and numbers of the ranges kept free for fiction."""
    text = json.dumps(EVENTS, ensure_ascii=False)
    domains = set(re.findall(r"@([\w.]+)", text.lower()))
    numbers = [re.sub(r"\D", "", number) for number in re.findall(r"\+[\d ]+", text)]
    fictitious = re.compile(r"1\d{3}55501\d{2}|447700900\d{3}|442079460\d{3}")
    assert domains <= {"example.com", "example.org", "example.net"}
    assert [number for number in numbers if not fictitious.fullmatch(number)] == []
    assert len(numbers) > 50
