"""The closed list of reasons for which a record is parked in the dead-letter queue."""

from enum import StrEnum


class Reason(StrEnum):
    """Why a record was parked; the value travels in the message attribute ``reason``."""

    MALFORMED_CUSTOMER = "malformed_customer"
    """The endpoint or profile is not a map, or one of its members has the wrong type."""
    NO_IDENTITY = "no_identity"
    """Neither a user id, nor an e-mail address, nor a phone number, nor a profile id; or only placeholders."""
    UNREADABLE_IDENTITY = "unreadable_identity"
    """There is an address or id, and it cannot be read; the detail says what is wrong with it."""
    INVALID_OFFER = "invalid_offer"
    """The offer's name is broken JSON, of the wrong type, too long, or holds control characters."""
    RECORD_TOO_LARGE = "record_too_large"
    """The record does not fit an SQS message; the parked body names the customer without the content."""
    REFUSED_BY_QUEUE = "refused_by_queue"
    """SQS refused the message for a fault of the message (SenderFault)."""
    NOT_JSON = "not_json"
    """The message's body is empty, truncated or not JSON."""
    NOT_A_RECORD = "not_a_record"
    """The body is JSON but no engagement record: another sender's message."""
    UNKNOWN_VERSION = "unknown_version"
    """The record's wire version is not one that this writer reads."""
    INVALID_RECORD = "invalid_record"
    """The record lacks a required member, or one has the wrong type or length."""
    OBJECT_TOO_LARGE = "object_too_large"
    """The profile object would exceed the service's fixed quota of 250 KB."""
    REJECTED_BY_SERVICE = "rejected_by_service"
    """Customer Profiles refused the object for good; the detail carries the service's code."""
    RECEIVES_EXHAUSTED = "receives_exhausted"
    """The record met retryable failures at every receive that the queue allows; the detail is the last one."""
