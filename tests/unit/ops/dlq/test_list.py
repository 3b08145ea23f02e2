"""`ops dlq list`: what is parked, by cause, chosen by filters."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from engagement.parking import Stage
from engagement.reasons import Reason
from ops.errors import UsageError
from ops.exits import Exit
from tests.fakes.clock import START
from tests.fakes.deployment import FakeContext, deployment
from tests.fakes.queues import DEAD, DOMAIN
from tests.samples import engagement_record, pinpoint_event
from tests.unit.ops.dlq.operator import remembering, run, with_json
from tests.unit.ops.dlq.parked import park


def test_messages_are_grouped_by_cause() -> None:
    """Forty thousand messages are three faults to mend."""
    workplace = with_json()
    for number in range(25):
        park(workplace.queues, record=engagement_record(endpoint_id=f"endpoint-{number}"))
    park(workplace.queues, "{", reason=Reason.NOT_JSON, detail="1 characters that are not JSON")
    park(workplace.queues, "[[", reason=Reason.NOT_JSON, detail="2 characters that are not JSON")

    assert run(workplace, "list") == Exit.FINE
    document = workplace.screen.json

    assert document["messages"] == 27
    assert [(cause["reason"], cause["messages"]) for cause in document["causes"]] == [
        ("rejected_by_service", 25),
        ("not_json", 2),
    ]
    assert document["causes"][0]["offers"] == {"30% Off Renewal": 25}
    assert document["causes"][0]["journeys"] == {"journey-1": 25}
    assert document["causes"][1]["detail"] == "* characters that are not JSON"


def test_a_line_above_sums_up() -> None:
    """The first look answers how many and since when."""
    workplace = FakeContext()
    for _ in range(1200):
        park(workplace.queues)

    run(workplace, "list")

    assert workplace.screen.result.startswith(
        "1 cause, 1,200 messages, first seen 2026-11-23 08:00:00Z, last 2026-11-23 08:00:00Z\n"
    )


def _one_of_each(workplace: FakeContext) -> Iterator[None]:
    other = engagement_record(offer_name="Free Month", endpoint_id="endpoint-2")
    park(workplace.queues)
    park(workplace.queues, record=other, first_seen=START - timedelta(days=3))
    park(
        workplace.queues,
        json.dumps(pinpoint_event({"endpoint-1": {}}, Data="Free Month")),
        reason=Reason.NO_IDENTITY,
        detail="none",
        stage=Stage.INGEST,
        viewed=True,
    )
    workplace.queues.put(DEAD, "not ours", {})
    workplace.queues.put(DEAD, "{}", {}, DeadLetterQueueSourceArn="arn:aws:sqs:eu-west-1:123456789012:engagement")
    yield


@pytest.mark.parametrize(
    ("filters", "messages"),
    [
        ([], 5),
        (["--reason", "rejected_by_service"], 2),
        (["--reason", "moved_by_sqs"], 1),
        (["--reason", "unlabelled"], 1),
        (["--reason", "no_identity", "--reason", "unlabelled"], 2),
        (["--stage", "ingest"], 1),
        (["--offer", "Free Month"], 1),
        (["--journey", "journey-1"], 3),
        (["--older-than", "2d"], 1),
        (["--newer-than", "2d", "--reason", "rejected_by_service"], 1),
        (["--record", engagement_record().record_id], 1),
        (["--record", "0" * 32], 0),
    ],
)
def test_filters_choose(filters: list[str], messages: int) -> None:
    """A message must pass all of them."""
    workplace = with_json()
    next(_one_of_each(workplace))
    run(workplace, "list", *filters)

    assert workplace.screen.json["selected"] == messages
    assert workplace.screen.json["messages"] == 5


def test_a_cause_can_be_typed_by_its_key() -> None:
    """What the list shows is what the next command takes."""
    workplace = with_json()
    next(_one_of_each(workplace))
    run(workplace, "list")
    key = workplace.screen.json["causes"][0]["cause"]
    again = with_json()
    next(_one_of_each(again))
    run(again, "list", "--cause", key)

    assert [cause["cause"] for cause in again.screen.json["causes"]] == [key]


def test_ages_that_exclude_one_another_are_a_usage_error() -> None:
    """An empty answer would look like good news."""
    with pytest.raises(UsageError):
        run(FakeContext(), "list", "--older-than", "2d", "--newer-than", "1d")


def test_the_domains_own_queue_is_grouped_by_what_the_service_says() -> None:
    """Objects that it accepted and could attach to nobody."""
    workplace = with_json()
    for number in range(3):
        written = json.dumps({"recordId": f"{number:032}", "offerName": "Free Month"})
        workplace.queues.put(DOMAIN, json.dumps({"object": written, "errorMessage": f"profile {number} is gone"}))
    run(workplace, "list", "--domain")
    [cause] = workplace.screen.json["causes"]

    assert (cause["reason"], cause["messages"], cause["detail"]) == ("not_attached", 3, "profile * is gone")
    assert cause["offers"] == {"Free Month": 3}


def test_a_domain_without_a_queue_is_said_to_lose() -> None:
    """An empty list would be read as nothing lost."""
    workplace = FakeContext(deployment=deployment(domain_dead_letter_queue_url=None))

    with pytest.raises(UsageError, match="is lost"):
        run(workplace, "list", "--domain")


def test_the_offer_that_an_event_remembers_is_told() -> None:
    """The stack's setting may be another by now, and the customer was sent this one."""
    workplace = with_json()
    body = remembering(offerName="Spring sale", connectOfferNameFrom="settings", acceptedAt="2026-11-20T08:00:00.000Z")
    park(workplace.queues, body, reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True)

    run(workplace, "list", "--offer", "Spring sale")

    assert workplace.screen.json["causes"][0]["offers"] == {"Spring sale": 1}
