"""`ops doctor`: what is wrong with a deployment, and how to mend it."""

import argparse
from collections import Counter
from typing import TYPE_CHECKING

from ops.arguments import Subparsers, add_command
from ops.doctor.canary import CHECK, CUSTOMER, PAUSE, SOURCE, Canary
from ops.doctor.examination import Examination, hindrances
from ops.doctor.finding import Finding, Verdict, not_checked, problem
from ops.doctor.reading import Reading
from ops.errors import AWS_FAILURES, OpsError, explained
from ops.exits import Exit
from ops.offering import UnofferedError, offered
from ops.profile_objects import ProfileObjects
from ops.screen import Screen
from ops.text import seconds_of
from ops.workplace import Workplace

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient
    from mypy_boto3_sqs import SQSClient

PATIENCE = 120.0
STYLES = {Verdict.FINE: "green", Verdict.PROBLEM: "bold red", Verdict.NOTE: "yellow", Verdict.NOT_CHECKED: "yellow"}
INDENT = " " * 4


def add(commands: Subparsers) -> None:
    """Add `ops doctor`."""
    parser = add_command(
        commands, "doctor", "Check a deployment, say how to mend it, and send a canary record through.", doctor
    )
    parser.add_argument("--no-canary", action="store_true", help="only look: send no record through the pipeline")
    parser.add_argument(
        "--patience",
        type=_patience,
        default=PATIENCE,
        metavar="DURATION",
        help="how long to wait for the canary: 90s, 5m; 2m by default",
    )


def doctor(workplace: Workplace, options: argparse.Namespace) -> Exit:
    """Run every check; problems are what is to be mended."""
    screen, deployment = workplace.screen, workplace.deployment
    screen.line(f"{deployment.stack} in {deployment.region}", "bold")
    findings: list[Finding] = []
    for finding in Examination(Reading(workplace)).findings():
        findings.append(finding)
        show(screen, finding)
    canary = _skipped(findings, options) or _flown(workplace, options.patience)
    findings.append(canary)
    show(screen, canary)
    problems = sum(finding.verdict is Verdict.PROBLEM for finding in findings)
    screen.document(
        {"stack": deployment.stack, "problems": problems, "checks": [finding.document for finding in findings]}
    )
    screen.line()
    counted = Counter(finding.verdict for finding in findings)
    noted = f"{counted[Verdict.NOTE]} to know, " if counted[Verdict.NOTE] else ""
    screen.line(f"{problems} to mend, {noted}{counted[Verdict.NOT_CHECKED]} not checked, {counted[Verdict.FINE]} fine")
    return Exit.PROBLEMS if problems else Exit.FINE


def show(screen: Screen, finding: Finding) -> None:
    """Write one finding, and how to mend it."""
    screen.line(f"{finding.verdict}: {finding.check}: {finding.seen}", STYLES[finding.verdict])
    if finding.mend:
        screen.line(f"{INDENT}mend: {finding.mend}")


def _skipped(findings: list[Finding], options: argparse.Namespace) -> Finding | None:
    if options.no_canary:
        return not_checked(CHECK, "--no-canary was given")
    if hindered := hindrances(findings):
        return not_checked(CHECK, f"it would not arrive: mend {', '.join(hindered)} first")
    return None


def _flown(workplace: Workplace, patience: float) -> Finding:
    deployment, client = workplace.deployment, workplace.account.customer_profiles()
    sqs, objects = workplace.account.sqs(), ProfileObjects(client, deployment.domain, deployment.object_type)
    canary = Canary(
        send=lambda body: _send(sqs, deployment.queue_url, body),
        objects=objects,
        remove_profile=lambda profile_id: _remove_profile(client, objects, profile_id),
        clock=workplace.clock,
        patience=max(PAUSE, patience),
    )
    try:
        return canary.fly()
    except OpsError as error:
        return problem(CHECK, f"could not be followed: {error}", "mend what the line says, and call the doctor again")


def _send(sqs: "SQSClient", queue_url: str, body: str) -> None:
    try:
        sqs.send_message(QueueUrl=queue_url, MessageBody=body, MessageGroupId=SOURCE)
    except AWS_FAILURES as error:
        raise explained(error) from error


def _remove_profile(client: "CustomerProfilesClient", objects: ProfileObjects, profile_id: str) -> str:
    """Delete a profile that is the canary's and nobody else's; return why it stays, or nothing."""
    try:
        found = objects.profiles_of(CUSTOMER)
        if [profile.get("ProfileId") for profile in found] != [profile_id]:
            return "it is not the canary's alone"
        if found[0].get("AccountNumber") != CUSTOMER.user_id:
            return "it has another account number"
        offered(lambda: client.delete_profile(DomainName=objects.domain, ProfileId=profile_id))
    except UnofferedError:
        return "this endpoint does not offer DeleteProfile"
    except OpsError as error:
        return str(error)
    except AWS_FAILURES as error:
        return str(explained(error))
    return ""


def _patience(written: str) -> float:
    try:
        return seconds_of(written)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
