"""Decides of each parked message whether it may be sent on, where to, and in what form; pure but for the profiles."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from engagement.errors import EngagementError, InvalidRecordError
from engagement.parking import Stage
from engagement.record import EngagementRecord
from engagement.sqs_batch import MAX_BYTES, Entry
from ingest.settings import OfferNameFrom
from ops.deployment import Deployment
from ops.dlq.channel_answer import asked
from ops.dlq.letter import SQS, UNLABELLED, Letter, Offers, record_of
from ops.dlq.profiles import Standing
from ops.dlq.sending import Order
from writer.profile_object import profile_object

GROUP = "redrive"
"""MessageGroupId of what is sent again: one group, so that SQS lets no redrive starve a journey that is running."""


class Why(StrEnum):
    """Why a message is held back."""

    NOT_OURS = "not one of ours"
    WOULD_PARK = "would be parked again as it is; mend it with --edit, or give --anyway"
    UNCHANGED = "the edit does not apply: the body is no JSON object"
    TOO_LARGE = "too large for a message once edited"
    NO_FUNCTION = "parked at ingest, and does not say by which function"
    NOT_ONE_CUSTOMER = (
        "the event does not name exactly one customer, by an id, whom an answer could tell of; mend it with --edit"
    )
    SUPERSEDED = "the profile shows something newer for the same offer"
    WRITTEN = "the profile shows this very record already"
    IN_DOUBT = "an interrupted run may have sent it already; --resend-in-doubt sends it (again)"


@dataclass(frozen=True, slots=True)
class Held:
    """A message that is not sent on.

    Attributes:
        why: From the closed list.
    """

    why: Why


@dataclass(frozen=True, slots=True)
class Ready:
    """A message that may be sent on.

    Attributes:
        order: How.
        record: What the functions will make of it; None where they would park it again.
    """

    order: Order
    record: EngagementRecord | None


@dataclass(frozen=True, slots=True)
class Rules:
    """What is sent on, and how.

    Attributes:
        deployment: The stack.
        standing: Asks the customer's profile; None where it is not to be asked.
        rewrite: Returns a message's body as it is to be sent, or None where an edit does not apply; None for no edit.
        anyway: Whether to send what would be parked again.
        resend_in_doubt: Whether to send what an interrupted run may have sent.
    """

    deployment: Deployment
    standing: Callable[[EngagementRecord], Standing] | None = None
    rewrite: Callable[[Letter], str | None] | None = None
    anyway: bool = False
    resend_in_doubt: bool = False

    @property
    def offers(self) -> Offers:
        """What names an offer where an event does not: the stack's parameters."""
        given = self.deployment.parameters
        source = given.get("ConnectOfferNameFrom", "")
        known = source in set(OfferNameFrom)
        return Offers(
            given.get("OfferName") or None,
            OfferNameFrom(source) if known else OfferNameFrom.SETTINGS,
            given.get("DefaultPhoneRegion", ""),
        )

    def sort(self, letter: Letter, *, in_doubt: bool = False) -> Ready | Held:
        """Return what is to be done with a message, without asking its profile."""
        if in_doubt and not self.resend_in_doubt:
            return Held(Why.IN_DOUBT)
        body = letter.body if self.rewrite is None else self.rewrite(letter)
        if body is None:
            return Held(Why.UNCHANGED)
        return self._sort(letter, body)

    def against_profile(self, ready: Ready) -> Ready | Held:
        """Return what is to be done with a message once its profile was asked.

        Raises:
            OpsError: Customer Profiles could not be asked.
        """
        if self.standing is None or ready.record is None:
            return ready
        standing = self.standing(ready.record)
        if standing is Standing.ABSENT:
            return ready
        return Held(Why.WRITTEN if standing is Standing.WRITTEN else Why.SUPERSEDED)

    def _sort(self, letter: Letter, body: str) -> Ready | Held:
        record = self._record(letter, body)
        if record is None and letter.reason == UNLABELLED:
            return Held(Why.NOT_OURS)
        if letter.stage == Stage.INGEST and letter.viewed is None:
            return Held(Why.NO_FUNCTION)
        customer = asked(body) if letter.stage == Stage.INGEST else None
        if letter.stage == Stage.INGEST and customer is None:
            return Held(Why.NOT_ONE_CUSTOMER)
        if record is None and not self.anyway:
            return Held(Why.NOT_OURS if letter.stage == SQS else Why.WOULD_PARK)
        order = Order(letter.message_id, self._entry(letter, body), self._function(letter), customer)
        return Held(Why.TOO_LARGE) if order.entry.size > MAX_BYTES else Ready(order, record)

    def _record(self, letter: Letter, body: str) -> EngagementRecord | None:
        try:
            record = record_of(letter, body, self.offers)
            profile_object(record)
        except (EngagementError, InvalidRecordError, ValueError, RecursionError):
            return None
        return record

    def _function(self, letter: Letter) -> str | None:
        if letter.stage != Stage.INGEST:
            return None
        return self.deployment.viewed_function if letter.viewed else self.deployment.not_viewed_function

    def _entry(self, letter: Letter, body: str) -> Entry:
        attributes = dict(letter.attributes)
        entry = Entry(body, GROUP, attributes)
        return entry if entry.size <= MAX_BYTES else Entry(body, GROUP)
