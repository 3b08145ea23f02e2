"""What a journey or another caller can send to a channel function, through the function's own code."""

import json
from typing import Any

import pytest

from engagement.errors import InvalidEventError
from engagement.wire import decode
from tests.fakes.channel import FakeChannel
from tests.samples import connect_event, endpoint, pinpoint_event, profile

GOOD = {"good-1": endpoint(1), "good-2": endpoint(2)}


def parsed(event: str) -> Any:
    """Return the event as Lambda's runtime hands it over."""
    return json.loads(event)


def nested(levels: int) -> dict[str, Any]:
    """Return maps in maps, ``levels`` deep."""
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def statuses(answer: dict[str, Any]) -> dict[str, str]:
    """Return each endpoint's status as the journey hears it."""
    return {name: said["EventAttributes"]["EngagementStatus"] for name, said in answer.items()}


def invoke_with(bad: object, endpoint_id: str = "bad") -> tuple[FakeChannel, str, str | None]:
    """Hand a bad endpoint over between two good ones; return the function, the bad one's status and its reason."""
    function = FakeChannel()
    answer = function.invoke(pinpoint_event({"good-1": endpoint(1), endpoint_id: bad, "good-2": endpoint(2)}))
    said = answer[endpoint_id]["EventAttributes"]
    assert statuses(answer) == {"good-1": "queued", endpoint_id: said["EngagementStatus"], "good-2": "queued"}
    assert len(function.queue.messages) + len(function.dead_letters.messages) == 3
    return function, said["EngagementStatus"], said.get("EngagementReason")


@pytest.mark.parametrize(
    "event",
    [None, True, 5, 1.5, "", "text", [], [{}], {}, {"Records": [{"body": "{}"}]}, {"endpoints": {}}, {"detail": {}}],
)
def test_what_is_no_event_of_a_known_contract_is_a_typed_error(event: object) -> None:
    """A wrong caller hears what is wrong, and nothing is queued or parked for it."""
    function = FakeChannel()

    with pytest.raises(InvalidEventError):
        function.invoke(event)

    assert function.queue.calls == function.dead_letters.calls == []


@pytest.mark.parametrize("endpoints", [None, [], [endpoint()], "text", 5, False])
def test_endpoints_that_are_no_map_are_a_typed_error(endpoints: object) -> None:
    """Null above all: it is there, and yet nobody is in it."""
    with pytest.raises(InvalidEventError, match="not a map"):
        FakeChannel().invoke({**pinpoint_event(), "Endpoints": endpoints})


def test_an_event_without_endpoints_is_a_typed_error() -> None:
    """Nothing else tells a Pinpoint event from any other."""
    event = pinpoint_event()
    del event["Endpoints"]

    with pytest.raises(InvalidEventError, match="known formats"):
        FakeChannel().invoke(event)


def test_an_empty_map_of_endpoints_is_answered_with_an_empty_map() -> None:
    """A segment can be empty."""
    assert FakeChannel().invoke(pinpoint_event({})) == {}


def test_ten_thousand_endpoints_are_each_queued_and_answered() -> None:
    """A caller that does not keep to Pinpoint's fifty an invocation loses nobody."""
    function = FakeChannel(threads=8)

    answer = function.invoke(pinpoint_event({f"endpoint-{number}": endpoint(number) for number in range(10_000)}))

    assert set(statuses(answer).values()) == {"queued"}
    assert len({record["recordId"] for record in function.queued}) == len(answer) == 10_000
    assert len(function.queue.calls) == 1_000


def test_an_endpoint_of_250_kb_is_queued_whole() -> None:
    """It fits a message; whether it fits a profile is the writer's affair."""
    function, status, _ = invoke_with(endpoint(3, Attributes={"Notes": ["x" * 250_000]}))

    assert status == "queued"
    assert max(map(len, function.queue.bodies)) > 250_000


