"""The three functions, and who a customer is, as targets: each judges one case, returns its outcome, raises defects."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from engagement.errors import InvalidEventError, InvalidRecordError, UnsentError
from engagement.record import Customer
from engagement.wire import decode, encode
from ingest.settings import OfferNameFrom
from tests.fakes.bootstrap_function import TARGET, UNUSED_URL, Function
from tests.fakes.channel import FakeChannel
from tests.fakes.cloudformation import resource_request
from tests.fakes.invocation import FakeContext
from tests.fakes.profiles import FAULTS
from tests.fakes.queue import FakeQueue
from tests.fakes.writer import FakeWriter
from tests.fuzz.identities import one_customer, two_customers
from tests.fuzz.mutator import Mutator
from tests.samples import engagement_record, pinpoint_event
from tests.sqs_events import sqs_message
from writer.message import read_event

EXAMPLES = Path(__file__).parents[2] / "examples"
MOST_CUSTOMERS = 6
ANSWER_BYTES = 4_096
REFUSALS = ("", "", "ThrottlingException", "AccessDeniedException", "ResourceNotFoundException", "Odd")


@cache
def events() -> list[dict[str, Any]]:
    """Return the samples, each cut to a few customers."""
    made = [pinpoint_event()]
    for path in sorted(EXAMPLES.rglob("*.json")):
        event = json.loads(path.read_text(encoding="utf-8"))
        if "Endpoints" in event:
            event["Endpoints"] = dict(list(event["Endpoints"].items())[-MOST_CUSTOMERS:])
        else:
            event["Items"]["CustomerProfiles"] = event["Items"]["CustomerProfiles"][-MOST_CUSTOMERS:]
        made.append(event)
    return made


_DEFECT = re.compile(r"\w+ at \w+\.py:\d+")


def ingest(mutator: Mutator) -> str:
    """Hand a mutated event to a channel function: every customer is queued or parked, and answered."""
    event = mutator.mutated(mutator.choice(events()), mutator.randrange(1, 6))
    function = FakeChannel(viewed=mutator.random() < 0.5, offer_name_from=mutator.choice(list(OfferNameFrom)))
    faulty = mutator.random() < 0.2
    if faulty:
        _break(mutator, mutator.choice([function.queue, function.dead_letters]))
    try:
        answer = function.invoke(event)
    except InvalidEventError:
        assert function.queue.calls == function.dead_letters.calls == []
        return "refused"
    except UnsentError:
        assert faulty
        return "failed"
    json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()
    count = _customers(event)
    [line] = [line for line in function.lines if line["message"] == "customers accepted"]
    assert line["received"] == count == line["queued"] + line["parked"] + line["failed"]
    if not faulty:
        assert (line["queued"], line["parked"]) == (len(function.queue.messages), len(function.dead_letters.messages))
        assert line["failed"] == 0
    return "some parked" if line["parked"] else "accepted"


def _break(mutator: Mutator, queue: FakeQueue) -> None:
    match mutator.randrange(4):
        case 0:
            queue.fail("ServiceUnavailable", times=1)
        case 1:
            queue.refuse(lambda _: True, "InternalError", sender_fault=False, times=2)
        case 2:
            queue.refuse(lambda body: len(body) % 2 == 0, "InvalidMessageContents", sender_fault=True)
        case _:
            queue.lose_answers(1)


def _customers(event: Mapping[str, Any]) -> int:
    return len(event["Endpoints"] if "Endpoints" in event else event["Items"]["CustomerProfiles"])


def writer(mutator: Mutator) -> str:
    """Hand a batch of mutated messages to the writer: every one ends written, parked or returned."""
    records = [_message(mutator, number) for number in range(mutator.randrange(1, 13))]
    event: Any = {"Records": records}
    if mutator.random() < 0.05:
        event = mutator.mutated(event, 2)
    function = FakeWriter(threads=mutator.randrange(1, 5), park_without_limit=mutator.random() < 0.5)
    faults = [mutator.choice(FAULTS) for _ in range(mutator.choice([0, 0, 2, 10]))]
    function.profiles.fail(*faults)
    function.dead_letters.fail("ServiceUnavailable", mutator.choice([0, 0, 0, 1]))
    try:
        returned = function.invoke(event, mutator.choice([0.0, 14.0, 30.0, 30.0]))
    except InvalidEventError:
        assert not isinstance(event, dict) or not isinstance(event.get("Records"), list)
        assert not function.profiles.calls
        assert not function.dead_letters.calls
        return "refused"
    _judge(function, event["Records"], returned)
    return "some returned" if returned else "settled"


def _judge(function: FakeWriter, records: list[Any], returned: list[str]) -> None:
    messages = read_event({"Records": records})
    line = next(line for line in function.lines if line["message"] == "batch delivered")
    assert line["received"] == len(records) == line["written"] + line["parked"] + line["returned"]
    assert line["returned"] == len(returned)
    # the writer returns what a defect of ours meets, and names the error's type and place as its cause
    assert not [cause for cause in line["causes"] if _DEFECT.fullmatch(cause)], line["causes"]
    assert line["parked"] == len(function.dead_letters.messages)
    ids = Counter(message.message_id for message in messages)
    assert Counter(returned) <= ids
    done = [message for message in messages if message.message_id not in returned]
    # of one record's versions the one that was accepted last is written, and settles the others
    written = {accepted["recordId"] for accepted in function.profiles.accepted}
    unwritten = [message for message in done if _id(message.body) not in written]
    parked = Counter(message.body or " " for message in unwritten)
    assert parked <= Counter(function.dead_letters.bodies), "what is neither returned nor written is parked"


def _id(body: str) -> str | None:
    """Return the id of a body's record; for a body that holds none something that is never accepted."""
    try:
        return decode(body).record_id
    except InvalidRecordError:
        return None


