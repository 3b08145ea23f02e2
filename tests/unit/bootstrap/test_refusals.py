import pytest

from bootstrap.errors import AbsentError, PassingError, RefusedError, ServiceError
from bootstrap.properties import Target
from bootstrap.refusals import NO_ANSWER, NOT_SENT, Refusal, explain

TARGET = Target("AnyCompanyDomain", "Offers")
CONCURRENT = "Failed to update profile due to concurrent update in-progress"


@pytest.mark.parametrize(
    ("refusal", "error", "advice"),
    [
        (Refusal("GetDomain", "ResourceNotFoundException", "", 404), AbsentError, "parameter ProfileDomainName"),
        (Refusal("GetDomain", "AccessDeniedException", "", 403), RefusedError, "call profile:GetDomain on domain"),
        (
            Refusal("PutProfileObjectType", "ResourceNotFoundException", "", 404),
            AbsentError,
            "call profile:PutProfileObjectType on both",
        ),
        (
            Refusal("PutProfileObjectType", "AccessDeniedException", "", 403),
            RefusedError,
            "call profile:PutProfileObjectType on domain AnyCompanyDomain and on its object type Offers",
        ),
        (
            Refusal("PutProfileObjectType", "ThrottlingException", "", 429),
            PassingError,
            "quota for PutProfileObjectType",
        ),
        (Refusal("PutProfileObjectType", "TooManyRequests", "", 429), PassingError, "quota for PutProfileObjectType"),
        (
            Refusal("UpdateDomain", "BadRequestException", "The specified queue does not exist", 400),
            RefusedError,
            "names a standard queue that exists in this account and Region",
        ),
        (
            Refusal("UpdateDomain", "BadRequestException", "Access to the queue exceeded its policy", 400),
            RefusedError,
            "lets profile.amazonaws.com call sqs:SendMessage for this account (aws:SourceAccount)",
        ),
        (Refusal("UpdateDomain", "BadRequestException", CONCURRENT, 400), PassingError, "Deploy again when"),
        (Refusal("UpdateDomain", "ResourceNotFoundException", "", 404), AbsentError, "or domain AnyCompanyDomain"),
        (
            Refusal("UpdateDomain", "AccessDeniedException", "", 403),
            PassingError,
            "call profile:UpdateDomain on domain AnyCompanyDomain",
        ),
        (Refusal("UpdateDomain", "ThrottlingException", "", 429), PassingError, "quota for UpdateDomain"),
        (Refusal("GetDomain", "InternalServerException", "", 500), PassingError, "failed by itself"),
        (Refusal("GetDomain", "ServiceUnavailableException", "", 503), PassingError, "failed by itself"),
        (Refusal("PutProfileObjectType", "BadRequestException", CONCURRENT, 400), PassingError, "Deploy again when"),
        (
            Refusal("PutProfileObjectType", "BadRequestException", "Limit of object types exceeded", 400),
            RefusedError,
            "100 object types",
        ),
        (
            Refusal("PutProfileObjectType", "BadRequestException", "Key is invalid", 400),
            RefusedError,
            "parameter ProfileObjectTypeName",
        ),
        (Refusal("GetDomain", NO_ANSWER, "ReadTimeoutError"), PassingError, "did not answer in time"),
        (Refusal("GetDomain", NOT_SENT, "Unable to locate credentials"), RefusedError, "role, its Region"),
        (Refusal("GetDomain", "NeverHeardOfException", "", 418), RefusedError, "API reference"),
    ],
)
def test_a_refusal_says_what_to_do(refusal: Refusal, error: type[ServiceError], advice: str) -> None:
    """The operator sees this text alone, in the stack's events; the error's type decides whether it is retried."""
    explained = explain(refusal, TARGET)
    assert type(explained) is error
    assert advice in str(explained)
    assert f"{refusal.operation} failed with {refusal.code}" in str(explained)


def test_a_refusal_quotes_the_service_and_its_request() -> None:
    """AWS Support asks for the request; a bad request is explained by its message alone."""
    refusal = Refusal("PutProfileObjectType", "BadRequestException", "Key is invalid " * 1_000, 400, "request-7")
    explained = str(explain(refusal, TARGET))
    assert "(request request-7): Key is invalid" in explained
    assert len(explained) < 1_000