@pytest.mark.parametrize("text", ["x" * 1_048_576, "é" * 524_288], ids=["ascii", "accented"])
def test_an_endpoint_beyond_1_mib_is_parked_by_name(text: str) -> None:
    """No message can hold it."""
    function, status, reason = invoke_with(endpoint(3, Attributes={"Notes": [text]}))

    assert (status, reason) == ("parked", "record_too_large")
    assert json.loads(function.dead_letters.bodies[0])["omitted"]["customer"] == "bad"


def test_what_a_message_holds_in_utf_8_is_parked_whole() -> None:
    """What is parked by name alone cannot be corrected."""
    bad = endpoint(3, Attributes={"Notes": ["é" * 200_000 + "\ud800\uffff"]})
    function, status, reason = invoke_with(bad)

    assert (status, reason) == ("parked", "record_too_large")
    assert json.loads(function.dead_letters.bodies[0])["Endpoints"] == {"bad": bad}


@pytest.mark.parametrize(
    "bad",
    [
        None,
        [],
        "text",
        5,
        endpoint(User="user-1"),
        endpoint(User=["user-1"]),
        endpoint(User={"UserId": ["user-1"]}),
        endpoint(User={"UserId": {}}),
        endpoint(Address={"a": 1}),
        endpoint(ChannelType=["EMAIL"]),
    ],
)
def test_a_wrong_type_is_parked_as_malformed(bad: object) -> None:
    """Null where a map belongs, a list where text does: one customer's fault."""
    function, status, reason = invoke_with(bad)

    assert (status, reason) == ("parked", "malformed_customer")
    assert json.loads(function.dead_letters.bodies[0])["Endpoints"] == {"bad": bad}


@pytest.mark.parametrize("name", ["User", "Attributes", "Metrics", "Location", "Demographic"])
def test_null_for_an_optional_map_of_an_endpoint_is_absence(name: str) -> None:
    """Every member of an endpoint is optional."""
    _, status, _ = invoke_with(endpoint(3, **{name: None}))

    assert status == "queued"


@pytest.mark.parametrize("value", [None, [], {}, 5, True, "x" * 300, "\ud800", "\x00"])
@pytest.mark.parametrize("name", ["ApplicationId", "JourneyId", "JourneyRunId", "JourneyActivityId", "ScheduledTime"])
def test_a_wrong_type_in_the_envelope_costs_nobody(name: str, value: object) -> None:
    """No document promises these members, so none may be relied upon."""
    function = FakeChannel()

    answer = function.invoke(pinpoint_event(GOOD, **{name: value}))

    assert set(statuses(answer).values()) == {"queued"}


def test_of_duplicate_endpoint_ids_the_last_counts() -> None:
    """JSON parsers keep the last member of a name; what the function is never shown it cannot park."""
    event = parsed('{"Endpoints": {"a": null, "a": {"User": {"UserId": "user-1"}}}}')

    assert statuses(FakeChannel().invoke(event)) == {"a": "queued"}


def test_two_endpoints_of_one_user_share_a_record_id() -> None:
    """The customer keeps one object for the offer and run; each endpoint is queued and answered."""
    function = FakeChannel()

    answer = function.invoke(pinpoint_event({"mail": endpoint(1), "phone": endpoint(1, ChannelType="SMS")}))

    assert list(statuses(answer).values()) == ["queued", "queued"]
    assert len({record["recordId"] for record in function.queued}) == 1


def test_a_profile_that_is_named_twice_is_queued_twice_and_answered_once() -> None:
    """The id is the same, so the second write changes nothing."""
    function = FakeChannel()

    answer = function.invoke(connect_event([profile(1), profile(1)]))

    assert [result["Id"] for result in answer["Items"]["CustomerProfiles"]] == ["profile-1"]
    assert len({record["recordId"] for record in function.queued}) == 1


@pytest.mark.parametrize(
    "bad",
    [
        endpoint(3, Attributes={"Na\ud800me": ["a"]}),
        endpoint(3, Attributes={"Name": ["Zo\ud800", "\udfff\ud800"]}),
        endpoint(3, **{"\udfff": 1}),
        endpoint(3, Address="mary\ud800@example.com"),
    ],
)
def test_half_characters_in_what_is_only_carried_cost_nothing(bad: object) -> None:
    """A name cut in two by another system is replaced there, and the customer keeps the offer."""
    function, status, _ = invoke_with(bad)

    assert status == "queued"
    assert all("\\ud" not in body for body in function.queue.bodies)


