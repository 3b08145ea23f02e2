"""`ops plan`: how long a campaign takes, what it costs, and which settings fit."""

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from ops.arguments import Subparsers, add_command
from ops.exits import Exit
from ops.plan import advice
from ops.plan.campaign import LATENCY, Campaign, Settings, pace
from ops.plan.cost import costs
from ops.plan.plot import plot
from ops.plan.simulation import Course, simulate
from ops.screen import Column
from ops.text import count, duration, seconds_of
from ops.workplace import Workplace

DEFAULT_QUOTA = 100
MOST_RECORDS = 10**10
MOST_RATE = 100_000
SAMPLES = 100
"""Of the backlog in the JSON document."""


def add(commands: Subparsers) -> None:
    """Add `ops plan`."""
    parser = add_command(
        commands, "plan", "Reckon how long a campaign takes, what it costs, and which settings fit.", plan
    )
    parser.add_argument(
        "--records", type=_whole(1, MOST_RECORDS), required=True, metavar="N", help="customers of the campaign"
    )
    parser.add_argument(
        "--tps", type=_whole(1, MOST_RATE), metavar="N", help="writes a second; MaxWritesPerSecond unless given"
    )
    parser.add_argument(
        "--over",
        type=_seconds,
        default=0.0,
        metavar="DURATION",
        help="time over which they are handed over; at once unless given",
    )
    parser.add_argument(
        "--within", type=_seconds, metavar="DURATION", help="when all is to be written: which settings does it take"
    )
    parser.add_argument(
        "--quota",
        type=_whole(1, MOST_RATE),
        metavar="N",
        help=f"the account's PutProfileObject a second; WritesQuota, or {DEFAULT_QUOTA}, unless given",
    )
    parser.add_argument(
        "--others", type=_whole(0, MOST_RATE), default=0, metavar="N", help="writes a second that something else makes"
    )
    parser.add_argument(
        "--outage", type=_seconds, default=0.0, metavar="DURATION", help="play it with Customer Profiles away at first"
    )
    parser.add_argument(
        "--latency",
        type=_whole(1, 10_000),
        default=round(LATENCY * 1_000),
        metavar="MS",
        help="milliseconds of one write; 100 is assumed",
    )
    parser.add_argument(
        "--defaults", action="store_true", help="reckon with the template's defaults: no stack is looked at"
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign played through with some settings."""

    campaign: Campaign
    settings: Settings
    course: Course

    @classmethod
    def of(cls, campaign: Campaign, settings: Settings) -> "Plan":
        """Play it through."""
        return cls(campaign, settings, simulate(campaign, settings))

    @property
    def faults(self) -> list[str]:
        """What is wrong with it."""
        return list(advice.faults(self.campaign, self.settings, self.course))

    @property
    def remarks(self) -> list[str]:
        """What is good to know."""
        return list(advice.remarks(self.campaign, self.settings, self.course))


def plan(workplace: Workplace, options: argparse.Namespace) -> Exit:
    """Show the plan; problems are a campaign that does not go well with the present settings, or not in time."""
    settings = Settings() if options.defaults else Settings.of(workplace.deployment)
    quota = options.quota or _told_quota(workplace, options)
    campaign = Campaign(options.records, options.over, quota, options.others, options.outage, options.latency / 1_000)
    if options.tps is not None:
        settings = replace(settings, writes_per_second=options.tps)
    made = Plan.of(campaign, settings)
    raised = None if options.within is None else advice.quota_for(campaign, options.within)
    fitting = advice.fitting(campaign if raised is None else replace(campaign, quota=raised), settings, options.within)
    faults = made.faults + _late(made, options.within)
    _document(workplace, made, fitting, faults)
    if not workplace.screen.is_json:
        _draw(workplace, made, fitting, faults)
    return Exit.PROBLEMS if faults else Exit.FINE


def _late(made: Plan, within: float | None) -> list[str]:
    finished = made.course.finished
    if within is None or (finished is not None and finished <= within):
        return []
    quota = advice.quota_for(made.campaign, within)
    needs = "the settings that fit" if quota is None else f"a quota of {quota:,.0f} writes a second (AWS Support)"
    return [f"not done within {duration(within)}: that takes {needs}"]


def _told_quota(workplace: Workplace, options: argparse.Namespace) -> int:
    return DEFAULT_QUOTA if options.defaults else workplace.deployment.number("WritesQuota", DEFAULT_QUOTA)


def _draw(workplace: Workplace, made: Plan, fitting: Settings, faults: list[str]) -> None:
    screen, course = workplace.screen, made.course
    rate = pace(made.settings, made.campaign)
    screen.line(f"{count(made.campaign.records, 'record')} at {rate:g} writes a second", "bold")
    took = "never" if course.finished is None else f"after {duration(course.finished)}"
    screen.line(f"all written {took}; a record waits at most {duration(course.longest_wait)}")
    for fault in faults:
        screen.line(f"problem: {fault}", "bold red")
    for remark in made.remarks:
        screen.line(f"note: {remark}", "yellow")
    screen.line()
    screen.line("backlog")
    for line in plot(course.samples, screen.width):
        screen.line(line)
    screen.line()
    spent = costs(made.campaign, made.settings, course)
    screen.table(
        [Column("what it costs"), Column("US$", right=True)],
        [*([name, f"{dollars:,.3f}"] for name, dollars in spent.items()), ["sum", f"{sum(spent.values()):,.2f}"]],
    )
    screen.line("without Customer Profiles, Connect and the e-mails; us-east-1, list prices: see docs/engineer.md")
    screen.line()
    given, present = advice.parameters(fitting), advice.parameters(made.settings)
    screen.table(
        [Column("parameter"), Column("now", right=True), Column("fits", right=True)],
        [[name, f"{present[name]}", f"{value}"] for name, value in given.items()],
    )


def _document(workplace: Workplace, made: Plan, fitting: Settings, faults: list[str]) -> None:
    course = made.course
    every = max(1, math.ceil(len(course.samples) / SAMPLES))
    spent = costs(made.campaign, made.settings, course)
    workplace.screen.document(
        {
            "records": made.campaign.records,
            "writesPerSecond": pace(made.settings, made.campaign),
            "seconds": course.finished,
            "longestWaitSeconds": round(course.longest_wait, 1),
            "largestBacklog": round(course.peak),
            "returns": round(course.returns),
            "problems": faults,
            "notes": made.remarks,
            "dollars": {name: round(dollars, 6) for name, dollars in spent.items()}
            | {"sum": round(sum(spent.values()), 6)},
            "parameters": advice.parameters(made.settings),
            "fitting": advice.parameters(fitting),
            "backlog": [[round(one.at, 1), round(one.backlog)] for one in course.samples[::every]],
        }
    )


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(written: str) -> int:
        digits = written.replace(",", "").replace("_", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(high)) and low <= int(digits) <= high):
            raise argparse.ArgumentTypeError(f"{written!r} is no whole number from {low:,} to {high:,}")
        return int(digits)

    return read


def _seconds(written: str) -> float:
    try:
        return seconds_of(written)
    except (ValueError, OverflowError) as error:
        raise argparse.ArgumentTypeError(f"{written!r} is no duration; write 90s, 15m, 2h, 3d or 1w") from error
