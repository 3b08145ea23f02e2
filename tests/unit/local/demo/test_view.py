"""The result as a person reads it."""

import io
import itertools
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from local.demo.account import Account
from local.demo.profiles import Offer, Profile
from local.demo.view import ROWS, show_account, show_profiles, show_verdict
from local.demo.writer_log import WriterCounts


def printed(width: int = 110) -> tuple[Console, io.StringIO]:
    """Return a console of this width, and what is printed on it."""
    output = io.StringIO()
    return Console(file=output, width=width, highlight=False), output


def profile(number: int, *viewed: str) -> Profile:
    """Return a profile with one offer for each word."""
    offers = [Offer("r", "[bold]Coffee ☕", word, "2026-10-05T09:00:00.000Z", "journey Autumn") for word in viewed]
    return Profile(f"p{number}", f"customer-{number:04}", offers)


def test_each_offer_has_a_row_and_a_customer_is_named_once() -> None:
    """An agent looks for a person, then at what they were offered. Names are text, never markup."""
    console, output = printed()
    show_profiles(console, [profile(1, "true", "false")])
    rows = [line.split() for line in output.getvalue().splitlines() if "Coffee" in line]
    assert rows == [
        ["customer-0001", "[bold]Coffee", "☕", "yes", "2026-10-05", "09:00", "journey", "Autumn"],
        ["[bold]Coffee", "☕", "no", "2026-10-05", "09:00", "journey", "Autumn"],
    ]


def test_without_profiles_there_is_no_table() -> None:
    """An empty frame leaves a reader guessing."""
    console, output = printed()
    show_profiles(console, [])
    assert output.getvalue() == "No profile has an offer of these events.\n"


def test_a_long_table_says_what_it_leaves_out() -> None:
    """A sample is for reading; the count is for believing."""
    console, output = printed()
    show_profiles(console, [profile(number, "true") for number in range(ROWS + 2)])
    assert output.getvalue().count("Coffee") == ROWS
    assert f"... and 2 more offers; {ROWS + 2} on {ROWS + 2} profiles in all" in output.getvalue()


@pytest.mark.parametrize("width", [*range(60, 90), 200])
def test_nothing_is_wider_than_the_terminal_and_nothing_is_cut_off(width: int) -> None:
    """On a narrow terminal text wraps rather than vanishes."""
    console, output = printed(width)
    show_profiles(console, [profile(1, "true")])
    lines = output.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    for word in ("customer-0001", "[bold]Coffee", "journey", "Autumn"):
        assert any(sorted(word) == sorted(part) for part in columns(lines, len(word))), word


def columns(lines: list[str], length: int) -> set[str]:
    """Return each text of a length that stands in one line, or folded over two at the same place."""
    texts = {line[start : start + length] for line in lines for start in range(len(line))}
    for upper, lower in itertools.pairwise(lines):
        for start in range(len(upper)):
            for split in range(1, length):
                texts.add(upper[start : start + split] + lower[start : start + length - split])
    return texts


def test_the_counts_are_shown_as_a_sum() -> None:
    """Received is what the others add up to, for anybody to check."""
    console, output = printed()
    account = Account(9, 4, Counter({"no_identity": 2}), 1, Counter({"X": 1}), 1, (), 3)
    show_account(console, account, WriterCounts(2, 6, 4, 1, 0, 2))
    text = output.getvalue()
    assert "9 received = 4 + 2 + 1 + 1 + 1" in text
    assert "4  written: 3 offers, read back from the profiles; 1 further endpoint of the same customers" in text
    assert "2 no_identity" in text
    assert "6 messages in 2 batches" in text


def test_what_is_not_this_run_s_is_shown_apart() -> None:
    """It is no part of the sum, and a person should know of it."""
    console, output = printed()
    account = Account(1, 1, Counter(), 0, Counter(), 0, earlier=5, unclaimed=Counter({"not_json": 2}), unread=3)
    show_account(console, account, WriterCounts())
    assert "2  parked, of no customer of this run: 2 not_json" in output.getvalue()
    assert "5  of earlier runs, still in the queue" in output.getvalue()
    assert "3  not read: files, or lines of them, that hold no event" in output.getvalue()


def test_a_good_end_and_a_bad_one_look_different() -> None:
    """Whoever only looks at the last line must know."""
    console, output = printed()
    show_verdict(console, [], [], Path("logs"))
    assert output.getvalue() == "Logs: logs\nEvery customer is accounted for.\n"
    console, output = printed()
    show_verdict(console, ["25 missing"], [f"c{number}" for number in range(25)], Path("logs"))
    assert output.getvalue().splitlines()[1:3] == ["error: 25 missing", "  c0"]
    assert output.getvalue().endswith("... and 5 more\n")


def test_what_could_move_the_cursor_is_shown_as_an_escape() -> None:
    """Names come from customers' own records; joiners are part of words and signs, and stay."""
    console, output = printed(200)
    offer = Offer("r", "Tea \u202efor two", "true", "2026-10-05T09:00:00.000Z", "journey \x1b[2J")
    family = Offer("r", "\U0001f468\u200d\U0001f469 \u0645\u06cc\u200c\u062e", "true", "2026-10-05T09:00:00.000Z", "j")
    show_profiles(console, [Profile("p1", "mary\u2066\x07", [offer, family])])
    show_verdict(console, ["\x9b2J is missing"], ["mary\u202e"], Path("logs"))
    text = output.getvalue()

    assert not set("\u202e\u2066\x07\x1b\x9b") & set(text)
    assert "Tea \\u202efor two" in text
    assert "\u200d" in text
    assert "\u200c" in text
