"""`python -m local.cloudwatch`: feeds the local CloudWatch until it is ended; started with the local stack."""

import argparse
import json
import signal
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local.cloudwatch import alarms
from local.cloudwatch.alarms import Alarm
from local.cloudwatch.expressions import ExpressionError
from local.cloudwatch.feed import Feed
from local.stack.clients import Clients

SECONDS = 2.0
REQUIRED = {
    "aws-url": "of ministack",
    "namespace": "of the stack's own metrics",
    "engagement-queue": "its name",
    "dead-letter-queue": "its name",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Update metrics and alarms every two seconds; SIGTERM ends it after the update that is under way."""
    options = _parser().parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    clients = Clients(options.aws_url, "", options.certificate)
    names = (options.namespace, options.engagement_queue, options.dead_letter_queue)
    cloudwatch = clients.cloudwatch()
    feed = Feed(clients, options.aws_url, *names)
    watched = [Alarm.of(found) for found in json.loads(options.alarms.read_text(encoding="utf-8"))]
    while not ended.is_set():
        try:
            feed.update(time.time)
            alarms.update(cloudwatch, watched, time.time())
        except (BotoCoreError, ClientError, OSError, ExpressionError):
            # ministack may be restarted, as the soak does; it is logged, and the next update tries again
            traceback.print_exc(file=sys.stderr)
        ended.wait(SECONDS)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.cloudwatch", description=__doc__)
    parser.add_argument("--certificate", default="", help="of ministack, if it speaks TLS")
    parser.add_argument("--alarms", type=Path, required=True, help="the file that lists them")
    for name, meaning in REQUIRED.items():
        parser.add_argument(f"--{name}", required=True, help=meaning)
    return parser


if __name__ == "__main__":
    sys.exit(main())
