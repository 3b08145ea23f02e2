"""`python -m local dashboard`: the running stack's dashboard into a file."""

import argparse
import sys
from pathlib import Path

from local.dashboard import page, sources, widgets
from local.dashboard.page import Shown
from local.dashboard.sources import Sources
from local.dashboard.widgets import Alarms, Chart, Dashboard, Log
from local.stack import LocalStack, StackError

SHOWN_SECONDS = 900
"""How much time the charts show at least."""


class NoDashboardError(StackError):
    """The stack has no dashboard."""

    def __init__(self) -> None:
        super().__init__("the deployed template has no dashboard")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--output", type=Path, help="the page; dashboard.html beside the stack's state unless told")


def dashboard(options: argparse.Namespace) -> int:
    """Render the dashboard of the stack that is up, from its own metrics, into one HTML page; print its path."""
    stack = LocalStack.attach(options.directory)
    output: Path = options.output or stack.directory / "dashboard.html"
    output.write_text(render(stack), encoding="utf-8")
    sys.stdout.write(f"{output}\n")
    return 0


def render(stack: LocalStack) -> str:
    """Return the page of a stack.

    Raises:
        NoDashboardError: its template has none.
    """
    cloudwatch = stack.clients.cloudwatch()
    name = stack.outputs.get("DashboardName", "")
    if name not in {entry["DashboardName"] for entry in cloudwatch.list_dashboards()["DashboardEntries"]}:
        raise NoDashboardError
    described = widgets.parse(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])
    now = sources.now()
    return page.render(name, read(described, Sources(cloudwatch, stack.clients.logs(), now, described.seconds)), now)


def read(described: Dashboard, source: Sources) -> list[Shown]:
    """Return every widget with what it shows."""
    figures = {number: source.figures(one) for number, one in enumerate(described.widgets) if isinstance(one, Chart)}
    start = sources.zoomed(list(figures.values()), SHOWN_SECONDS)
    shown = []
    for number, widget in enumerate(described.widgets):
        match widget:
            case Chart():
                shown.append(Shown(widget, sources.since(figures[number], start)))
            case Alarms():
                shown.append(Shown(widget, source.standings(widget)))
            case Log():
                shown.append(Shown(widget, source.table(widget)))
            case _:
                shown.append(Shown(widget, None))
    return shown
