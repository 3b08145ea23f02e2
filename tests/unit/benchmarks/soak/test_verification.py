"""The verification of every id: that it passes what is right, and fails whatever is not."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from benchmarks.soak.proxy import digest
from benchmarks.soak.service import Stored
from benchmarks.soak.traffic import Traffic, expectations, traffic
from benchmarks.soak.verification import Account, Found, Verification
from local.demo.invoking import CustomerAnswer, Status
from ops.dlq.message import DlqMessage, parse_message

PROFILE_IDS = [f"{number:032x}" for number in range(40)]
SENT = traffic("kills", 200, PROFILE_IDS)
MOMENT = "2026-11-23T09:00:00.000Z"


@dataclass
class World:
    """What a faultless pipeline leaves behind; tests then break one thing about it."""

    answers: dict[str, list[list[CustomerAnswer]]] = field(default_factory=dict)
    objects: dict[str, Stored] = field(default_factory=dict)
    messages: list[DlqMessage] = field(default_factory=list)
    bodies: dict[str, set[str]] = field(default_factory=dict)

    def verified(self) -> tuple[Account, list[str]]:
        """Verify it."""
        found = Found(self.answers, list(self.objects.values()), self.messages, self.bodies)
        verification = Verification(found)
        return verification.account(SENT.sendings, SENT.poison), list(verification.rest())

    def message(self, reason: str) -> DlqMessage:
        """Return a parked message, which is taken out."""
        message = next(one for one in self.messages if one.attributes["reason"] == reason)
        self.messages.remove(message)
        return message

    def record(self, source: str = "pinpoint") -> str:
        """Return the id of a written record."""
        return next(key for key, stored in self.objects.items() if stored.members["source"] == source)


def parked(body: str, reason: str, **more: str) -> DlqMessage:
    """Return a message as the pipeline parks it."""
    attributes = dict.fromkeys(("detail", "stage", "firstSeen", "receives", "redrives"), "1")
    written = {name: {"StringValue": value} for name, value in {**attributes, "reason": reason, **more}.items()}
    return parse_message({"MessageId": "m", "ReceiptHandle": "h", "Body": body, "MessageAttributes": written})


def faultless(sent: Traffic) -> World:
    """Return what should become of the traffic."""
    world = World()
    for number, (event, customer) in enumerate(expectations(sent.sendings)):
        record_id = f"{number:032d}"
        [said] = world.answers.setdefault(event, [[]])
        if customer.written is not None:
            said.append(CustomerAnswer(event, customer.key, Status.QUEUED, record_id))
            members = {"engagedAt": MOMENT, **customer.written, "recordId": record_id}
            world.objects[record_id] = Stored(members, customer.profile_id or "any")
        elif customer.parked_body is None:
            said.append(CustomerAnswer(event, customer.key, Status.QUEUED, record_id))
            world.bodies[record_id] = {digest("the body")}
            world.messages.append(parked("the body", str(customer.parked), recordId=record_id))
        else:
            said.append(CustomerAnswer(event, customer.key, Status.PARKED, None, customer.parked))
            world.messages.append(parked(customer.parked_body, str(customer.parked)))
    # a foreign message that has a record's id is parked with it
    world.messages += [parked(poison.body, poison.reason) for poison in sent.poison[:2]]
    world.messages += [parked(poison.body, poison.reason, recordId="f" * 32) for poison in sent.poison[2:]]
    return world


def test_a_faultless_run_is_found_faultless() -> None:
    """A verification that cries wolf is switched off."""
    account, rest = faultless(SENT).verified()
    assert (account.missing, account.wrong, rest) == ([], [], [])
    assert account.sent == account.accepted == 200
    assert account.written + account.parked.total() == 200 + len(SENT.poison)


def test_a_lost_record_is_missing_by_name() -> None:
    """The very thing that a soak is for."""
    world = faultless(SENT)
    lost = world.record()
    del world.objects[lost]
    account, _ = world.verified()
    assert len(account.missing) == 1
    assert lost in account.missing[0]


@pytest.mark.parametrize("reason", ["no_identity", "object_too_large", "record_too_large", "not_json"])
def test_a_lost_parked_message_is_missing(reason: str) -> None:
    """Parking is a promise, too."""
    world = faultless(SENT)
    world.message(reason)
    account, _ = world.verified()
    assert len(account.missing) == 1


@pytest.mark.parametrize("member", ["offerName", "offerViewed", "journeyId", "UserId", "endpoint", "engagedAt"])
def test_an_object_that_differs_from_what_was_sent_is_wrong(member: str) -> None:
    """Written is not enough: written right."""
    world = faultless(SENT)
    record_id = world.record()
    stored = world.objects[record_id]
    world.objects[record_id] = replace(stored, members={**stored.members, member: "something else"})
    account, _ = world.verified()
    assert account.missing == []
    assert account.wrong[0].endswith(f"{member} is not as it was sent")


def test_an_object_on_another_profile_is_wrong() -> None:
    """A campaign of Connect names the profile."""
    world = faultless(SENT)
    record_id = world.record("connect")
    world.objects[record_id] = replace(world.objects[record_id], profile_id="another")
    account, _ = world.verified()
    assert "another profile" in account.wrong[0]


def test_what_no_event_has_is_named() -> None:
    """Nothing may be written or parked that was not sent."""
    world = faultless(SENT)
    world.objects["stray"] = Stored({"recordId": "stray"}, "any")
    world.messages += [parked("stray", "not_json"), parked("astray", "object_too_large", recordId="astray")]
    account, rest = world.verified()
    assert account.wrong == []
    assert len(rest) == 3


BREAKS: dict[str, Callable[[World], None]] = {
    "without a reason, as SQS itself moves it": lambda world: world.messages.append(
        replace(message := world.message("object_too_large"), attributes={"recordId": message.attributes["recordId"]})
    ),
    "for another reason": lambda world: world.messages.append(
        replace(
            message := world.message("no_identity"), attributes={**message.attributes, "reason": "malformed_customer"}
        )
    ),
    "with another body": lambda world: world.messages.append(
        replace(world.message("object_too_large"), body="altered")
    ),
    "beside its object": lambda world: world.messages.append(
        parked("the body", "receives_exhausted", recordId=world.record())
    ),
}


@pytest.mark.parametrize("how", BREAKS)
def test_a_customer_parked_amiss_is_wrong(how: str) -> None:
    """A parked message has its own reason and its own body, and is in one place."""
    world = faultless(SENT)
    BREAKS[how](world)
    account, _ = world.verified()
    assert len(account.wrong) == 1


def test_a_parked_message_that_is_there_twice_is_as_good_as_once() -> None:
    """The caller repeated the event, or the queue delivered it twice: neither loses anything."""
    world = faultless(SENT)
    world.messages += [message for message in world.messages if message.attributes["reason"] == "no_identity"]
    account, rest = world.verified()
    assert (account.missing, account.wrong, rest) == ([], [], [])


def test_a_repeat_that_is_answered_otherwise_is_wrong() -> None:
    """The same event twice must give the same records."""
    world = faultless(SENT)
    event, [said] = next(iter(world.answers.items()))
    world.answers[event].append([replace(said[0], record_id="another"), *said[1:]])
    account, _ = world.verified()
    assert "answered otherwise" in account.wrong[0]


def test_two_customers_with_one_record_id_are_wrong() -> None:
    """One would replace the other's object."""
    world = faultless(SENT)
    event = next(name for name, [said] in world.answers.items() if said[0].record_id is not None)
    [said] = world.answers[event]
    said[1] = replace(said[1], record_id=said[0].record_id)
    account, _ = world.verified()
    assert any("has the record id of" in one for one in account.wrong)


def test_a_customer_who_was_not_accepted_is_wrong() -> None:
    """A caller that gave up has not got everybody accepted."""
    world = faultless(SENT)
    world.answers.popitem()
    account, _ = world.verified()
    assert account.accepted < account.sent
    assert all("was not accepted" in one for one in account.wrong)
