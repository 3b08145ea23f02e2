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
from local.cloudwatch.feed import Feed, Services
from local.cloudwatch.metric_math import ExpressionError
from local.stack.clients import Clients

SECONDS = 2.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Look, wait, look again; SIGTERM ends it after the look that is under way."""
    options = _parser().parse_args(arguments)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ended.set())
    clients = Clients(options.aws_url, "", options.certificate)
    services = Services(clients.cloudwatch(), clients.functions(), clients.logs(), clients.sqs(), options.aws_url)
    names = (options.namespace, options.engagement_queue, options.dead_letter_queue)
    feed = Feed(services, options.positions, *names)
    definitions = json.loads(options.alarms.read_text(encoding="utf-8"))
    watched = [Alarm.of(found) for found in definitions]
    while not ended.is_set():
        try:
            feed.look(time.time)
            alarms.update(services.cloudwatch, watched, time.time())
        except (BotoCoreError, ClientError, OSError, ExpressionError):
            # ministack may be restarted, as the soak does; the log says it, and the next look tries again
            traceback.print_exc(file=sys.stderr)
        ended.wait(SECONDS)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.cloudwatch", description=__doc__)
    parser.add_argument("--aws-url", required=True, help="of ministack")
    parser.add_argument("--certificate", default="", help="of ministack, where it speaks TLS")
    parser.add_argument("--alarms", type=Path, required=True, help="the file that tells which there are")
    parser.add_argument("--positions", type=Path, required=True, help="the file that remembers what was read")
    parser.add_argument("--namespace", required=True, help="of the stack's own metrics")
    parser.add_argument("--engagement-queue", required=True, help="its name")
    parser.add_argument("--dead-letter-queue", required=True, help="its name")
    return parser


if __name__ == "__main__":
    sys.exit(main())
