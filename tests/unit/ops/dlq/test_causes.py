"""Details made general: nothing personal is left of them, and it takes no longer for a long one."""

import re
from typing import Any

import pytest

from engagement.parking import MAX_DETAIL
from ops.dlq import causes
from ops.dlq.causes import general, group
from ops.dlq.scan import read_all
from tests.fakes.queues import DEAD, FakeSqsService
from tests.samples import engagement_record
from tests.unit.ops.dlq.parked import park


class Meter:
    """A pattern that keeps how many characters it was handed."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        self.pattern = pattern
        self.characters = 0

    def sub(self, replacement: str, text: str) -> str:
        self.characters += len(text)
        return self.pattern.sub(replacement, text)


@pytest.mark.parametrize("unit", ["a", "a ", "a@", "'", "x'y", '"', "0", "f" * 15 + " ", "\u00e4", "."])
def test_the_work_does_not_grow_with_the_detail(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The domain's own messages are of any length, and an address is looked for from each character on."""
    work = []
    for length in (1_000, 100_000):
        meters = [Meter(causes._SPECIFIC), Meter(causes._UNCLOSED)]  # noqa: SLF001 - the patterns that are measured
        with monkeypatch.context() as patch:
            patch.setattr(causes, "_SPECIFIC", meters[0])
            patch.setattr(causes, "_UNCLOSED", meters[1])
            general((unit * length)[:length])
        work.append(sum(meter.characters for meter in meters))
    assert work[0] == work[1] <= 3 * MAX_DETAIL


@pytest.mark.parametrize("detail", ["", "none", "a" * MAX_DETAIL, "refused 'Mary' at 12:00 for mary@example.com"])
def test_a_detail_as_the_functions_write_it_is_not_cut(detail: str) -> None:
    """They keep to the limit themselves, and a cause keeps its key."""
    assert not general(detail).endswith("...")


@pytest.mark.parametrize("secret", ["mary.jones@example.com", "'Mary Jones", '"Mary Jones', "+4915112345678"])
@pytest.mark.parametrize("before", range(MAX_DETAIL - 25, MAX_DETAIL + 1))
def test_where_a_detail_is_cut_nothing_personal_is_left(secret: str, before: int) -> None:
    """Half an address looks like a word, and half a quotation has no end."""
    shown = general("x" * (before - 1) + " " + secret + " and so on" * 50)
    for part in ("mary", "Mary", "jones", "Jones", "example", "4915"):
        assert part not in shown


@pytest.mark.parametrize(("word", "kept"), [(255, 255), (256, 256), (257, 0)])
def test_a_long_detail_keeps_the_words_that_fit_whole(word: int, kept: int) -> None:
    """256 characters, as many as the functions write."""
    assert general("x" * word + " " + "y" * 300) == "x" * kept + " ..."


def test_copies_of_one_body_are_counted_once() -> None:
    """An event that is repeated parks the same customers again, and a mended cause sends them once each."""
    queues = FakeSqsService()
    for _ in range(3):
        park(queues)
    park(queues, record=engagement_record(offer_name="Free Month"))
    sqs: Any = queues
    [found] = group(read_all(sqs, DEAD))

    assert (found.messages, found.distinct) == (4, 2)
    assert (found.document["messages"], found.document["distinct"]) == (4, 2)


def test_causes_are_listed_by_their_number_of_messages() -> None:
    """The first is what to fix first; what a cause names is its most frequent five."""
    queues = FakeSqsService()
    for number in range(7):
        for _ in range(number + 1):
            park(queues, record=engagement_record(offer_name=f"offer {number}"))
    park(queues, "{", detail="1 characters that are not JSON", reason="not_json")
    sqs: Any = queues
    first, second = group(read_all(sqs, DEAD))

    assert (first.messages, second.messages) == (28, 1)
    assert first.document["offers"] == {f"offer {number}": number + 1 for number in (6, 5, 4, 3, 2)}
    assert first.document["journeys"] == {"journey-1": 28}


def test_messages_without_a_fingerprint_count_one_by_one() -> None:
    """What SQS moved carries none."""
    queues = FakeSqsService()
    for _ in range(3):
        queues.put(DEAD, "{}", {}, DeadLetterQueueSourceArn="arn")
    sqs: Any = queues
    [found] = group(read_all(sqs, DEAD))
    assert (found.messages, found.distinct) == (3, 3)
