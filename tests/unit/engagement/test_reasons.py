import re

from engagement.reasons import Reason


def test_reasons_are_words_that_fit_every_answer_and_attribute() -> None:
    """They travel in message attributes, log lines and the answers to journeys, of at most 128 characters."""
    assert all(re.fullmatch(r"[a-z_]{1,64}", reason) for reason in Reason)
