"""The template's dashboard, rendered from a stack that has worked, in a browser."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.dashboard import command
from local.dashboard.numbers import figure
from local.demo.command import SAMPLES
from local.demo.events import read_events
from local.stack import LocalStack, StackSettings
from tests.browser import fetch
from tests.browser.inspection import CONTRAST, OVERFLOWING, boxes
from tests.browser.page import Page, browser
from tests.infrastructure.view import OURS
from tests.integration.waiting import total, until

EVENTS = [event for sample in SAMPLES.values() for event in read_events(sample)]
WIDE = 1500


@pytest.fixture(scope="module")
def worked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """A stack that has written the sample journeys, and told its CloudWatch so."""
    with LocalStack.running(tmp_path_factory.mktemp("dashboard"), StackSettings(feed_metrics=True)) as stack:
        branches = {True: stack.environment["VIEWED_FUNCTION"], False: stack.environment["NOT_VIEWED_FUNCTION"]}
        for event in EVENTS:
            stack.clients.functions().invoke(FunctionName=branches[bool(event.viewed)], Payload=event.text.encode())

        def ours(name: str, *services: str) -> float:
            return sum(total(stack, OURS, name, service=service) for service in services)

        until(lambda: 0 < ours("RecordsQueued", "viewed-offer", "not-viewed-offer") == ours("RecordsWritten", "writer"))
        yield stack


@pytest.fixture(scope="module")
def text(worked: LocalStack) -> str:
    """The page."""
    return command.render(worked)


@pytest.fixture(scope="module")
def described(worked: LocalStack) -> list[dict[str, Any]]:
    """The deployed dashboard's widgets, as CloudWatch has them."""
    cloudwatch = worked.clients.cloudwatch()
    name = cloudwatch.list_dashboards()["DashboardEntries"][0]["DashboardName"]
    widgets: list[dict[str, Any]] = json.loads(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])["widgets"]
    return widgets


@pytest.fixture(scope="module")
def opened(text: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page in a headless Chromium."""
    if (found := fetch.find()) is None:
        pytest.skip("no Chromium: the dashboard was not looked at (`make browser` fetches one)")
    file = tmp_path_factory.mktemp("page") / "dashboard.html"
    file.write_text(text, encoding="utf-8")
    with browser(found) as page:
        page.open(file, WIDE)
        yield page


def test_every_expression_and_query_of_the_template_is_understood(text: str) -> None:
    """A widget that says "not drawn" on one machine was never tried on any."""
    assert 'class="fault"' not in text


def test_the_page_tells_what_the_metrics_say(worked: LocalStack, text: str) -> None:
    """Not only that there is a line, but the right figure."""
    for service, label in (("viewed-offer", "parked (viewed)"), ("not-viewed-offer", "parked (not viewed)")):
        parked = total(worked, OURS, "RecordsParked", service=service)
        assert parked > 0
        assert f"<b>{figure(parked)}</b>{label}" in text


def test_an_alarm_that_rings_is_shown_with_what_to_do(worked: LocalStack) -> None:
    """The samples hold customers whom nobody can identify: they are parked, and somebody is to look."""

    def ringing() -> set[str]:
        """Return the names of the alarms on metrics, without the stack's."""
        found = worked.clients.cloudwatch().describe_alarms(StateValue="ALARM")["MetricAlarms"]
        return {alarm["AlarmName"].rsplit("-", 1)[-1] for alarm in found}

    until(lambda: ringing() == {"DeadLettersAlarm", "FreshParkingAlarm"})
    [over_all] = worked.clients.cloudwatch().describe_alarms(AlarmTypes=["CompositeAlarm"])["CompositeAlarms"]
    assert over_all["StateValue"] == "ALARM"
    again = command.render(worked)
    assert "Not deployed here" not in again
    assert '<span class="state ALARM">In alarm</span>' in again
    assert "First: " in again.partition("In alarm")[2]


def test_a_browser_shows_every_widget_of_the_template(opened: Page, described: list[dict[str, Any]]) -> None:
    """Each with its title, in the template's order, and none squeezed to nothing."""
    ordered = sorted(described, key=lambda widget: (widget["y"], widget["x"]))
    titles = [widget["properties"].get("title", "Explanations") for widget in ordered]
    assert [name for role, name in opened.accessible() if role == "region"] == titles
    assert all(width > 200 and height > 60 for width, height in boxes(opened, "section"))


def test_a_browser_shows_a_chart_or_says_that_there_is_no_data(opened: Page) -> None:
    """Nothing is left blank."""
    contents = opened.ask(
        "[...document.querySelectorAll('section[data-widget=metric]')].map((section) => "
        "section.querySelectorAll('svg polyline, svg circle, .values b, .nothing').length)"
    )
    assert contents
    assert all(contents)
    assert opened.ask(OVERFLOWING) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_it_legibly_and_without_a_network(opened: Page, scheme: str) -> None:
    """By day and by night, wherever it is opened."""
    opened.prefer(scheme)
    assert opened.ask(CONTRAST) == []
    assert opened.ask("document.documentElement.scrollWidth") <= WIDE
    assert [address.split(":")[0] for address in opened.requests] == ["file"]
