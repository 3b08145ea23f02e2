"""`ops dlq list | show | export`: everything is seen, nothing is consumed, nothing personal is shown."""

import json
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from engagement.parking import Stage
from engagement.reasons import Reason
from ops import application
from ops.dlq.scan import DlqScan
from ops.errors import OpsError, UsageError
from ops.exits import Exit
from tests.fakes.clock import START
from tests.fakes.deployment import FakeContext, deployment
from tests.fakes.queues import DEAD, DOMAIN, client_error
from tests.fakes.terminal import FakeScreen
from tests.samples import JOURNEY, engagement_record, pinpoint_event
from tests.unit.ops.dlq.parked import park


def run(workplace: FakeContext, *arguments: str) -> Exit:
    """Run one `ops dlq` command at a stack in memory."""
    options = application.parse(["dlq", *arguments])
    place: Any = workplace
    ended: Exit = options.run(place)
    return ended


def _json() -> FakeContext:
    return FakeContext(screen=FakeScreen(as_json=True))


def test_messages_are_grouped_by_cause() -> None:
    """Forty thousand messages are three faults to mend."""
    workplace = _json()
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


@pytest.mark.parametrize("command", [["list"], ["show"], ["export", "FILE"]])
def test_looking_consumes_nothing(command: list[str], tmp_path: Path) -> None:
    """Every message is there afterwards, and can be received at once."""
    workplace = FakeContext()
    for number in range(57):
        park(workplace.queues, record=engagement_record(endpoint_id=f"endpoint-{number}"))
    before = workplace.queues.bodies(DEAD)

    assert run(workplace, *[str(tmp_path / "file") if part == "FILE" else part for part in command]) == Exit.FINE
    assert workplace.queues.bodies(DEAD) == before
    assert sorted(workplace.queues.visible(DEAD)) == sorted(before)
    assert not workplace.queues.bodies(DOMAIN)


@pytest.mark.parametrize("calls", range(1, 9))
def test_an_interrupted_look_gives_back_what_it_received(calls: int) -> None:
    """Ctrl-C in mid-look must not hide messages from whoever looks next."""
    workplace = FakeContext()
    for _ in range(57):
        park(workplace.queues)
    receives = iter(range(1, 100))

    def interrupt(operation: str) -> None:
        if operation == "ReceiveMessage" and next(receives) == calls:
            raise KeyboardInterrupt

    workplace.queues.before = interrupt
    with pytest.raises(KeyboardInterrupt):
        run(workplace, "list")

    assert len(workplace.queues.visible(DEAD)) == 57


def test_a_look_that_is_killed_hides_messages_for_a_minute_or_so_only() -> None:
    """After SIGKILL nobody gives anything back but SQS."""
    workplace = FakeContext()
    for _ in range(57):
        park(workplace.queues)

    def killed(operation: str) -> None:
        if operation == "ChangeMessageVisibilityBatch":
            raise SystemExit

    workplace.queues.before = killed
    with pytest.raises(SystemExit):
        run(workplace, "list")
    workplace.clock.advance(62)

    assert len(workplace.queues.visible(DEAD)) == 57


def test_what_cannot_be_given_back_is_said() -> None:
    """Throttled calls too: the operator must not look for messages that are merely hidden."""
    workplace = FakeContext()
    park(workplace.queues)

    def throttled(operation: str) -> None:
        if operation == "ChangeMessageVisibilityBatch":
            raise client_error("ThrottlingException", operation)

    workplace.queues.before = throttled
    run(workplace, "list")

    assert "1 message could not be made visible again; their visibility timeout ends within 1 min" in (
        workplace.screen.notes
    )


def test_a_queue_with_a_redrive_policy_is_not_looked_at() -> None:
    """There, and only there, looking costs receives that lead to loss."""
    workplace = FakeContext()
    park(workplace.queues)
    workplace.queues.redrive_policy = '{"maxReceiveCount": 3}'

    with pytest.raises(OpsError, match="redrive policy of its own"):
        run(workplace, "list")
    assert workplace.queues.queues[DEAD][0].receives == 0


