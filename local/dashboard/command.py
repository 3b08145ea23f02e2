"""`python -m local dashboard`: the running stack's dashboard into a file."""

import argparse
import sys
import time
from pathlib import Path

from local.dashboard import page, sources, widgets
from local.dashboard.sources import Sources
from local.stack import LocalStack, StackError


class NoDashboardError(StackError):
    """The stack has no dashboard."""

    def __init__(self) -> None:
        super().__init__("the deployed template has no dashboard")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    parser.add_argument("--output", type=Path, help="the page; by default dashboard.html beside the stack's state")


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
    now = time.time()
    source = Sources(cloudwatch, stack.clients.logs(), now, described.seconds)
    contents = sources.zoomed([source.read(widget) for widget in described.widgets])
    return page.render(name, list(zip(described.widgets, contents, strict=True)), now)
