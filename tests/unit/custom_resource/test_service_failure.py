import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ReadTimeoutError,
)

from custom_resource.service_failure import ServiceFailure


def test_an_answer_of_the_service_is_read_whole() -> None:
    """The error message quotes it, and AWS Support asks for the request."""
    error = ClientError(
        {
            "Error": {"Code": "BadRequestException", "Message": "Key is invalid"},
            "ResponseMetadata": {"HTTPStatusCode": 400, "RequestId": "request-1"},  # type: ignore[typeddict-item]
        },
        "PutProfileObjectType",
    )
    assert ServiceFailure.of("PutProfileObjectType", error, "eu-west-1") == ServiceFailure(
        "PutProfileObjectType", "BadRequestException", "Key is invalid", 400, "request-1", "eu-west-1"
    )


def test_an_answer_without_a_code_is_read_too() -> None:
    """A proxy between the function and the service answers with a page of its own."""
    failure = ServiceFailure.of("GetDomain", ClientError({}, "GetDomain"), "eu-west-1")
    assert failure == ServiceFailure("GetDomain", "Unknown", "", 0, None, "eu-west-1")


@pytest.mark.parametrize("kind", [ReadTimeoutError, ConnectTimeoutError, EndpointConnectionError])
def test_a_service_that_does_not_answer_may_answer_the_next_time(kind: type[BotoCoreError]) -> None:
    """Whether it was not reached or did not respond: the name of the error says which."""
    error = kind(endpoint_url="https://profile.eu-west-1.amazonaws.com", error="any")
    assert ServiceFailure.of("GetDomain", error) == ServiceFailure("GetDomain", "NoAnswer", type(error).__name__)


def test_a_call_that_could_not_be_made_says_why() -> None:
    """Only the client knows."""
    failure = ServiceFailure.of("GetDomain", NoCredentialsError())
    assert (failure.code, failure.message, failure.status) == ("NotSent", "Unable to locate credentials", 0)


def test_advice_comes_first_then_what_failed() -> None:
    """CloudFormation's console shows the beginning."""
    failure = ServiceFailure("GetDomain", "Odd", "in its words", 418, "request-1")
    assert failure.advise("Do this") == "Do this. GetDomain failed with Odd (request request-1): in its words"
    assert ServiceFailure("GetDomain", "Odd", "").advise("Do this") == "Do this. GetDomain failed with Odd"


def test_endless_words_of_a_service_are_clipped() -> None:
    """CloudFormation takes 4,096 bytes of response."""
    assert ServiceFailure("GetDomain", "Odd", "w" * 501).advise("Do").endswith(": " + "w" * 500)
