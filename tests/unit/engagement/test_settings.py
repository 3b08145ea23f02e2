import re
from enum import StrEnum

import pytest

from engagement import settings
from engagement.errors import SettingsError


class Colour(StrEnum):
    """Sample choices."""

    RED = "red"
    BLUE = "blue"


def test_a_setting_that_matches_is_returned_as_it_is() -> None:
    """Readers check; they do not change."""
    assert settings.text({"NAME": "abc"}, "NAME", re.compile("[a-c]+"), "letters") == "abc"


@pytest.mark.parametrize("environment", [{}, {"NAME": ""}, {"NAME": "abcd"}, {"NAME": "abc\n"}])
def test_a_setting_that_is_missing_or_does_not_match_is_refused(environment: dict[str, str]) -> None:
    """A function that starts with a wrong setting fails later, and far from the cause."""
    with pytest.raises(SettingsError, match=r"^NAME .*; expected letters$"):
        settings.text(environment, "NAME", re.compile("[a-c]+"), "letters")


@pytest.mark.parametrize("url", ["https://sqs.eu-west-1.amazonaws.com/123/q", "http://127.0.0.1:4566/000000000000/q"])
def test_a_queues_url_may_be_the_clouds_or_the_local_stacks(url: str) -> None:
    """The template is the same on one machine."""
    assert settings.queue_url({"URL": url}, "URL") == url


@pytest.mark.parametrize("url", ["", "q", "arn:aws:sqs:eu-west-1:123:q", "https://", "https://host", "https://host/ q"])
def test_what_is_no_url_of_a_queue_is_refused(url: str) -> None:
    """An ARN in the place of a URL is the usual mistake."""
    with pytest.raises(SettingsError, match="the URL of an SQS queue"):
        settings.queue_url({"URL": url}, "URL")


@pytest.mark.parametrize(("word", "value"), [("true", True), ("false", False)])
def test_a_flag_is_one_of_two_words(word: str, value: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """CloudFormation has no booleans in an environment."""
    assert settings.flag({"FLAG": word}, "FLAG") is value


@pytest.mark.parametrize("word", ["True", "1", "yes", "", "true ", "truefalse"])
def test_other_words_are_no_flag(word: str) -> None:
    """Guessing what ``yes`` means would turn viewed into not viewed for a function that guesses otherwise."""
    with pytest.raises(SettingsError, match="true or false"):
        settings.flag({"FLAG": word}, "FLAG")


@pytest.mark.parametrize("digits", ["2", "10", "08"])
def test_a_whole_number_may_be_either_bound(digits: str) -> None:
    """Both bounds are included."""
    assert settings.whole_number({"N": digits}, "N", 2, 10) == int(digits)


@pytest.mark.parametrize("digits", ["1", "11", "-5", "5.0", "", "five", "\u0665", "99999999999999999999"])
def test_a_number_out_of_range_is_refused_with_its_range(digits: str) -> None:
    """The message must be enough to fix the template's parameter."""
    with pytest.raises(SettingsError, match="a whole number from 2 to 10"):
        settings.whole_number({"N": digits}, "N", 2, 10)


def test_a_choice_is_a_member() -> None:
    """Inside, words are typed."""
    assert settings.choice({"C": "blue"}, "C", Colour) is Colour.BLUE


@pytest.mark.parametrize("word", ["green", "", "redblue", "RED"])
def test_a_word_that_is_no_choice_is_refused_with_the_choices(word: str) -> None:
    """The message names what is possible."""
    with pytest.raises(SettingsError, match="red or blue"):
        settings.choice({"C": word}, "C", Colour)