def _message(mutator: Mutator, number: int) -> Any:
    body = encode(
        engagement_record(
            customer=Customer(user_id=f"user-{mutator.randrange(4)}"), offer_name=f"offer {mutator.randrange(3)}"
        )
    )
    kind = mutator.randrange(4)
    if kind == 1:
        body = json.dumps(mutator.mutated(json.loads(body), mutator.randrange(1, 4)))
    elif kind == 2:
        body = mutator.mutated_text(body)
    attributes = {"reason": "not_json", "redrives": str(mutator.choice(["1", "x", 10**30]))}
    message = sqs_message(
        body, f"message-{number}", mutator.randrange(1, 320), attributes if mutator.random() < 0.3 else None
    )
    return mutator.mutated(message, mutator.randrange(1, 3)) if mutator.random() < 0.2 else message


def bootstrap(mutator: Mutator) -> str:
    """Hand a mutated request to the bootstrap function: whoever can be answered is answered, once."""
    kind = mutator.choice(["Create", "Update", "Delete"])
    changes = {} if kind == "Create" else {"PhysicalResourceId": TARGET.physical_id}
    request = resource_request(
        kind, UNUSED_URL, {"DeleteObjectTypeOnStackDelete": mutator.choice(["true", "false"])}, **changes
    )
    event = mutator.mutated(request, mutator.randrange(1, 5))
    function = Function()
    refusal = mutator.choice(REFUSALS)
    if refusal:
        function.object_types.refuse(mutator.choice(["GetDomain", "DeleteProfileObjectType"]), refusal, times=20)
    url = event.get("ResponseURL") if isinstance(event, dict) else None
    context = FakeContext(mutator.choice([120.0, 120.0, 10.0]), function.clock)
    try:
        function.bootstrap.invoke(event, context)
    except InvalidEventError:
        assert not (isinstance(url, str) and url.startswith(("http://", "https://")))
        assert function.sender.responses == []
        return "nobody to answer"
    [answer] = function.sender.responses
    assert answer["Status"] in {"SUCCESS", "FAILED"}
    assert answer["PhysicalResourceId"]
    assert answer["Reason"]
    assert not answer["Reason"].startswith("Unexpected"), answer["Reason"]
    repeated = [answer[name] for name in ("StackId", "RequestId", "LogicalResourceId", "PhysicalResourceId")]
    # what a request brings and an answer must repeat is not ours to shorten
    assert len(json.dumps(answer)) <= ANSWER_BYTES or len(json.dumps(repeated)) > ANSWER_BYTES // 2
    return f"answered {answer['Status']}"


Target = Callable[[Mutator], str]
Targets = Mapping[str, Target]
TARGETS: Targets = {
    "ingest: events": ingest,
    "writer: queue messages": writer,
    "bootstrap: requests": bootstrap,
    "identity: one customer": one_customer,
    "identity: two customers": two_customers,
}
