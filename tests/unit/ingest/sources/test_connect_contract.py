import json
from typing import Any

import pytest

from engagement.errors import InvalidEventError
from ingest.settings import OfferNameFrom
from ingest.sources import connect
from ingest.sources.contract import CustomerOutcome, CustomerStatus, InvocationContext
from tests.samples import NOW, connect_event, profile

INVOCATION = InvocationContext(
    viewed=False, offer_name="30% Off Renewal", connect_offer_name_from=OfferNameFrom.SETTINGS, now=NOW
)


@pytest.mark.parametrize("items", [None, [], "text", {}, {"CustomerProfiles": None}, {"CustomerProfiles": {}}])
def test_profiles_that_are_no_list_break_the_contract(items: object) -> None:
    """There is nobody in it to answer for."""
    with pytest.raises(InvalidEventError, match="not a list"):
        connect.parse({"Items": items}, INVOCATION)


def test_an_event_without_items_is_still_a_campaigns() -> None:
    """The operator reads what is missing in it, not that no source knows it."""
    event: dict[str, Any] = {"InvocationMetadata": {}}

    assert connect.recognises(event)
    with pytest.raises(InvalidEventError, match=r"Items\.CustomerProfiles"):
        connect.parse(event, INVOCATION)


def test_what_would_be_parked_is_the_event_of_one_customer() -> None:
    """Corrected, it can be sent to the same function again."""
    event = connect_event([profile(1), None])

    first, second = connect.parse(event, INVOCATION)

    assert json.loads(first.event.written()) == connect_event([profile(1)])
    assert json.loads(second.event.written()) == connect_event([None])


def test_the_answer_gives_each_profile_its_result() -> None:
    """A profile without an answer is an error of the whole journey."""
    outcomes = [
        CustomerOutcome("a", CustomerStatus.QUEUED, "f" * 32),
        CustomerOutcome(None, CustomerStatus.PARKED, None, "malformed_customer"),
        CustomerOutcome("b", CustomerStatus.FAILED, "e" * 32, "ServiceUnavailable"),
    ]

    assert connect.answer(outcomes) == {
        "Items": {
            "CustomerProfiles": [
                {"Id": "a", "ResultData": {"status": "queued", "recordId": "f" * 32}},
                {
                    "Id": "b",
                    "ResultData": {"status": "failed", "recordId": "e" * 32, "reason": "ServiceUnavailable"},
                },
            ]
        }
    }


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [
        ([CustomerStatus.QUEUED, CustomerStatus.PARKED], "parked"),
        ([CustomerStatus.FAILED, CustomerStatus.QUEUED], "failed"),
        ([CustomerStatus.PARKED, CustomerStatus.FAILED, CustomerStatus.QUEUED], "failed"),
    ],
)
def test_a_profile_that_is_named_twice_is_answered_once_with_the_worst(
    statuses: list[CustomerStatus], worst: str
) -> None:
    """Two answers for one id contradict each other, and a failure must not be hidden by a success."""
    answer = connect.answer([CustomerOutcome("a", status) for status in statuses])

    assert answer == {"Items": {"CustomerProfiles": [{"Id": "a", "ResultData": {"status": worst}}]}}


@pytest.mark.parametrize(("times", "warnings"), [(3, 0), (4, 1)])
def test_customer_data_may_be_encoded_three_more_times(times: int, warnings: int) -> None:
    """It is a text within JSON already; what is encoded more often is no customer's data."""
    data = json.dumps({"firstName": "Grace"})
    for _ in range(times):
        data = json.dumps(data)

    [parsed] = connect.parse(connect_event([profile(CustomerData=data)]), INVOCATION)

    assert len(parsed.warnings) == warnings
