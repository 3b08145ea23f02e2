"""One look at the logs and the queues, and what it means in metrics."""

import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.cloudwatch import emf, queues, store
from local.cloudwatch.datum import Datum
from local.cloudwatch.invocations import Invocations
from local.cloudwatch.logs import Event, LogReader
from local.cloudwatch.queues import Queues

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_logs import CloudWatchLogsClient
    from mypy_boto3_sqs import SQSClient

PEEK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Services:
    """Where figures come from and go to.

    Attributes:
        cloudwatch: gets the metrics.
        functions: tells which function writes to which log group.
        logs: hold the functions' lines.
        sqs: holds the queues.
        aws_url: of ministack, whose own way to look at messages is beside the API.
    """

    cloudwatch: "CloudWatchClient"
    functions: "LambdaClient"
    logs: "CloudWatchLogsClient"
    sqs: "SQSClient"
    aws_url: str


class Feed:
    """Turns what happened since the last look into metrics.

    Args:
        services: The clients.
        positions: The file that remembers what was read of the logs.
        namespace: Of the stack's own metrics.
        engagement: The name of the engagement queue.
        dead_letters: The name of the dead-letter queue.
    """

    def __init__(self, services: Services, positions: Path, namespace: str, engagement: str, dead_letters: str) -> None:
        self._services = services
        self._reader = LogReader(services.logs, positions)
        self._queues = Queues(services.sqs, self._peek)
        self._invocations = Invocations()
        self._names = (namespace, engagement, dead_letters)
        self._functions: dict[str, str] = {}
        self._polled: frozenset[str] = frozenset()
        self._unsent: list[Datum] = []

    def look(self, now: Callable[[], float]) -> int:
        """Put what is new; return how many data that was.

        What could not be put stays for the next look.

        Args:
            now: tells the seconds since the epoch.
        """
        events = self._reader.read()
        data = [datum for event in events for datum in emf.extract(event.message)]
        if any(event.group not in self._functions for event in events):
            self._functions = self._functions_by_group()
            self._polled = self._polled_functions()
        self._unsent += [
            *data,
            *queues.movements(data, *self._names),
            *self._invocations.observe(events, self._functions, self._polled),
            *_incoming_bytes(events),
            *self._queues.measure(int(now() * 1000)),
        ]
        store.put(self._services.cloudwatch, self._unsent)
        sent, self._unsent = len(self._unsent), []
        return sent

    def _functions_by_group(self) -> dict[str, str]:
        pages = self._services.functions.get_paginator("list_functions").paginate()
        functions = [function for page in pages for function in page["Functions"]]
        return {
            function.get("LoggingConfig", {}).get("LogGroup", f"/aws/lambda/{function['FunctionName']}"): function[
                "FunctionName"
            ]
            for function in functions
        }

    def _polled_functions(self) -> frozenset[str]:
        pages = self._services.functions.get_paginator("list_event_source_mappings").paginate()
        mappings = [mapping for page in pages for mapping in page["EventSourceMappings"]]
        # arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME, with :ALIAS behind it where an alias is fed
        return frozenset(mapping["FunctionArn"].split(":")[6] for mapping in mappings)

    def _peek(self, queue_url: str) -> list[dict[str, Any]]:
        address = queues.messages_address(self._services.aws_url, queue_url)
        # by the default opener: TLS trusts SSL_CERT_FILE, and NO_PROXY has this machine
        with urllib.request.urlopen(address, timeout=PEEK_SECONDS) as answer:  # noqa: S310 - the local AWS
            return queues.messages_in(answer.read())


def _incoming_bytes(events: Iterable[Event]) -> list[Datum]:
    """Return AWS/Logs' IncomingBytes: what each group's new lines weigh."""
    weights: defaultdict[str, int] = defaultdict(int)
    newest: dict[str, int] = {}
    for event in events:
        weights[event.group] += len(event.message.encode())
        newest[event.group] = event.at_ms
    return [
        Datum("AWS/Logs", "IncomingBytes", (("LogGroupName", group),), "Bytes", newest[group], (float(weight),))
        for group, weight in weights.items()
    ]