def test_messages_in_flight_elsewhere_are_said_to_be_missing() -> None:
    """A half-moved queue must not look like an empty one."""
    workplace = FakeContext()
    park(workplace.queues)
    workplace.queues.receive_message(QueueUrl=DEAD, MaxNumberOfMessages=10, VisibilityTimeout=600)

    assert run(workplace, "list") == Exit.FINE
    assert "no message is parked" in workplace.screen.result
    assert "1 message in flight when the scan began" in workplace.screen.notes


def test_a_queue_that_is_being_consumed_at_the_same_time_is_looked_through_to_its_end() -> None:
    """Another operator's redrive goes on while we look."""
    workplace = FakeContext()
    for number in range(30):
        park(workplace.queues, record=engagement_record(endpoint_id=f"endpoint-{number}"))

    def consume(operation: str) -> None:
        if operation == "ReceiveMessage" and workplace.queues.visible(DEAD):
            gone = next(held for held in workplace.queues.queues[DEAD] if held.visible_at <= 0)
            workplace.queues.queues[DEAD].remove(gone)

    workplace.queues.before = consume
    assert run(workplace, "list") == Exit.FINE
    assert "1 cause, 27 messages" in workplace.screen.result


def test_a_queue_that_never_ends_is_left_after_a_while() -> None:
    """Messages that come back faster than they are looked at must not hold the operator."""
    workplace = FakeContext()
    park(workplace.queues)

    def come_back(operation: str) -> None:
        if operation == "ReceiveMessage":
            workplace.clock.advance(3600)

    workplace.queues.before = come_back
    assert run(workplace, "list") == Exit.PROBLEMS
    assert "more than one scan can receive" in workplace.screen.notes


def test_a_queue_with_too_much_in_flight_is_looked_at_as_far_as_it_goes() -> None:
    """SQS lets 120,000 messages be in flight."""
    workplace = FakeContext()
    for _ in range(15):
        park(workplace.queues)
    receives = iter(range(100))

    def limited(operation: str) -> None:
        if operation == "ReceiveMessage" and next(receives) == 1:
            raise client_error("OverLimit", operation)

    workplace.queues.before = limited
    assert run(workplace, "list") == Exit.PROBLEMS
    assert "1 cause, 10 messages" in workplace.screen.result
    assert len(workplace.queues.visible(DEAD)) == 15


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
    workplace = _json()
    next(_one_of_each(workplace))
    run(workplace, "list", *filters)

    assert workplace.screen.json["selected"] == messages
    assert workplace.screen.json["messages"] == 5


def test_a_cause_can_be_typed_by_its_key() -> None:
    """What the list shows is what the next command takes."""
    workplace = _json()
    next(_one_of_each(workplace))
    run(workplace, "list")
    key = workplace.screen.json["causes"][0]["cause"]
    again = _json()
    next(_one_of_each(again))
    run(again, "list", "--cause", key)

    assert [cause["cause"] for cause in again.screen.json["causes"]] == [key]


def test_ages_that_exclude_one_another_are_a_usage_error() -> None:
    """An empty answer would look like good news."""
    with pytest.raises(UsageError):
        run(FakeContext(), "list", "--older-than", "2d", "--newer-than", "1d")


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
    workplace = _json()
    park(workplace.queues)
    run(workplace, "show")
    [message] = workplace.screen.json["messages"]

    assert message["body"]["offerName"] == "30% Off Renewal"
    assert message["body"]["journey"]["id"] == "journey-1"
    assert message["body"]["customer"] == {"userId": "<masked: 6 characters>", "email": "<masked: 16 characters>"}


def test_show_stops_at_its_limit_and_gives_the_rest_back() -> None:
    """Ten messages are not the way to read forty thousand."""
    workplace = _json()
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


def test_the_domains_own_queue_is_grouped_by_what_the_service_says() -> None:
    """Objects that it accepted and could attach to nobody."""
    workplace = _json()
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


