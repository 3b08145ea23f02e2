import hashlib

import pytest

from engagement.errors import UnreadableAnswerError
from engagement.sqs_batch import BatchIds, Entry, batches


def test_items_are_batched_by_ten_in_their_order() -> None:
    """SQS takes ten entries a call, and charges a call."""
    assert list(batches(range(25))) == [list(range(10)), list(range(10, 20)), list(range(20, 25))]
    assert [len(batch) for batch in batches(range(20))] == [10, 10]


def test_nothing_makes_no_batch() -> None:
    """SQS refuses a batch without entries."""
    assert list(batches([])) == []


def test_a_caller_may_want_smaller_batches() -> None:
    """One message a call tells exactly what became of it."""
    assert list(batches(range(3), max_entries=1)) == [[0], [1], [2]]


def test_a_batch_holds_a_mebibyte_to_the_last_byte() -> None:
    """A batch beyond it is refused whole, with all its neighbours; calls are paid for, so it is filled."""
    assert list(batches([524_288, 524_288, 1], lambda size: size)) == [[524_288, 524_288], [1]]
    assert list(batches([524_288, 524_289], lambda size: size)) == [[524_288], [524_289]]


def test_an_item_beyond_the_limit_travels_alone() -> None:
    """It would fail its whole batch."""
    assert list(batches([1, 2_000_000, 2], lambda size: size)) == [[1], [2_000_000], [2]]


def test_an_entry_counts_the_bytes_that_sqs_counts() -> None:
    """The body, and of each attribute the name, the data type and the value."""
    assert Entry("é").size == 2
    assert Entry("body", attributes={"name": "é"}).size == len("body") + len("name") + len("String") + 2
    assert Entry("\ud800").size == 3


def test_an_entry_is_sent_with_its_group_and_attributes() -> None:
    """Fair queues go by the group, operators by the attributes."""
    assert Entry("body", "journey-1", {"reason": "no_identity"}).wire("0-a") == {
        "Id": "0-a",
        "MessageBody": "body",
        "MessageGroupId": "journey-1",
        "MessageAttributes": {"reason": {"DataType": "String", "StringValue": "no_identity"}},
    }
    assert Entry("body").wire("0-a") == {"Id": "0-a", "MessageBody": "body"}


def test_an_entry_is_confirmed_by_the_digest_of_its_body() -> None:
    """SQS says which body it took; if it does not, its entry id is enough."""
    entry = Entry("é")

    assert entry.is_confirmed_by({"MD5OfMessageBody": hashlib.md5("é".encode(), usedforsecurity=False).hexdigest()})
    assert entry.is_confirmed_by({})
    assert not entry.is_confirmed_by({"MD5OfMessageBody": hashlib.md5(b"e", usedforsecurity=False).hexdigest()})


def test_no_two_calls_share_an_id() -> None:
    """An answer that was another call's then names nothing of this one."""
    assert not set(BatchIds(10).ids) & set(BatchIds(10).ids)
    assert len(set(BatchIds(10).ids)) == 10


def test_what_succeeded_and_what_failed_is_named_by_id() -> None:
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
