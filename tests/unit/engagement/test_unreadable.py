import pytest
from botocore.exceptions import ConnectionClosedError
from botocore.parsers import ResponseParserError

from engagement.errors import UnreadableAnswerError
from engagement.unreadable import readable


def test_what_can_be_read_is_returned() -> None:
    """As it is."""
    assert readable(lambda: {"Successful": []}) == {"Successful": []}


@pytest.mark.parametrize("error", [AttributeError, TypeError, ValueError, RecursionError, ResponseParserError])
def test_what_botocores_parsers_stumble_over_is_unreadable(error: type[Exception]) -> None:
    """They expect a map, and meet null, a list or bytes that are no text."""

    def call() -> None:
        raise error

    with pytest.raises(UnreadableAnswerError):
        readable(call)


@pytest.mark.parametrize("error", [ConnectionClosedError(endpoint_url="https://sqs"), KeyError("ours")])
def test_another_error_stays_what_it_is(error: Exception) -> None:
    """A call that failed has its own name, and so has a defect."""

    def call() -> None:
        raise error

    with pytest.raises(type(error)):
        readable(call)