def test_an_export_holds_every_message_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    """It is what a purge can be undone from."""
    workplace = FakeContext()
    park(workplace.queues)
    park(workplace.queues, "not JSON \N{GRINNING FACE}", reason=Reason.NOT_JSON)
    path = tmp_path / "parked.jsonl"
    run(workplace, "export", str(path), "--unmask")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    assert [line["body"] for line in lines] == workplace.queues.bodies(DEAD)
    assert [line["attributes"] for line in lines] == [held.attributes for held in workplace.queues.queues[DEAD]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_an_export_is_masked_unless_asked_for(tmp_path: Path) -> None:
    """Files are sent on."""
    workplace = FakeContext()
    park(workplace.queues)
    run(workplace, "export", str(tmp_path / "parked.jsonl"))

    assert "mary" not in (tmp_path / "parked.jsonl").read_text(encoding="utf-8")
    assert "personal data masked" in workplace.screen.result


def test_an_export_overwrites_nothing(tmp_path: Path) -> None:
    """The file may be the only copy of what was purged."""
    (tmp_path / "parked.jsonl").write_text("precious", encoding="utf-8")

    with pytest.raises(UsageError, match="exists already"):
        run(FakeContext(), "export", str(tmp_path / "parked.jsonl"))


def test_an_export_that_fails_leaves_no_half_file(tmp_path: Path) -> None:
    """Half an export would be taken for a whole one."""
    workplace = FakeContext()
    park(workplace.queues)

    def fail(operation: str) -> None:
        if operation == "ReceiveMessage":
            raise client_error("AccessDenied", operation, 403)

    workplace.queues.before = fail
    with pytest.raises(OpsError, match="may not do that"):
        run(workplace, "export", str(tmp_path / "parked.jsonl"))

    assert not list(tmp_path.iterdir())


def test_an_export_to_nowhere_is_a_usage_error(tmp_path: Path) -> None:
    """One line, before anything is received."""
    with pytest.raises(UsageError, match="cannot be written"):
        run(FakeContext(), "export", str(tmp_path / "no" / "such" / "folder"))


def test_several_receives_at_once_see_every_message_once() -> None:
    """A large queue is looked through by several threads."""
    workplace = FakeContext()
    ids = {park(workplace.queues) for _ in range(300)}
    queues: Any = workplace.queues

    with DlqScan(queues, DEAD, visibility=600, threads=4) as scan:
        seen = [letter.message_id for letters in scan.rounds() for letter in letters]

    assert sorted(seen) == sorted(ids)
    assert len(workplace.queues.visible(DEAD)) == 300


def _remembering(**memory: str) -> str:
    return json.dumps({**pinpoint_event(), "parked": memory})


def test_the_offer_that_an_event_remembers_is_told() -> None:
    """The stack's setting may be another by now, and the customer was sent this one."""
    workplace = _json()
    body = _remembering(offerName="Spring sale", connectOfferNameFrom="settings", acceptedAt="2026-11-20T08:00:00.000Z")
    park(workplace.queues, body, reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True)

    run(workplace, "list", "--offer", "Spring sale")

    assert workplace.screen.json["causes"][0]["offers"] == {"Spring sale": 1}


def test_the_id_of_an_event_is_told_where_no_offers_name_is_part_of_it() -> None:
    """What was parked by an earlier version remembers no offer, and needs none for its id."""
    workplace = _json()
    body = json.dumps(pinpoint_event())
    park(workplace.queues, body, reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True)

    run(workplace, "show")

    expected = engagement_record(journey=replace(JOURNEY, day="2026-11-20"), offer_identifies=False)
    [message] = workplace.screen.json["messages"]
    assert message["recordId"] == expected.record_id


def test_what_an_event_remembers_is_shown() -> None:
    """It is the settings' and the clock's, and nobody's personal data; an operator may want to edit it."""
    workplace = _json()
    told = {"offerName": "Spring sale", "connectOfferNameFrom": "campaign", "acceptedAt": "2026-11-20T08:00:00.000Z"}
    park(workplace.queues, _remembering(**told), reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True)

    run(workplace, "show")

    [message] = workplace.screen.json["messages"]
    assert message["body"]["parked"] == told
