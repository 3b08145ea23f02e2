"""`python -m local dashboard`: the running stack's dashboard into a file."""

import argparse
import sys
import time
from pathlib import Path

from local.dashboard import page, sources, widgets
from local.dashboard.sources import Sources
from local.stack import LocalStack, StackError


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
        StackError: its template has no dashboard.
    """
    cloudwatch = stack.clients.cloudwatch()
    if (name := stack.outputs.get("DashboardName")) is None:
        raise StackError("the deployed template has no dashboard")
    described = widgets.parse(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])
    now = time.time()
    source = Sources(cloudwatch, stack.clients.logs(), now, described.seconds)
    contents = sources.zoomed([source.read(widget) for widget in described.widgets])
    return page.render(name, list(zip(described.widgets, contents, strict=True)), now)
