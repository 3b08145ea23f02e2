import pytest
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from engagement.errors import DeliveryError, PermanentError, SystemicError, ThrottledError, TransientError
from writer.profiles import delivery_error

REQUEST_ID = "7a1c0de0-0000-4000-8000-000000000000"


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("BadRequestException", 400, PermanentError),
        ("ValidationException", 400, PermanentError),
        ("SerializationException", 400, PermanentError),
        ("AccessDeniedException", 403, SystemicError),
        ("ResourceNotFoundException", 404, SystemicError),
        ("ExpiredTokenException", 403, SystemicError),
        ("ExpiredTokenException", 400, SystemicError),
        ("IncompleteSignatureException", 403, SystemicError),
        ("InvalidSignatureException", 403, SystemicError),
        ("MissingAuthenticationTokenException", 403, SystemicError),
        ("UnrecognizedClientException", 403, SystemicError),
        ("ThrottlingException", 429, ThrottledError),
        ("ThrottlingException", 400, ThrottledError),
        ("TooManyRequestsException", 429, ThrottledError),
        ("RequestTimeoutException", 408, TransientError),
        ("InternalServerException", 500, TransientError),
        ("ServiceUnavailableException", 503, TransientError),
    ],
)
def test_a_code_decides(code: str, status: int, kind: type[DeliveryError]) -> None:
    """The code says more than the status: AWS sends some errors with more than one."""
    error = delivery_error(code, "some text", status, REQUEST_ID)

    assert type(error) is kind
    assert (error.code, error.request_id) == (code, REQUEST_ID)


@pytest.mark.parametrize("code", ["RequestExpired", "NotAuthorized", "IncompleteSignature", "ExpiredToken"])
def test_a_400_that_speaks_of_the_caller_blames_no_record(code: str) -> None:
    """AWS's common errors send these with status 400; parking for them would empty the queue into the DLQ."""
    assert type(delivery_error(code, "", 400, None)) is SystemicError


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("Throttling", ThrottledError),
        ("RequestLimitExceeded", ThrottledError),
        ("RequestAbortedException", TransientError),
    ],
)
def test_a_400_that_speaks_of_the_moment_blames_no_record(code: str, kind: type[DeliveryError]) -> None:
    """The same call may succeed a second later."""
    assert type(delivery_error(code, "", 400, None)) is kind


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, TransientError),
        (401, SystemicError),
        (403, SystemicError),
        (404, SystemicError),
        (408, TransientError),
        (407, SystemicError),
        (413, TransientError),
        (429, ThrottledError),
        (500, TransientError),
        (502, TransientError),
        (504, TransientError),
    ],
)
def test_an_unknown_code_is_judged_by_its_status(status: int, kind: type[DeliveryError]) -> None:
    """AWS's front doors answer with codes that the service's model does not name."""
    assert type(delivery_error("NobodyKnowsException", "", status, REQUEST_ID)) is kind


@pytest.mark.parametrize("status", [0, 200, 301, 409, 418])
def test_an_unknown_answer_is_transient(status: int) -> None:
    """A record is parked only where the service plainly says that it is at fault."""
    assert type(delivery_error("Unknown", "", status, None)) is TransientError


def test_a_concurrent_update_is_the_one_transient_400() -> None:
    """Two writers met on one profile; the record is as good as any."""
    error = delivery_error(
        "BadRequestException", "Failed to update profile due to concurrent update in-progress", 400, REQUEST_ID
    )

    assert type(error) is TransientError
    assert (error.code, error.request_id) == ("ConcurrentUpdate", REQUEST_ID)


def test_the_words_of_a_concurrent_update_mean_nothing_in_another_error() -> None:
    """One message text is read, of one error; all others are decided by code and status."""
    error = delivery_error("ValidationException", "concurrent update in-progress", 400, None)

    assert type(error) is PermanentError


def test_an_error_never_repeats_the_services_text() -> None:
    """The text may quote the object, and the error is logged."""
    assert "mary" not in str(delivery_error("BadRequestException", "mary@example.com is wrong", 400, REQUEST_ID))


@pytest.mark.parametrize("code", ["400", "Unknown", "InvalidParameterValue", "MalformedQueryString", ""])
def test_a_400_that_is_not_the_services_own_word_parks_nothing(code: str) -> None:
    """A front door's page has no code, and says nothing against the record."""
    assert type(delivery_error(code, "<html>Bad Request</html>", 400, None)) is TransientError


@pytest.mark.parametrize("code", ["BadRequestException", "ValidationException", "SerializationException"])
def test_the_services_word_counts_with_its_own_status_alone(code: str) -> None:
    """The service refuses with 400: whatever else comes with such a word is not settled."""
    assert type(delivery_error(code, "", 500, None)) is TransientError


@pytest.mark.parametrize("code", sorted(vars(ThrottledRetryableChecker)["_THROTTLED_ERROR_CODES"]))
def test_what_botocore_takes_for_a_throttle_slows_the_writer_down(code: str) -> None:
    """Its table is AWS's own; with whatever status they come."""
    assert type(delivery_error(code, "", 400, None)) is ThrottledError


@pytest.mark.parametrize("code", sorted(vars(TransientRetryableChecker)["_TRANSIENT_ERROR_CODES"]))
def test_what_botocore_takes_for_transient_parks_nothing(code: str) -> None:
    """The same."""
    error = delivery_error(code, "", 400, None)
    assert isinstance(error, TransientError)
    assert not isinstance(error, SystemicError)


@pytest.mark.parametrize(
    "code",
    [
        "AccessDenied",
        "AuthFailure",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidToken",
        "KMSAccessDeniedException",
        "KMSDisabledException",
        "KMSInvalidStateException",
        "MissingAuthenticationToken",
        "OptInRequired",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "SubscriptionRequiredException",
        "TokenRefreshRequired",
        "UnauthorizedOperation",
    ],
)
@pytest.mark.parametrize("status", [400, 403, 500])
def test_what_speaks_of_the_caller_or_of_a_key_is_systemic_in_any_spelling(code: str, status: int) -> None:
    """Every record would meet it until somebody fixes it."""
    assert type(delivery_error(code, "", status, None)) is SystemicError


@pytest.mark.parametrize(
    "code",
    [
        "BadRequestException:http://internal.amazon.com/coral/com.amazon.coral.service/",
        "com.amazonaws.profile#BadRequestException",
        "com.amazonaws.profile#BadRequestException:http://internal",
    ],
)
def test_a_code_is_read_without_what_other_protocols_put_around_it(code: str) -> None:
    """AWS's JSON protocols add a namespace before and a URL behind."""
    error = delivery_error(code, "", 400, None)

    assert (type(error), error.code) == (PermanentError, "BadRequestException")


@pytest.mark.parametrize("code", ["mary@example.com", "a b", "x" * 101])
def test_a_code_that_cannot_be_one_is_not_shown(code: str) -> None:
    """Another's page may hold anything, and the code is logged."""
    assert delivery_error(code, "", 400, None).code == "Unknown"


@pytest.mark.parametrize(
    "message",
    [
        "failed to update profile due to CONCURRENT UPDATE IN-PROGRESS.",
        "Concurrent update in progress",
        "Concurrent  Update In-Progress, please retry",
    ],
)
def test_a_concurrent_update_is_known_however_it_is_spelled(message: str) -> None:
    """A text is no contract: its case and its hyphens may change."""
    assert type(delivery_error("BadRequestException", message, 400, None)) is TransientError
