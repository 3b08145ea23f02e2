"""`ops dlq show`: the shape of a message, and nothing personal unless it is asked for."""

import json
from dataclasses import replace

import pytest

from engagement.parking import Stage
from engagement.reasons import Reason
from ops.exits import Exit
from tests.fakes.deployment import FakeContext
from tests.fakes.queues import DEAD, DOMAIN
from tests.fakes.terminal import FakeScreen
from tests.samples import JOURNEY, engagement_record, pinpoint_event
from tests.unit.ops.dlq.operator import remembering, run, with_json
from tests.unit.ops.dlq.parked import park


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("domain", [True, False])
def test_nothing_personal_is_shown_unless_asked_for(*, as_json: bool, domain: bool) -> None:
    """A screen is shared, and scrolled back."""
    workplace = FakeContext(screen=FakeScreen(as_json=as_json))
    park(workplace.queues)
    park(workplace.queues, json.dumps(pinpoint_event()), stage=Stage.INGEST, viewed=True, reason=Reason.NO_IDENTITY)
    park(workplace.queues, '{"mary@example.com": {"mary@example.com": ["mary@example.com"]}}')
    park(workplace.queues, "mary@example.com", detail="for mary@example.com", reason=Reason.NOT_JSON)
    workplace.queues.put(DEAD, "mary@example.com", {"mary@example.com": "mary@example.com"})
    written = json.dumps({"UserId": "user-1", "email": "mary@example.com", "recordId": "0" * 32})
    body = json.dumps({"object": written, "errorMessage": "no profile for 'mary@example.com' or user1@example.com"})
    workplace.queues.put(DOMAIN, body)
    command = ["show", *(["--domain"] if domain else [])]

    assert run(workplace, *command) == Exit.FINE
    assert "example.com" not in workplace.screen.result
    assert "user-1" not in workplace.screen.result

    unmasked = FakeContext(screen=FakeScreen(as_json=as_json))
    unmasked.queues.queues = workplace.queues.queues
    run(unmasked, *command, "--unmask")
    assert "mary@example.com" in unmasked.screen.result


def test_a_masked_body_still_tells_what_is_wrong_with_it() -> None:
    """Its shape, the kind of each value and the length of each text."""
    workplace = with_json()
    park(workplace.queues)
    run(workplace, "show")
    [message] = workplace.screen.json["messages"]

    assert message["body"]["offerName"] == "30% Off Renewal"
    assert message["body"]["journey"]["id"] == "journey-1"
    assert message["body"]["customer"] == {"userId": "<masked: 6 characters>", "email": "<masked: 16 characters>"}


def test_show_stops_at_its_limit_and_gives_the_rest_back() -> None:
    """Ten messages are not the way to read forty thousand."""
    workplace = with_json()
    for _ in range(40):
        park(workplace.queues)
    run(workplace, "show", "--limit", "3")

    assert len(workplace.screen.json["messages"]) == 3
    assert len(workplace.queues.visible(DEAD)) == 40


def test_showing_nothing_is_a_problem_found() -> None:
    """Whoever asks for a record that is not parked must be able to tell."""
    workplace = FakeContext()
    park(workplace.queues)

    assert run(workplace, "show", "--record", "0" * 32) == Exit.PROBLEMS
    assert "none of 1 message passes the filters" in workplace.screen.result


def test_the_id_of_an_event_is_told_where_no_offers_name_is_part_of_it() -> None:
    """What was parked by an earlier version remembers no offer, and needs none for its id."""
    workplace = with_json()
    body = json.dumps(pinpoint_event())
    park(workplace.queues, body, reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True)

    run(workplace, "show")

    expected = engagement_record(journey=replace(JOURNEY, day="2026-11-20"), offer_identifies=False)
    [message] = workplace.screen.json["messages"]
    assert message["recordId"] == expected.record_id


def test_what_an_event_remembers_is_shown() -> None:
    """It is the settings' and the clock's, and nobody's personal data; an operator may want to edit it."""
    workplace = with_json()
    told = {"offerName": "Spring sale", "connectOfferNameFrom": "campaign", "acceptedAt": "2026-11-20T08:00:00.000Z"}
    park(workplace.queues, remembering(**told), reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True)

    run(workplace, "show")

    [message] = workplace.screen.json["messages"]
    assert message["body"]["parked"] == told
