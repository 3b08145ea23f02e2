import pytest

from engagement.batch_answer import BatchIds
from engagement.errors import UnreadableAnswerError


def test_no_two_calls_share_an_id() -> None:
    """An answer that was another call's then names nothing of this one."""
    assert not set(BatchIds(10).ids) & set(BatchIds(10).ids)
    assert len(set(BatchIds(10).ids)) == 10


def test_what_succeeded_and_what_failed_is_told_by_id() -> None:
    """What is in neither list was not answered."""
    call = BatchIds(3)
    first, second, _ = call.ids

    assert call.read({"Successful": [{"Id": first}], "Failed": [{"Id": second, "Code": "InternalError"}]}) == (
        {first: {"Id": first}},
        {second: {"Id": second, "Code": "InternalError"}},
    )
    assert call.read({"Failed": None, "ResponseMetadata": {}}) == ({}, {})


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        "OK",
        {"Successful": 5},
        {"Successful": {"Id": "own"}},
        {"Successful": [None]},
        {"Successful": [{}]},
        {"Successful": [{"Id": 0}]},
        {"Successful": [{"Id": ["own"]}]},
        {"Successful": [{"Id": "0-another"}]},
        {"Failed": [{"Id": "0-another", "Code": "InternalError"}]},
        {"Successful": [{"Id": "own"}, {"Id": "own"}]},
        {"Successful": [{"Id": "own"}], "Failed": [{"Id": "own", "Code": "InternalError"}]},
    ],
)
def test_what_is_no_answer_to_the_call_is_believed_in_nothing(answer: object) -> None:
    """Neither a page nor another call's answer may count an entry as sent."""
    call = BatchIds(2)
    call.ids = ["own", "other"]

    with pytest.raises(UnreadableAnswerError):
        call.read(answer)
