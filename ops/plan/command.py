"""`ops plan`: how long a campaign takes, what it costs, and which settings fit."""

from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

from ops.cli import command, option
from ops.context import CliContext
from ops.exits import Exit
from ops.option_types import DURATION, WholeNumber
from ops.output import Rows
from ops.plan import advice
from ops.plan.campaign import LATENCY, Campaign, Settings, pace
from ops.plan.cost import costs
from ops.plan.estimate import Estimate, estimate
from ops.screen import Column
from ops.text import count, duration

DEFAULT_QUOTA = 100
MOST_RECORDS = 10**10
MOST_RATE = 100_000
RATE = WholeNumber(1, MOST_RATE)


class PlanOptions(TypedDict):
    """The options of `ops plan`, by their names."""

    records: int
    tps: int | None
    over: float
    within: float | None
    quota: int | None
    others: int
    latency: int
    defaults: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A campaign with the present settings, and the settings that fit.

    Attributes:
        campaign: The campaign.
        settings: The present settings.
        estimated: How it goes with them.
        fitting: The settings that fit.
        problems: Why it does not go well, or not in time.
        notes: What the operator should know.
    """

    campaign: Campaign
    settings: Settings
    estimated: Estimate
    fitting: Settings
    problems: list[str]
    notes: list[str]


@command(
    "plan",
    examples=[
        "ops plan --records 1000000",
        "ops plan --records 1,000,000 --within 4h --others 20",
        "ops plan --records 250000 --over 2h --defaults --output csv",
    ],
    has_rows=True,
)
@option(
    "--records", type=WholeNumber(1, MOST_RECORDS), required=True, metavar="N", help="The campaign has N customers."
)
@option("--tps", type=RATE, metavar="N", help="Try N writes a second instead of MaxWritesPerSecond.")
@option(
    "--over",
    type=DURATION,
    default="0s",
    metavar="DURATION",
    help="The journey spreads its customers evenly over this time: 2h; by default all come at once.",
)
@option(
    "--within",
    type=DURATION,
    metavar="DURATION",
    help="Ask which settings, and which quota, have all written within this time: 4h.",
)
@option(
    "--quota",
    type=RATE,
    metavar="N",
    help=f"The account may call PutProfileObject N times a second; by default WritesQuota, or {DEFAULT_QUOTA}.",
)
@option(
    "--others",
    type=WholeNumber(0, MOST_RATE),
    default=0,
    show_default=True,
    metavar="N",
    help="Other writers of the account use N writes a second of the quota.",
)
@option(
    "--latency",
    type=WholeNumber(1, 10_000),
    default=round(LATENCY * 1_000),
    show_default=True,
    metavar="MS",
    help="One write takes this many milliseconds: assumed, not measured on AWS.",
)
@option("--defaults", is_flag=True, help="Use the template's defaults, and read no stack.")
def plan(context: CliContext, **given: Unpack[PlanOptions]) -> Exit:
    """Estimate a campaign's duration and costs.

    Says which settings fit. Reads the parameters of the deployed stack. Ends with code 1 if the
    campaign does not go well with them, or not in time.
    """
    defaults = given["defaults"]
    settings = Settings() if defaults else Settings.of(context.deployment)
    deployed_quota = DEFAULT_QUOTA if defaults else context.deployment.number("WritesQuota", DEFAULT_QUOTA)
    campaign = Campaign(
        records=given["records"],
        over=given["over"],
        quota=given["quota"] or deployed_quota,
        others=given["others"],
        latency=given["latency"] / 1_000,
    )
    if given["tps"] is not None:
        settings = replace(settings, writes_per_second=given["tps"])
    made = make_plan(campaign, settings, given["within"])
    _write_document(context, made)
    _draw(context, made)
    return Exit.PROBLEMS if made.problems else Exit.FINE


def make_plan(campaign: Campaign, settings: Settings, within: float | None) -> Plan:
    """Return how a campaign goes with some settings, and which ones would have it done within a time."""
    estimated = estimate(campaign, settings)
    raised = None if within is None else advice.quota_for(campaign, within)
    with_quota = campaign if raised is None else replace(campaign, quota=raised)
    return Plan(
        campaign,
        settings,
        estimated,
        advice.fitting(with_quota, settings, within),
        [*advice.problems(campaign, settings, estimated), *_late(estimated, within, raised)],
        list(advice.notes(campaign, settings, estimated)),
    )


def _late(estimated: Estimate, within: float | None, raised: float | None) -> list[str]:
    if within is None or (estimated.finished is not None and estimated.finished <= within):
        return []
    needs = "the settings that fit" if raised is None else f"a quota of {raised:,.0f} writes a second (AWS Support)"
    return [f"not done within {duration(within)}: that takes {needs}"]


def _draw(context: CliContext, made: Plan) -> None:
    screen, estimated = context.screen, made.estimated
    rate = pace(made.settings, made.campaign)
    screen.line(f"{count(made.campaign.records, 'record')} at {rate:g} writes a second", "bold")
    took = "never" if estimated.finished is None else f"after {duration(estimated.finished)}"
    screen.line(
        f"all written {took}; a record waits at most {duration(estimated.longest_wait)};"
        f" at most {count(round(estimated.peak), 'record')} wait at once"
    )
    for problem in made.problems:
        screen.line(f"problem: {problem}", "bold red")
    for note in made.notes:
        screen.line(f"note: {note}", "yellow")
    screen.line()
    spent = costs(made.campaign, made.settings, estimated)
    screen.table(
        [Column("what it costs"), Column("US$", right=True)],
        [*([name, f"{dollars:,.3f}"] for name, dollars in spent.items()), ["sum", f"{sum(spent.values()):,.2f}"]],
    )
    screen.line("without Customer Profiles, Connect and the e-mails; us-east-1, list prices: see docs/engineer.md")
    screen.line()
    screen.table(
        [Column("parameter"), Column("now", right=True), Column("fits", right=True)],
        [[name, f"{now}", f"{fits}"] for name, now, fits in _parameters(made)],
    )


def _write_document(context: CliContext, made: Plan) -> None:
    estimated = made.estimated
    spent = costs(made.campaign, made.settings, estimated)
    context.screen.document(
        {
            "records": made.campaign.records,
            "writesPerSecond": pace(made.settings, made.campaign),
            "seconds": estimated.finished,
            "longestWaitSeconds": round(estimated.longest_wait, 1),
            "largestBacklog": round(estimated.peak),
            "problems": made.problems,
            "notes": made.notes,
            "dollars": {name: round(dollars, 6) for name, dollars in spent.items()}
            | {"sum": round(sum(spent.values()), 6)},
            "parameters": advice.parameters(made.settings),
            "fitting": advice.parameters(made.fitting),
        },
        Rows(("parameter", "now", "fits"), _parameters(made)),
    )


def _parameters(made: Plan) -> list[tuple[str, int, int]]:
    now, fits = advice.parameters(made.settings), advice.parameters(made.fitting)
    return [(name, now[name], value) for name, value in fits.items()]
