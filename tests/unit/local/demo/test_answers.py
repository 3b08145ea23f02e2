"""What a function's answer says of each customer."""

from typing import Any

from local.demo.invoking import CustomerAnswer, Status, answered, customers, failed

PINPOINT: dict[str, Any] = {"Endpoints": {"a": {}, "b": {}, "c": {}}}


def connect(*ids: object) -> dict[str, Any]:
    """Return a Connect event with these profile ids."""
    return {"Items": {"CustomerProfiles": [{"ProfileId": profile_id} for profile_id in ids]}}


def result(profile_id: str, status: str, record_id: str) -> dict[str, Any]:
    """Return one result of an answer to Connect."""
    return {"Id": profile_id, "ResultData": {"status": status, "recordId": record_id}}


def test_pinpoint_s_answer_is_read_by_endpoint() -> None:
    """The answer is what a journey branches on: it is what the demo believes."""
    answer = {
        "a": {"EventAttributes": {"EngagementStatus": "queued", "EngagementRecordId": "r1"}},
        "b": {"EventAttributes": {"EngagementStatus": "parked", "EngagementReason": "no_identity"}},
        "c": {"EventAttributes": {"EngagementStatus": "failed", "EngagementReason": "ServiceUnavailable"}},
    }
    assert answered("e", PINPOINT, answer) == [
        CustomerAnswer("e", "a", Status.QUEUED, "r1"),
        CustomerAnswer("e", "b", Status.PARKED, reason="no_identity"),
        CustomerAnswer("e", "c", Status.FAILED, reason="ServiceUnavailable"),
    ]


def test_whom_the_answer_leaves_out_must_have_been_parked() -> None:
    """An endpoint id that cannot be written cannot be answered; the dead-letter queue then has the customer."""
    assert {answer.status for answer in answered("e", PINPOINT, {})} == {Status.PARKED}


def test_connect_s_answer_is_read_by_profile_in_order() -> None:
    """A profile that is in an event twice has two results."""
    answer = {"Items": {"CustomerProfiles": [result("p", "queued", "r1"), result("p", "queued", "r2")]}}
    assert answered("e", connect("p", None, "p", "q"), answer) == [
        CustomerAnswer("e", "p", Status.QUEUED, "r1"),
        CustomerAnswer("e", None, Status.PARKED),
        CustomerAnswer("e", "p", Status.QUEUED, "r2"),
        CustomerAnswer("e", "q", Status.PARKED),
    ]


def test_every_customer_of_a_failed_invocation_has_failed() -> None:
    """None of them may drop out of the account."""
    assert failed("e", connect("p", "q"), "Unhandled") == [
        CustomerAnswer("e", "p", Status.FAILED, reason="Unhandled"),
        CustomerAnswer("e", "q", Status.FAILED, reason="Unhandled"),
    ]


def test_an_event_of_no_contract_has_no_customers() -> None:
    """The function refuses it; the demo must not stumble first."""
    strange: list[dict[str, Any]] = [{}, {"Endpoints": []}, {"Items": 1}, {"Items": {"CustomerProfiles": {}}}]
    assert [customers(event) for event in strange] == [[], [], [], []]


def test_a_customer_s_name_cannot_move_the_cursor() -> None:
    """An id comes from outside, and is shown on a terminal."""
    shown = str(CustomerAnswer("e", "a\x1b[2J\ud800", Status.FAILED, "r1"))
    assert (shown.isprintable(), shown) == (True, "a\\x1b[2J\\ud800 of e, record r1")
