"""Reads the logs, the dead-letter queues and Customer Profiles for one record or customer; consumes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from engagement.errors import EngagementError
from engagement.record import Customer
from ops.context import CliContext
from ops.deployment import LOG_GROUPS, resource_names
from ops.dlq.message import DlqMessage, Offers, record_of
from ops.dlq.open_queue import open_queue
from ops.errors import AWS_FAILURES, OpsError, UnreachableError, code_of, explained
from ops.profile_objects import ProfileObjects
from ops.trace.log_event import LogEvent, in_order, read_events

INGEST_GROUPS = ("ViewedOfferLogGroup", "NotViewedOfferLogGroup")
WRITER_GROUP = "WriterLogGroup"


@dataclass(frozen=True)
class TraceReader:
    """The places where a record leaves traces.

    Attributes:
        context: The stack, and the account that asks.
        since: How far back the logs are searched.
    """

    context: CliContext
    since: datetime

    @cached_property
    def objects(self) -> ProfileObjects:
        """Customer Profiles."""
        deployment = self.context.deployment
        return ProfileObjects(self.context.account.customer_profiles(), deployment.domain, deployment.object_type)

    def events(self, record_id: str) -> list[LogEvent]:
        """Return what the functions logged about a record.

        The writer's lines, of which there are many more, are searched from the time of ingest if that is known.

        Raises:
            OpsError: a log group is gone, or cannot be searched.
        """
        queued = [one for name in INGEST_GROUPS for one in self._searched(name, record_id, self.since)]
        begun = min((one.at for one in queued), default=self.since)
        written = self._searched(WRITER_GROUP, record_id, begun)
        return in_order([*queued, *written])

    def dead_letters(self, wanted: Callable[[DlqMessage], bool]) -> list[DlqMessage]:
        """Return the messages of both dead-letter queues that are wanted; a queue that cannot be scanned is noted."""
        found: list[DlqMessage] = []
        for of_domain in (False, True):
            if of_domain and self.context.deployment.domain_dead_letter_queue_url is None:
                continue
            try:
                found += filter(wanted, self._scanned(of_domain=of_domain))
            except OpsError as error:
                which = "domain's dead-letter queue" if of_domain else "dead-letter queue"
                self.context.screen.note(f"the {which} could not be scanned: {error}", "yellow")
        return found

    def customer_of(self, messages: Sequence[DlqMessage]) -> Customer | None:
        """Return whose record the messages hold; None if there is none that can be read.

        The logs cannot help: nothing personal is in them.
        """
        offers = Offers.of(self.context.deployment.parameters)
        for message in messages:
            try:
                return record_of(message, offers=offers).customer
            except (EngagementError, ValueError, RecursionError):
                continue  # parked because it cannot be read
        return None

    def _scanned(self, *, of_domain: bool) -> Iterator[DlqMessage]:
        queue = open_queue(self.context, of_domain=of_domain)
        if not queue.before.total:
            return
        with (
            queue.scan() as scan,
            self.context.screen.progress(f"Scanning {queue.name}", queue.before.waiting) as done,
        ):
            for messages in scan.rounds():
                done(len(messages))
                yield from messages
        if not scan.complete or queue.before.in_flight:
            self.context.screen.note(
                f"not every message of {queue.name} could be received: other consumers hold some", "yellow"
            )

    def _searched(self, group: str, record_id: str, since: datetime) -> list[LogEvent]:
        name = self._groups.get(group)
        if name is None:
            raise OpsError(f"the stack has no log group {group}: its deployment did not finish; deploy it again")
        try:
            pages = self.context.account.logs().get_paginator("filter_log_events")
            events: list[Mapping[str, Any]] = [
                event
                for page in pages.paginate(
                    logGroupName=name, filterPattern=f'"{record_id}"', startTime=int(since.timestamp() * 1000)
                )
                for event in page.get("events", [])
            ]
        except AWS_FAILURES as error:
            if code_of(error) == "ResourceNotFoundException":
                raise UnreachableError(f"the log group {name} is gone: deploy the stack again") from error
            raise explained(error) from error
        return read_events(events, record_id)

    @cached_property
    def _groups(self) -> Mapping[str, str]:
        cloudformation = self.context.account.cloudformation()
        try:
            return resource_names(cloudformation, self.context.deployment.stack, LOG_GROUPS)
        except AWS_FAILURES as error:
            raise explained(error) from error
