"""What every source of customers keeps, whoever calls: one suite over all of them."""

import copy
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.errors import InvalidEventError, InvalidRecordError, UnsentError
from engagement.reasons import Reason
from engagement.record import EngagementRecord
from ingest.settings import OfferNameFrom
from ingest.sources import connect, pinpoint
from ingest.sources.contract import MAX_REASON, CustomerOutcome, CustomerStatus, InvocationContext, Source
from ingest.sources.registry import SOURCES
from tests.fakes.channel import FakeChannel
from tests.samples import NOW, connect_event, endpoint, pinpoint_event, profile

INVOCATION = InvocationContext(
    viewed=True, offer_name="30% Off Renewal", connect_offer_name_from=OfferNameFrom.CAMPAIGN, now=NOW
)
SECRETS = ("mary", "major", "5550100")
"""Parts of every personal value in the events below, long enough not to turn up in a digest or a time by chance."""


@dataclass(frozen=True)
class Contract:
    """One source with events of its own.

    Attributes:
        source: The source.
        event: Makes an event of these customers; the key of each is ``customer-N``, N its position.
        good: Makes the customer of a position.
        bad: Customers for whom there can be no record, each with a personal value in it.
        statuses: Reads key and status of each answered customer.
        check_limits: Fails where an answer breaks a limit of the caller.
    """

    source: Source
    event: Callable[[Sequence[Any]], dict[str, Any]]
    good: Callable[[int], dict[str, Any]]
    bad: Sequence[Any]
    statuses: Callable[[Mapping[str, Any]], list[tuple[str, str]]]
    check_limits: Callable[[Mapping[str, Any]], None]


