"""`ops doctor`: what is wrong with a deployment, and how to fix it."""

from collections import Counter
from typing import TYPE_CHECKING

from ops.cli import command, option
from ops.context import CliContext
from ops.doctor.canary import CHECK, PAUSE, SOURCE, Canary, remove_profile
from ops.doctor.checks import Checks, blocking
from ops.doctor.deployment_reader import DeploymentReader
from ops.doctor.finding import Finding, Verdict, not_checked, problem
from ops.errors import AWS_FAILURES, OpsError, explained
from ops.exits import Exit
from ops.option_types import DURATION
from ops.output import Rows
from ops.profile_objects import ProfileObjects
from ops.screen import Screen
from ops.text import count

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

STYLES = {Verdict.OK: "green", Verdict.PROBLEM: "bold red", Verdict.NOTE: "yellow", Verdict.NOT_CHECKED: "yellow"}
INDENT = " " * 4


@command(
    "doctor",
    examples=["ops doctor", "ops doctor --no-canary --json", "ops --stack journeys-write-back-eu doctor --patience 5m"],
    has_rows=True,
)
@option("--no-canary", is_flag=True, help="Only read the deployment: send no record through the pipeline.")
@option(
    "--patience",
    type=DURATION,
    default="2m",
    show_default=True,
    metavar="DURATION",
    help="Wait this long for the canary to reach its profile: 90s, 5m.",
)
def doctor(context: CliContext, *, no_canary: bool, patience: float) -> Exit:
    """Check a deployment and say how to fix each problem.

    At the end it sends a canary record through the pipeline, unless there is a problem that would stop it. The canary
    belongs to the customer `ops-doctor-canary` and is removed again. Ends with code 1 if there is a problem.
    """
    screen, deployment = context.screen, context.deployment
    screen.line(f"{deployment.stack} in {deployment.region}", "bold")
    findings: list[Finding] = []
    for finding in Checks(DeploymentReader(context)).findings():
        findings.append(finding)
        show(screen, finding)
    canary = _skipped(findings, no_canary=no_canary) or _round_trip(context, patience)
    findings.append(canary)
    show(screen, canary)
    counted = Counter(finding.verdict for finding in findings)
    documents = [finding.document for finding in findings]
    screen.document(
        {"stack": deployment.stack, "problems": counted[Verdict.PROBLEM], "checks": documents},
        Rows.of(("check", "verdict", "seen", "fix"), documents),
    )
    screen.line()
    screen.line(summary(counted))
    return Exit.PROBLEMS if counted[Verdict.PROBLEM] else Exit.FINE


def summary(counted: Counter[Verdict]) -> str:
    """Return how many checks ended how: ``1 problem, 1 not checked, 9 ok``."""
    noted = f"{count(counted[Verdict.NOTE], 'note')}, " if counted[Verdict.NOTE] else ""
    problems = count(counted[Verdict.PROBLEM], "problem")
    return f"{problems}, {noted}{counted[Verdict.NOT_CHECKED]} not checked, {counted[Verdict.OK]} ok"


def show(screen: Screen, finding: Finding) -> None:
    """Write one finding, and how to fix it."""
    screen.line(f"{finding.verdict}: {finding.check}: {finding.seen}", STYLES[finding.verdict])
    if finding.fix:
        screen.line(f"{INDENT}fix: {finding.fix}")


def _skipped(findings: list[Finding], *, no_canary: bool) -> Finding | None:
    if no_canary:
        return not_checked(CHECK, "--no-canary was given")
    if first := blocking(findings):
        return not_checked(CHECK, f"it would not arrive: fix {', '.join(first)} first")
    return None


def _round_trip(context: CliContext, patience: float) -> Finding:
    deployment, client = context.deployment, context.account.customer_profiles()
    sqs, objects = context.account.sqs(), ProfileObjects(client, deployment.domain, deployment.object_type)
    canary = Canary(
        send=lambda body: _send(sqs, deployment.queue_url, body),
        objects=objects,
        remove_profile=lambda profile_id: remove_profile(client, objects, profile_id),
        clock=context.clock,
        patience=max(PAUSE, patience),
    )
    try:
        return canary.round_trip()
    except OpsError as error:
        fix = "fix what the line says, then run `ops doctor` again"
        return problem(CHECK, f"could not be followed: {error}", fix)


def _send(sqs: "SQSClient", queue_url: str, body: str) -> None:
    try:
        sqs.send_message(QueueUrl=queue_url, MessageBody=body, MessageGroupId=SOURCE)
    except AWS_FAILURES as error:
        raise explained(error) from error
