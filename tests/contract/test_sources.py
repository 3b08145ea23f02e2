"""What every source promises: one suite over all of them."""

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagement.errors import InvalidEventError, InvalidRecordError, UnsentError
from engagement.reasons import Reason
from engagement.record import EngagementRecord
from ingest.settings import OfferNameFrom
from ingest.sources.contract import MAX_REASON, CustomerOutcome, CustomerStatus, InvocationContext
from ingest.sources.registry import SOURCES, recognise
from tests.contract.source_contracts import CONTRACTS, SECRETS, Contract
from tests.fakes.channel import FakeChannel
from tests.samples import NOW

INVOCATION = InvocationContext(
    viewed=True, offer_name="30% Off Renewal", connect_offer_name_from=OfferNameFrom.CAMPAIGN, now=NOW
)


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


def test_what_is_parked_can_be_corrected_and_sent_again(contract: Contract) -> None:
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


@pytest.mark.parametrize("status", list(CustomerStatus))
@pytest.mark.parametrize(
    ("record_id", "reason"), [("f" * 32, None), (None, "no_identity"), ("f" * 32, "InternalError")]
)
def test_a_source_reads_back_what_it_answers(
    contract: Contract, status: CustomerStatus, record_id: str | None, reason: str | None
) -> None:
    """A redrive deletes a parked customer only if the answer says what became of that very customer."""
    answer = contract.source.answer([CustomerOutcome("customer-0", status, record_id, reason)])
    said = {"status": str(status), "recordId": record_id, "reason": reason}

    assert contract.source.answered(answer, "customer-0") == {name: text for name, text in said.items() if text}
    assert contract.source.answered(answer, "customer-1") == {}


def test_an_answer_about_several_customers_or_of_another_shape_says_nothing(contract: Contract) -> None:
    """A page, an empty answer or another caller's must not delete the last trace of a customer."""
    outcomes = [CustomerOutcome(key, CustomerStatus.QUEUED, "f" * 32) for key in keys(2)]
    one = contract.source.answer(outcomes[:1])
    others = [other.source.answer(outcomes[:1]) for other in CONTRACTS if other is not contract]

    for answer in [contract.source.answer(outcomes), {**one, "more": {}}, *others, {}, {"customer-0": None}]:
        assert contract.source.answered(answer, "customer-0") == {}


@pytest.mark.parametrize("value", [None, [], {}, "text", ["text"], 5])
def test_an_answer_with_one_value_of_another_type_is_not_success(contract: Contract, value: Any) -> None:
    """Each place of an answer in turn; the values of the record's id and the reason are checked by the redrive."""
    one = contract.source.answer([CustomerOutcome("customer-0", CustomerStatus.QUEUED, "f" * 32)])

    for number in range(len(list(_places(one)))):
        answer = copy.deepcopy(one)
        container, name = list(_places(answer))[number]
        container[name] = value
        said = contract.source.answered(answer, "customer-0")
        assert said.get("status") != "queued" or value in (said.get("recordId"), said.get("reason"))


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
    shown = " ".join([function.log.getvalue(), *errors, *warnings, *attributes]).lower()

    assert len(attributes) == len(contract.bad)
    assert not [secret for secret in SECRETS if secret in shown]


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

    source, members = recognise(event)
    [customers] = [contract.customers(members) for contract in CONTRACTS if contract.source is source]
    assert len(function.queue.messages) + len(function.dead_letters.messages) == customers
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