def pinpoint_statuses(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the endpoints' statuses."""
    return [(key, told["EventAttributes"]["EngagementStatus"]) for key, told in answer.items()]


def check_pinpoint_limits(answer: Mapping[str, Any]) -> None:
    """At most five attributes an endpoint, each name and value a text of at most 128 characters."""
    for told in answer.values():
        attributes = told["EventAttributes"]
        assert len(attributes) <= 5
        assert all(0 < len(text) <= 128 for pair in attributes.items() for text in pair)


def connect_event_of(customers: Sequence[Any]) -> dict[str, Any]:
    """Return a campaign's event in which each profile that is a map is named by its position."""
    named = [
        {"ProfileId": f"customer-{position}", **customer} if isinstance(customer, dict) else customer
        for position, customer in enumerate(customers)
    ]
    return connect_event(named)


def connect_profile(number: int) -> dict[str, Any]:
    """Return a profile that is named by its position in the event."""
    made = profile(number)
    del made["ProfileId"]
    return made


def connect_statuses(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the profiles' statuses."""
    return [(told["Id"], told["ResultData"]["status"]) for told in answer["Items"]["CustomerProfiles"]]


def check_connect_limits(answer: Mapping[str, Any]) -> None:
    """At most 32 KB of result a profile."""
    for told in answer["Items"]["CustomerProfiles"]:
        assert len(json.dumps(told["ResultData"]).encode()) <= 32 * 1024


CONTRACTS = [
    Contract(
        source=pinpoint,
        event=lambda customers: pinpoint_event({f"customer-{n}": customer for n, customer in enumerate(customers)}),
        good=endpoint,
        bad=[
            None,
            "mary.major@example.com",
            ["+15550100"],
            {"Address": "mary.major@@example.com", "ChannelType": "EMAIL"},
            {"Address": ["mary.major@example.com"]},
            {"Address": "+15550100", "ChannelType": {"mary": 1}},
            {"User": {"UserId": ["mary"]}},
            {"User": {"UserId": "mary\x00major"}},
            {"User": "mary"},
            {"User": {"UserId": "mary"}, "Metrics": {"mary": float("inf")}},
            {"User": {"UserId": "mary"}, "Attributes": {"mary": ["major" * 250_000]}},
        ],
        statuses=pinpoint_statuses,
        check_limits=check_pinpoint_limits,
    ),
    Contract(
        source=connect,
        event=connect_event_of,
        good=connect_profile,
        bad=[
            # The id alone identifies: what costs a customer the record is a record that no message holds. The second
            # is in the dead-letter queue as it came, where it is not escaped to ASCII.
            {"CustomerData": json.dumps({"mary": "major" * 250_000})},
            {"CustomerData": json.dumps({"mary": "major" + "é" * 200_000}, ensure_ascii=False)},
            {"CustomerData": json.dumps({"mary.major@example.com": ["+15550100" * 150_000]})},
        ],
        statuses=connect_statuses,
        check_limits=check_connect_limits,
    ),
]


@pytest.fixture(params=CONTRACTS, ids=lambda contract: contract.source.NAME)
def contract(request: pytest.FixtureRequest) -> Contract:
    """Each source in turn."""
    found: Contract = request.param
    return found


def keys(count: int) -> list[str]:
    """Return the keys of an event of ``count`` customers, in order."""
    return [f"customer-{number}" for number in range(count)]


def test_every_source_is_held_to_this_contract() -> None:
    """A new source is a line in two lists."""
    assert [contract.source for contract in CONTRACTS] == list(SOURCES)


def test_a_source_recognises_only_its_own_events(contract: Contract) -> None:
    """Two sources that both claim an event would depend on their order."""
    own = contract.event([contract.good(0)])
    others = [other.event([other.good(0)]) for other in CONTRACTS if other is not contract]

    assert contract.source.recognises(own)
    assert not any(map(contract.source.recognises, [*others, {}, {"Records": []}, {"detail": {}}, {"items": {}}]))


@pytest.mark.parametrize("count", [0, 1, 2, 50, 250])
def test_every_customer_is_answered_exactly_once_and_in_order(contract: Contract, count: int) -> None:
    """A customer without an answer is an error of the journey, or takes the wrong branch."""
    function = FakeChannel()

    answer = function.invoke(contract.event([contract.good(number) for number in range(count)]))

    assert contract.statuses(answer) == [(key, "queued") for key in keys(count)]
    assert [record["endpointId"] for record in function.queued] == keys(count)


def test_a_malformed_customer_costs_its_neighbours_nothing(contract: Contract) -> None:
    """One bad row of a segment must not lose the segment."""
    for bad in contract.bad:
        function = FakeChannel()

        answer = function.invoke(contract.event([contract.good(0), bad, contract.good(2)]))

        assert contract.statuses(answer) == [*zip(keys(3), ["queued", "parked", "queued"], strict=True)]
        assert len(function.queued) == 2
        [message] = function.dead_letters.messages
        assert message.attributes["reason"] in set(Reason)
        assert message.attributes["stage"] == "ingest"


def test_all_customers_malformed_is_no_error(contract: Contract) -> None:
    """Each one is parked; the caller has nothing to repeat."""
    function = FakeChannel()

    answer = function.invoke(contract.event(contract.bad))

    assert {status for _, status in contract.statuses(answer)} == {"parked"}
    assert len(function.dead_letters.messages) == len(contract.bad)


def test_what_is_parked_can_be_mended_and_handed_over_again(contract: Contract) -> None:
    """It is an event of the same caller, of the one customer."""
    function = FakeChannel()
    function.invoke(contract.event([contract.good(0), contract.bad[1]]))

    [body] = function.dead_letters.bodies
    again = FakeChannel()
    answer = again.invoke(json.loads(body))

    assert contract.source.recognises(json.loads(body))
    assert {status for _, status in contract.statuses(answer)} == {"parked"}
    assert again.dead_letters.bodies == [body]


def test_repeating_the_event_gives_the_same_ids(contract: Contract) -> None:
    """Whether a caller repeats a failed invocation is documented nowhere: it must be harmless."""
    event = contract.event([contract.good(number) for number in range(3)])
    function = FakeChannel()

    first = function.invoke(copy.deepcopy(event))
    function.clock.advance(3_600)
    second = function.invoke(copy.deepcopy(event))

    assert first == second
    assert len({record["recordId"] for record in function.queued}) == 3


def test_viewed_and_not_viewed_are_different_records(contract: Contract) -> None:
    """Both functions may be called for one customer, by two branches of a journey."""
    event = contract.event([contract.good(0)])
    viewed, not_viewed = FakeChannel(viewed=True), FakeChannel(viewed=False)
    viewed.invoke(event)
    not_viewed.invoke(event)

    assert viewed.queued[0]["recordId"] != not_viewed.queued[0]["recordId"]
    assert (viewed.queued[0]["offerViewed"], not_viewed.queued[0]["offerViewed"]) == (True, False)


def test_reading_leaves_the_event_as_it_was(contract: Contract) -> None:
    """What is parked must be what came."""
    event = contract.event([contract.good(0), *contract.bad])
    before = copy.deepcopy(event)

    contract.source.parse(event, INVOCATION)

    assert event == before


@pytest.mark.parametrize("status", list(CustomerStatus))
@pytest.mark.parametrize("reason", [None, "no_identity", "x" * MAX_REASON])
def test_an_answer_stays_within_the_callers_limits(
    contract: Contract, status: CustomerStatus, reason: str | None
) -> None:
    """An answer beyond them is refused whole."""
    outcomes = [CustomerOutcome(key, status, "f" * 32, reason) for key in keys(50)]

    contract.check_limits(contract.source.answer(outcomes))


@pytest.mark.parametrize(
    "fault",
    [
        lambda function: function.queue.fail("ServiceUnavailable", times=1),
        lambda function: function.queue.lose_answers(times=1),
        lambda function: function.queue.refuse(lambda _: True, "InternalError", sender_fault=False),
        lambda function: function.dead_letters.fail("AccessDenied", times=1),
        lambda function: function.dead_letters.refuse(lambda _: True, "InternalError", sender_fault=True),
    ],
    ids=["call", "lost answer", "entry", "parking", "parking entry"],
)
def test_failures_are_answered_or_fail_the_invocation(contract: Contract, fault: Callable[[FakeChannel], None]) -> None:
    """Success must never be the answer for a customer who is neither queued nor parked."""
    function = FakeChannel()
    fault(function)
    event = contract.event([contract.good(0), contract.bad[1]])

    try:
        statuses = [status for _, status in contract.statuses(function.invoke(event))]
    except UnsentError:
        assert not contract.source.ANSWERS_FAILURES
    else:
        assert contract.source.ANSWERS_FAILURES
        assert "failed" in statuses


def test_nothing_personal_is_in_reasons_details_and_logs(contract: Contract) -> None:
    """They are shown to operators, kept for months, and belong to no customer's data."""
    function = FakeChannel()
    function.invoke(contract.event([contract.good(0), *contract.bad]))

    readings = contract.source.parse(contract.event(contract.bad), INVOCATION)
    errors = [str(parsed.result) for parsed in readings if isinstance(parsed.result, InvalidRecordError)]
    warnings = [warning.detail for parsed in readings for warning in parsed.warnings]
    attributes = [" ".join(message.attributes.values()) for message in function.dead_letters.messages]
    told = " ".join([function.log.getvalue(), *errors, *warnings, *attributes]).lower()

    assert len(attributes) == len(contract.bad)
    assert not [secret for secret in SECRETS if secret in told]


SURROGATES = st.text(st.characters(categories=["Cs", "Cc", "L"]), max_size=4)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | SURROGATES
    | st.sampled_from(["x" * 300, "mary@example.com", "+15550100", "{", '{"offerName": 1}', '{"a": 1e999}']),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | SURROGATES, inner, max_size=3),
    max_leaves=6,
)


