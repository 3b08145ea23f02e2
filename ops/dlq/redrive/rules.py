"""Decides of each parked message whether it may be sent, where to, and in what form."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from engagement.errors import EngagementError, InvalidRecordError
from engagement.parking import Stage
from engagement.record import EngagementRecord
from engagement.sqs_batch import MAX_BYTES, Entry
from ops.deployment import Deployment
from ops.dlq.message import SQS, UNLABELLED, DlqMessage, Offers, record_of
from ops.dlq.redrive.channel_answer import customer_of
from ops.dlq.redrive.profile_check import ProfileState
from ops.dlq.redrive.send import SendRequest
from writer.profile_object import profile_object

GROUP = "redrive"
"""MessageGroupId of what is sent again: one group, so that SQS lets no redrive starve a journey that is running."""


class HoldReason(StrEnum):
    """Why a message is held back; the names are what ``--json`` shows, in lower case."""

    NOT_OURS = "not one of the pipeline's"
    WOULD_PARK = "would be parked again unchanged; fix it with --edit, or send it with --anyway"
    UNCHANGED = "the edit does not apply: the body is no JSON object"
    TOO_LARGE = "too large for a message once edited"
    NO_FUNCTION = "parked at ingest, and does not say by which function"
    NOT_ONE_CUSTOMER = (
        "the event does not name exactly one customer, by an id that an answer could repeat; fix it with --edit"
    )
    SUPERSEDED = "the profile shows something newer for the same offer"
    WRITTEN = "the profile shows this very record already"
    IN_DOUBT = "an interrupted run may have sent it already; --resend-in-doubt sends it (again)"


@dataclass(frozen=True, slots=True)
class Held:
    """A message that is not sent.

    Attributes:
        why: From the closed list.
    """

    why: HoldReason


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that may be sent.

    Attributes:
        request: How.
        record: What the functions will make of it; None if they would park it again.
    """

    request: SendRequest
    record: EngagementRecord | None


@dataclass(frozen=True, slots=True)
class Rules:
    """What is sent, and how.

    Attributes:
        deployment: The stack.
        profile_state: Asks the customer's profile; None if it is not to be asked.
        edit: Returns a message's body as it is to be sent, or None if the edit does not apply; None for no edit.
        anyway: Whether to send what would be parked again.
        resend_in_doubt: Whether to send what an interrupted run may have sent.
    """

    deployment: Deployment
    profile_state: Callable[[EngagementRecord], ProfileState] | None = None
    edit: Callable[[DlqMessage], str | None] | None = None
    anyway: bool = False
    resend_in_doubt: bool = False

    def decide(self, message: DlqMessage, *, in_doubt: bool = False) -> Ready | Held:
        """Return what is to be done with a message, without asking its profile."""
        if in_doubt and not self.resend_in_doubt:
            return Held(HoldReason.IN_DOUBT)
        body = message.body if self.edit is None else self.edit(message)
        if body is None:
            return Held(HoldReason.UNCHANGED)
        record = self._record(message, body)
        if record is None and message.reason == UNLABELLED:
            return Held(HoldReason.NOT_OURS)
        if message.stage == Stage.INGEST:
            return self._by_function(message, body, record)
        if record is None and not self.anyway:
            return Held(HoldReason.NOT_OURS if message.stage == SQS else HoldReason.WOULD_PARK)
        return _fitting(SendRequest(message.message_id, _entry(message, body)), record)

    def check_profile(self, ready: Ready) -> Ready | Held:
        """Return what is to be done with a message once its profile was asked.

        Raises:
            OpsError: Customer Profiles could not be asked.
        """
        if self.profile_state is None or ready.record is None:
            return ready
        state = self.profile_state(ready.record)
        if state is ProfileState.ABSENT:
            return ready
        return Held(HoldReason.WRITTEN if state is ProfileState.WRITTEN else HoldReason.SUPERSEDED)

    def _by_function(self, message: DlqMessage, body: str, record: EngagementRecord | None) -> Ready | Held:
        if message.viewed is None:
            return Held(HoldReason.NO_FUNCTION)
        customer = customer_of(body)
        if customer is None:
            return Held(HoldReason.NOT_ONE_CUSTOMER)
        if record is None and not self.anyway:
            return Held(HoldReason.WOULD_PARK)
        function = self.deployment.viewed_function if message.viewed else self.deployment.not_viewed_function
        return _fitting(SendRequest(message.message_id, _entry(message, body), function, customer), record)

    def _record(self, message: DlqMessage, body: str) -> EngagementRecord | None:
        try:
            record = record_of(message, body, Offers.of(self.deployment.parameters))
            profile_object(record)
        except (EngagementError, InvalidRecordError, ValueError, RecursionError):
            return None
        return record


def _entry(message: DlqMessage, body: str) -> Entry:
    """Return what is sent; a body that leaves no room for attributes goes without, as when it was parked."""
    entry = Entry(body, GROUP, dict(message.attributes))
    return entry if entry.size <= MAX_BYTES else Entry(body, GROUP)


def _fitting(request: SendRequest, record: EngagementRecord | None) -> Ready | Held:
    return Held(HoldReason.TOO_LARGE) if request.entry.size > MAX_BYTES else Ready(request, record)
