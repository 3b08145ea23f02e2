"""`ops status`: the pipeline at a glance."""

import argparse
from dataclasses import asdict

from ops.arguments import Subparsers, add_command
from ops.exits import Exit
from ops.queues import depth
from ops.screen import Column
from ops.workplace import Workplace


def add(commands: Subparsers) -> None:
    """Add `ops status`."""
    add_command(commands, "status", "Show the pipeline at a glance.", status)


def status(workplace: Workplace, _: argparse.Namespace) -> Exit:
    """Show how full the queues are; problems are anything parked."""
    deployment, sqs = workplace.deployment, workplace.account.sqs()
    queues = {"queue": deployment.queue_url, "dead letters": deployment.dead_letter_queue_url}
    if deployment.domain_dead_letter_queue_url is not None:
        queues["domain's dead letters"] = deployment.domain_dead_letter_queue_url
    depths = {name: depth(sqs, url) for name, url in queues.items()}
    workplace.screen.document({"stack": deployment.stack, "queues": {name: asdict(d) for name, d in depths.items()}})
    workplace.screen.table(
        [Column("queue"), Column("waiting", right=True), Column("in flight", right=True)],
        [[name, f"{found.waiting:,}", f"{found.in_flight:,}"] for name, found in depths.items()],
        title=f"{deployment.stack} in {deployment.region}",
    )
    parked = sum(found.total for name, found in depths.items() if name != "queue")
    return Exit.PROBLEMS if parked else Exit.FINE
