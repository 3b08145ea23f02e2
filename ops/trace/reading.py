"""Reads the logs and the dead-letter queues for one record or customer; consumes nothing."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from engagement.errors import EngagementError
from engagement.record import Customer
from ops import resources
from ops.dlq.message import DlqMessage, Offers, record_of
from ops.dlq.open_queue import open_queue
from ops.errors import AWS_FAILURES, OpsError, UnreachableError, code_of, explained
from ops.profile_objects import ProfileObjects
from ops.trace.happening import Happening, read
from ops.workplace import Workplace

INGEST_GROUPS = ("ViewedOfferLogGroup", "NotViewedOfferLogGroup")
WRITER_GROUP = "WriterLogGroup"


@dataclass(frozen=True)
class Reading:
    """Where a record leaves traces.

    Attributes:
        workplace: The stack, and who asks.
        since: How far back the logs are searched.
    """

    workplace: Workplace
    since: datetime

    @cached_property
    def objects(self) -> ProfileObjects:
        """Customer Profiles."""
        deployment = self.workplace.deployment
        return ProfileObjects(self.workplace.account.customer_profiles(), deployment.domain, deployment.object_type)

    def happenings(self, record_id: str) -> list[Happening]:
        """Return what the functions' lines say of a record.

        The writer's lines, of which there are many more, are searched from the time of ingest where that is known.

        Raises:
            OpsError: a log group is gone, or cannot be searched.
        """
        queued = [one for name in INGEST_GROUPS for one in self._searched(name, record_id, self.since)]
        begun = min((one.at for one in queued), default=self.since)
        written = self._searched(WRITER_GROUP, record_id, begun)
        return sorted([*queued, *written], key=lambda one: (one.at, one.receives))

    def letters(self, wanted: Callable[[DlqMessage], bool]) -> list[DlqMessage]:
        """Return the messages of both dead-letter queues that are wanted; what cannot be looked at is noted."""
        found: list[DlqMessage] = []
        for of_domain in (False, True):
            if of_domain and self.workplace.deployment.domain_dead_letter_queue_url is None:
                continue
            try:
                found += filter(wanted, self._looked_at(of_domain=of_domain))
            except OpsError as error:
                which = "domain's dead-letter queue" if of_domain else "dead-letter queue"
                self.workplace.screen.note(f"the {which} could not be looked at: {error}", "yellow")
        return found

    def customer_of(self, letters: Sequence[DlqMessage]) -> Customer | None:
        """Return whose record the messages hold; None where there is none, or none that can be read.

        The logs cannot tell: nothing personal is in them.
        """
        offers = Offers.of(self.workplace.deployment.parameters)
        for letter in letters:
            try:
                return record_of(letter, offers=offers).customer
            except (EngagementError, ValueError, RecursionError):
                continue  # parked because it cannot be read
        return None

    def _looked_at(self, *, of_domain: bool) -> Iterator[DlqMessage]:
        queue = open_queue(self.workplace, of_domain=of_domain)
        if not queue.before.total:
            return
        with (
            queue.scan() as scan,
            self.workplace.screen.progress(f"Scanning {queue.name}", queue.before.waiting) as done,
        ):
            for letters in scan.rounds():
                done(len(letters))
                yield from letters
        if not scan.complete or queue.before.in_flight:
            self.workplace.screen.note(
                f"not every message of {queue.name} could be looked at: others hold some", "yellow"
            )

    def _searched(self, group: str, record_id: str, since: datetime) -> list[Happening]:
        name = self._groups.get(group)
        if name is None:
            raise OpsError(f"the stack has no log group {group}: it was not deployed to its end; deploy it again")
        try:
            pages = self.workplace.account.logs().get_paginator("filter_log_events")
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
        return read(events, record_id)

    @cached_property
    def _groups(self) -> Mapping[str, str]:
        cloudformation = self.workplace.account.cloudformation()
        try:
            return resources.names(cloudformation, self.workplace.deployment.stack, resources.LOG_GROUPS)
        except AWS_FAILURES as error:
            raise explained(error) from error
