"""The page, as text and as a browser shows it."""

import re
from collections.abc import Iterator

import pytest

from tests.browser import fetch
from tests.browser.inspection import CONTRAST, OVERFLOWING, boxes
from tests.browser.page import Page, browser
from tests.dashboard_samples import TITLES, rendered

WIDE, NARROW = 1500, 360


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page with a widget of every kind in a headless Chromium."""
    if (command := fetch.find()) is None:
        pytest.skip("no Chromium: the page was not looked at (`make browser` fetches one)")
    file = tmp_path_factory.mktemp("page") / "dashboard.html"
    file.write_text(rendered(), encoding="utf-8")
    with browser(command) as page:
        page.open(file, WIDE)
        yield page


def test_nothing_that_is_shown_is_taken_for_markup() -> None:
    """A label or a log line may hold anything."""
    text = rendered()
    assert "<b>bold</b>" not in text
    assert "right <one>" not in text
    assert "<script>" not in text
    assert re.search(r"(https?:)?//", text) is None


def test_what_has_no_data_says_so() -> None:
    """An empty chart would look like a quiet pipeline."""
    text = rendered()
    assert "No data from 11:45 to 12:00." in text
    assert '<b class="none">no data</b>none' in text
    assert "Not drawn: a widget of the type explorer" in text
    assert "Not deployed here" in text


def test_the_page_asks_for_nothing_and_runs_nothing(opened: Page) -> None:
    """It is mailed about, and opened where there is no network."""
    assert [address.split(":")[0] for address in opened.requests] == ["file"]
    assert opened.ask("document.title") == "a <dashboard>"
    assert opened.ask("document.scripts.length") == 0


def test_every_widget_is_seen_and_has_a_name(opened: Page) -> None:
    """For those who look and for those who listen."""
    opened.resize(WIDE)
    assert all(width > 200 and height > 40 for width, height in boxes(opened, "section"))
    met = opened.accessible()
    assert [name for role, name in met if role == "region"] == TITLES
    assert [name for role, name in met if role in {"image", "img", "graphics-document"}] == ["Lines", "Areas"]


def test_every_line_of_a_chart_is_inside_of_it(opened: Page) -> None:
    """A value beyond its axis would be drawn over the next widget."""
    opened.resize(WIDE)
    assert len(boxes(opened, "svg polyline")) >= 16
    assert opened.ask(OVERFLOWING) == []


@pytest.mark.parametrize("width", [WIDE, 900, NARROW])
def test_nothing_runs_out_of_the_window(opened: Page, width: int) -> None:
    """On a telephone too; a wide table scrolls by itself."""
    opened.resize(width)
    assert opened.ask("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_words_can_be_read_on_their_ground(opened: Page, scheme: str) -> None:
    """A contrast of 4.5 at least, which WCAG 2.2 asks of text (1.4.3)."""
    opened.resize(WIDE)
    opened.prefer(scheme)
    assert opened.ask(CONTRAST) == []