def test_a_half_character_in_an_only_address_identifies_nobody() -> None:
    """Replaced, it would be another customer's address."""
    _, status, reason = invoke_with({"ChannelType": "EMAIL", "Address": "mary\ud800@example.com"})

    assert (status, reason) == ("parked", "unreadable_identity")


@pytest.mark.parametrize("character", ["\ud800", "\x00", "\x1b", "\x85"])
def test_what_no_profile_holds_is_refused_in_a_user_id(character: str) -> None:
    """An id with a character removed is another id."""
    _, status, reason = invoke_with(endpoint(3, User={"UserId": f"user{character}3"}))

    assert (status, reason) == ("parked", "malformed_customer")


@pytest.mark.parametrize("endpoint_id", ["", "a\x00b", "x" * 256])
def test_what_no_profile_holds_is_refused_in_an_endpoint_id(endpoint_id: str) -> None:
    """It is answered by the very id that it came with."""
    _, status, reason = invoke_with(endpoint(3), endpoint_id)

    assert (status, reason) == ("parked", "malformed_customer")


def test_control_characters_in_what_is_only_carried_cost_nothing() -> None:
    """They are escaped on their way, and come out as they went in."""
    bad = endpoint(3, Attributes={"No\x00te": ["\x00\x1f\x7f\u2028\ufffe"]})
    function, status, _ = invoke_with(bad)

    assert status == "queued"
    assert [decode(body).endpoint for body in function.queue.bodies][1] == bad


def test_nesting_is_taken_to_its_limit_and_parked_beyond() -> None:
    """A few bytes of brackets must not exhaust the stack of whatever reads them next."""
    _, status, _ = invoke_with(endpoint(3, Deep=nested(63)))
    assert status == "queued"

    for levels in (64, 900, 100_000):
        _, status, reason = invoke_with(endpoint(3, Deep=nested(levels)))
        assert (status, reason) == ("parked", "malformed_customer")


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN"])
def test_a_number_that_json_cannot_write_again_is_parked(number: str) -> None:
    """Python's parser takes them, and no other would take what it writes."""
    bad = parsed(f'{{"User": {{"UserId": "user-3"}}, "Metrics": {{"visits": {number}}}}}')
    function, status, reason = invoke_with(bad)

    assert (status, reason) == ("parked", "malformed_customer")
    assert "Infinity" not in function.dead_letters.bodies[0]
    assert "NaN" not in function.dead_letters.bodies[0]


@pytest.mark.parametrize(
    ("data", "offer"),
    [
        ('{"offerName": "Free Delivery"}', "Free Delivery"),
        ('{"other": "x"}', "30% Off Renewal"),
        ("Free Delivery", "Free Delivery"),
        ("10,20", "10,20"),
        ("", "30% Off Renewal"),
        (None, "30% Off Renewal"),
        ({"offerName": "Free Delivery"}, "Free Delivery"),
    ],
)
def test_custom_data_names_the_offer_of_every_customer(data: object, offer: str) -> None:
    """One deployment serves any number of offers."""
    function = FakeChannel()

    function.invoke(pinpoint_event(GOOD, Data=data))

    assert [record["offerName"] for record in function.queued] == [offer, offer]


@pytest.mark.parametrize(
    "data",
    [
        '{"offerName": "broken',
        ["Free Delivery", "2 for 1"],
        42,
        True,
        "x" * 256,
        "a\x00b",
        "\ud800",
        '{"offerName": [1]}',
    ],
)
def test_custom_data_that_names_no_offer_parks_every_customer(data: object) -> None:
    """The marketer can fix it, and the parked customers can be sent again; a wrong offer stays wrong."""
    function = FakeChannel()

    answer = function.invoke(pinpoint_event(GOOD, Data=data))

    assert set(statuses(answer).values()) == {"parked"}
    assert function.reasons == ["invalid_offer", "invalid_offer"]
    assert function.queue.calls == []