@st.composite
def mutated_events(draw: st.DrawFn) -> tuple[Contract, Any]:
    """Return an event after one to four changes anywhere in it."""
    contract = draw(st.sampled_from(CONTRACTS))
    customers = [contract.good(number) for number in range(draw(st.integers(0, 4)))]
    event = contract.event(customers)
    for _ in range(draw(st.integers(1, 4))):
        container, name = draw(st.sampled_from([(event, "Extra"), *_places(event)]))
        change = draw(st.sampled_from(["replace", "remove", "rename"]))
        if change == "replace":
            container[name] = draw(VALUES)
        elif change == "remove":
            container.pop(name, None) if isinstance(container, dict) else container.clear()
        elif isinstance(container, dict):
            container[draw(SURROGATES)] = container.pop(name, None)
    return contract, event


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield every place in a JSON value: its container with the name or the position."""
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, member in members:
        yield value, name
        yield from _places(member)


def _customers(event: Any) -> int:
    """Return how many customers a readable event has."""
    if "Endpoints" in event:
        return len(event["Endpoints"])
    return len(event["Items"]["CustomerProfiles"])


@given(mutated_events())
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_the_event_each_customer_ends_once_or_the_error_is_typed(case: tuple[Contract, Any]) -> None:
    """No member of an event is promised by any document."""
    _, event = case
    function = FakeChannel()

    try:
        answer = function.invoke(event)
    except InvalidEventError:
        assert function.queue.calls == function.dead_letters.calls == []
        return

    assert len(function.queue.messages) + len(function.dead_letters.messages) == _customers(event)
    assert json.dumps(answer, ensure_ascii=False, allow_nan=False).encode()


@given(VALUES)
@settings(deadline=None)
def test_whatever_is_handed_over_in_place_of_an_event_the_error_is_typed(event: Any) -> None:
    """The error's type is all that a caller and an alarm can go by."""
    with pytest.raises(InvalidEventError):
        FakeChannel().invoke(event)


def test_a_reading_is_a_record_or_an_error(contract: Contract) -> None:
    """Nothing between: the type alone decides what becomes of the customer."""
    readings = contract.source.parse(contract.event([contract.good(0), *contract.bad]), INVOCATION)

    assert [parsed.key for parsed in readings] == keys(1 + len(contract.bad))
    assert all(isinstance(parsed.result, EngagementRecord | InvalidRecordError) for parsed in readings)
