import pytest

from engagement.errors import (
    DeliveryError,
    EngagementError,
    InvalidEventError,
    InvalidRecordError,
    PermanentError,
    SettingsError,
    TransientError,
    UnsentError,
)
from engagement.reasons import Reason


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (SettingsError("OFFER_VIEWED", None, "true or false"), "OFFER_VIEWED is not set; expected true or false"),
        (
            SettingsError("OFFER_VIEWED", "yes", "true or false"),
            "OFFER_VIEWED has the value 'yes'; expected true or false",
        ),
        (InvalidEventError("no map"), "invalid_event: no map"),
        (
            UnsentError(2, 50, "Throttled"),
            "unsent: SQS did not take 2 of 50 customers (Throttled); repeat the event",
        ),
        (InvalidRecordError(Reason.NOT_JSON, "0 characters"), "not_json: 0 characters"),
        (PermanentError("BadRequestException"), "BadRequestException"),
        (TransientError("ThrottlingException", "r-1"), "ThrottlingException (request r-1)"),
    ],
)
def test_every_error_says_what_happened_in_one_line(error: EngagementError, message: str) -> None:
    """An operator reads the message in a log line, without the code beside it."""
    assert str(error) == message


def test_permanent_and_transient_errors_differ_by_type() -> None:
    """The type alone decides between parking and returning."""
    assert issubclass(PermanentError, DeliveryError)
    assert issubclass(TransientError, DeliveryError)
    assert not issubclass(PermanentError, TransientError)


def test_a_delivery_error_keeps_code_and_request() -> None:
    """Both travel with a parked message, so that AWS's support can find the call."""
    error = PermanentError("BadRequestException", "r-1")

    assert (error.code, error.request_id) == ("BadRequestException", "r-1")
