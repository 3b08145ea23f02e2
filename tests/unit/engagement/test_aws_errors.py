import pytest
from botocore.exceptions import ClientError, ConnectionClosedError
from botocore.parsers import ResponseParserError
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from engagement.aws_errors import ErrorKind, error_code, error_kind, readable
from engagement.errors import CallOutlastedError, UnreadableAnswerError


def test_a_failure_has_the_services_code() -> None:
    """It says more than the name of the exception."""
    assert error_code(ClientError({"Error": {"Code": "Throttling"}}, "SendMessageBatch")) == "Throttling"
    assert error_code(ClientError({"Error": {}}, "SendMessageBatch")) == "Unknown"
    assert error_code(ClientError({}, "SendMessageBatch")) == "Unknown"


@pytest.mark.parametrize("error", [ConnectionClosedError(endpoint_url="https://sqs"), CallOutlastedError()])
def test_a_failure_without_an_answer_has_the_exceptions_name(error: Exception) -> None:
    """There is no code, and the text may hold an address."""
    assert error_code(error) == type(error).__name__


@pytest.mark.parametrize("code", sorted(vars(ThrottledRetryableChecker)["_THROTTLED_ERROR_CODES"]))
def test_what_botocore_takes_for_a_throttle_is_one(code: str) -> None:
    """Its table is AWS's own."""
    assert error_kind(code, 400) is ErrorKind.THROTTLED


@pytest.mark.parametrize("code", sorted(vars(TransientRetryableChecker)["_TRANSIENT_ERROR_CODES"]))
def test_what_botocore_takes_for_transient_passes_by_itself(code: str) -> None:
    """``PriorRequestNotComplete`` also says that we are too fast."""
    assert error_kind(code, 400) in {ErrorKind.UNAVAILABLE, ErrorKind.THROTTLED}


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        (ErrorKind.THROTTLED, ["KMSThrottlingException", "RequestThrottled", "TooManyRequestsException", "SlowDown"]),
        (ErrorKind.UNAVAILABLE, ["InternalServerException", "ServiceUnavailable", "RequestAbortedException"]),
        (ErrorKind.ENCRYPTION_KEY, ["KMSAccessDeniedException", "KMSDisabledException", "KMSNotFoundException"]),
        (
            ErrorKind.CREDENTIALS,
            [
                *("AuthFailure", "ExpiredToken", "ExpiredTokenException", "IncompleteSignature", "InvalidAccessKeyId"),
                *("InvalidClientTokenId", "InvalidSignatureException", "InvalidToken", "MissingAuthenticationToken"),
                *("RequestExpired", "RequestTimeTooSkewed", "SignatureDoesNotMatch", "TokenRefreshRequired"),
                *("UnrecognizedClientException", "NoCredentialsError"),
            ],
        ),
        (
            ErrorKind.PERMISSION,
            [
                *("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized", "Forbidden"),
                *("OptInRequired", "SubscriptionRequiredException", "AccountSuspended", "Blocked"),
            ],
        ),
        (
            ErrorKind.NOT_FOUND,
            [
                "ResourceNotFoundException",
                "QueueDoesNotExist",
                "NoSuchEntity",
                "AWS.SimpleQueueService.NonExistentQueue",
            ],
        ),
        (
            ErrorKind.UNSUPPORTED,
            [
                *("UnknownOperationException", "UnsupportedOperation", "InvalidAction", "NotImplemented"),
                "AWS.SimpleQueueService.UnsupportedOperation",
            ],
        ),
        (None, ["BadRequestException", "ValidationException", "InvalidParameterValue", "Unknown", "400", ""]),
    ],
)
def test_a_code_is_recognized_in_any_spelling(kind: ErrorKind | None, codes: list[str]) -> None:
    """AWS spells one kind of failure in many ways, and may change their case."""
    assert {code: error_kind(code) for code in codes} == dict.fromkeys(codes, kind)
    assert {error_kind(code.upper()) for code in codes} == {kind}


def test_a_code_says_more_than_a_status() -> None:
    """AWS sends some errors with more than one status."""
    assert error_kind("ThrottlingException", 400) is ErrorKind.THROTTLED
    assert error_kind("ExpiredTokenException", 500) is ErrorKind.CREDENTIALS


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (0, None),
        (200, None),
        (400, None),
        (401, ErrorKind.CREDENTIALS),
        (403, ErrorKind.PERMISSION),
        (404, ErrorKind.NOT_FOUND),
        (407, ErrorKind.PERMISSION),
        (408, None),
        (429, ErrorKind.THROTTLED),
        (499, None),
        (500, ErrorKind.UNAVAILABLE),
        (504, ErrorKind.UNAVAILABLE),
    ],
)
def test_an_unknown_code_is_judged_by_its_status(status: int, kind: ErrorKind | None) -> None:
    """AWS's front doors answer with codes that no service's model names."""
    assert error_kind("NobodyKnowsException", status) is kind


def test_what_can_be_read_is_returned() -> None:
    """As it is."""
    assert readable(lambda: {"Successful": []}) == {"Successful": []}


@pytest.mark.parametrize("error", [AttributeError, TypeError, ValueError, RecursionError, ResponseParserError])
def test_what_botocores_parsers_stumble_over_is_unreadable(error: type[Exception]) -> None:
    """They expect a map, and meet null, a list or bytes that are no text."""

    def call() -> None:
        raise error

    with pytest.raises(UnreadableAnswerError):
        readable(call)


@pytest.mark.parametrize("error", [ConnectionClosedError(endpoint_url="https://sqs"), KeyError("ours")])
def test_another_error_stays_what_it_is(error: Exception) -> None:
    """A call that failed has its own name, and so has a defect."""

    def call() -> None:
        raise error

    with pytest.raises(type(error)):
        readable(call)
