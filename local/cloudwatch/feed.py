"""What is new in the logs and the queues, as metrics."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

from local.cloudwatch import emf, metrics, queues
from local.cloudwatch.invocations import Invocations
from local.cloudwatch.logs import Event, LogReader
from local.cloudwatch.metrics import Datum
from local.cloudwatch.queues import Queues
from local.stack.clients import Clients
from local.stack.function_logs import group_of


class Feed:
    """Turns what happened since the last call into metrics.

    Args:
        clients: Of the local AWS.
        aws_url: Of ministack, which shows a queue's messages beside the API.
        namespace: Of the stack's own metrics.
        engagement: The name of the engagement queue.
        dead_letters: The name of the dead-letter queue.
    """

    def __init__(self, clients: Clients, aws_url: str, namespace: str, engagement: str, dead_letters: str) -> None:
        self._cloudwatch = clients.cloudwatch()
        self._lambda = clients.functions()
        self._reader = LogReader(clients.logs())
        self._queues = Queues(clients.sqs(), partial(queues.peek, aws_url))
        self._invocations = Invocations()
        self._names = (namespace, engagement, dead_letters)
        self._functions: dict[str, str] = {}
        self._polled: frozenset[str] = frozenset()
        self._unsent: list[Datum] = []

    def update(self, now: Callable[[], float]) -> None:
        """Put what is new; what could not be put stays for the next call.

        Args:
            now: the clock, in seconds since the epoch.
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
        metrics.put(self._cloudwatch, self._unsent)
        self._unsent = []

    def _functions_by_group(self) -> dict[str, str]:
        pages = self._lambda.get_paginator("list_functions").paginate()
        functions = [function for page in pages for function in page["Functions"]]
        return {group_of(function): function["FunctionName"] for function in functions}

    def _polled_functions(self) -> frozenset[str]:
        pages = self._lambda.get_paginator("list_event_source_mappings").paginate()
        mappings = [mapping for page in pages for mapping in page["EventSourceMappings"]]
        # arn:PARTITION:lambda:REGION:ACCOUNT:function:NAME, with :ALIAS behind it if the mapping has one
        return frozenset(mapping["FunctionArn"].split(":")[6] for mapping in mappings)


def _incoming_bytes(events: Iterable[Event]) -> list[Datum]:
    """Return AWS/Logs' IncomingBytes: the size of each group's new lines."""
    sizes: defaultdict[str, int] = defaultdict(int)
    newest: dict[str, int] = {}
    for event in events:
        sizes[event.group] += len(event.message.encode())
        newest[event.group] = event.at_ms
    return [
        Datum("AWS/Logs", "IncomingBytes", (("LogGroupName", group),), "Bytes", newest[group], (float(size),))
        for group, size in sizes.items()
    ]
