"""The errors of an event's fields."""

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason


class UnreadableError(Exception):
    """An id or address that cannot be valid; ``why`` completes "it ...", and holds nothing of the value."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def malformed(detail: str) -> InvalidRecordError:
    """Return the error of a member that breaks the caller's format."""
    return InvalidRecordError(Reason.MALFORMED_CUSTOMER, detail)


def unreadable(detail: str) -> InvalidRecordError:
    """Return the error of an id that is present and cannot be read."""
    return InvalidRecordError(Reason.UNREADABLE_IDENTITY, detail)
