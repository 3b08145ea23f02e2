"""The errors of the pipeline: the type of an error decides what becomes of a record.

EngagementError
|-- SettingsError           a setting is missing or out of range      the function does not start
|-- InvalidEventError       an event of no known contract             the invocation fails
|-- UnsentError             the queue did not take some records       the invocation fails; a repeat is harmless
|-- UnansweredError         a call has no proper answer               as a failed call: its effect is unknown
|   |-- CallOutlastedError     no whole answer came in time
|   |-- CallsLeftBehindError   too many calls hang: it was not made
|   `-- UnreadableAnswerError  the answer is not the service's, or another call's
|-- InvalidRecordError      the record itself is at fault             parked with its reason
`-- DeliveryError           Customer Profiles did not take the record
    |-- PermanentError      no retry can change that                  parked with its reason
    `-- TransientError      retryable                                 retried, then returned to the queue
        |-- ThrottledError  the account's quota is used up            the same, and the writer slows down
        |-- OutOfTimeError  the invocation's time is used up          returned untried
        `-- SystemicError   every record meets it at present          returned at once, and for longer
"""

from engagement.reasons import Reason


class EngagementError(Exception):
    """Root of every error that the pipeline raises on purpose."""


class SettingsError(EngagementError):
    """A setting is missing or out of range; the message names the setting, its value and what is expected."""

    def __init__(self, name: str, value: str | None, expected: str) -> None:
        shown = "is not set" if value is None else f"has the value {value!r}"
        super().__init__(f"{name} {shown}; expected {expected}")


class InvalidEventError(EngagementError):
    """The invocation's event follows no known contract.

    The text names its own kind, since not every runtime that answers a caller passes the type of an error on.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(f"invalid_event: {detail}")


class UnsentError(EngagementError):
    """Records were neither queued nor parked when the time or the attempts were used up.

    What was queued stays queued. Repeating the whole event is harmless: record ids are deterministic.
    """

    def __init__(self, unsent: int, total: int, code: str) -> None:
        super().__init__(f"unsent: SQS did not take {unsent} of {total} customers ({code}); repeat the event")


class UnansweredError(EngagementError):
    """A call was not answered as the service's contract says: whether it took effect is unknown.

    The name of the type is the cause in logs and answers.
    """


class CallOutlastedError(UnansweredError):
    """No whole answer came in the time that a call has: the service hangs or drips, or its name is not resolved."""


class CallsLeftBehindError(UnansweredError):
    """So many calls outlasted their time and still go on that no further one is made."""


class UnreadableAnswerError(UnansweredError):
    """The answer is not the service's to this call: of another shape, incomplete, or another call's."""


class InvalidRecordError(EngagementError):
    """The record can never be written as it stands.

    ``detail`` explains the reason without any personal data: it is logged and travels in message attributes.
    ``record_id`` is the record's, if it could be read.
    """

    def __init__(self, reason: Reason, detail: str, record_id: str | None = None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.record_id = record_id


class DeliveryError(EngagementError):
    """Customer Profiles did not take a record; ``code`` is the service's own error code, ``request_id`` its request."""

    def __init__(self, code: str, request_id: str | None = None) -> None:
        super().__init__(code if request_id is None else f"{code} (request {request_id})")
        self.code = code
        self.request_id = request_id


class PermanentError(DeliveryError):
    """The same call will always be refused: the record is parked."""


class TransientError(DeliveryError):
    """The same call may succeed later: the record is retried, then returned to the queue."""


class SystemicError(TransientError):
    """No record would be taken: access, the domain or the object type is missing. Not the record's fault."""


class ThrottledError(TransientError):
    """The service answers that it is called too often."""


class OutOfTimeError(TransientError):
    """The invocation has no time left for the call: nothing was tried, and the service is not to blame."""
