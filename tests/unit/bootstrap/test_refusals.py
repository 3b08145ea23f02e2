import boto3
import pytest

from bootstrap.errors import AbsentError, DeniedError, PassingError, RefusedError, ServiceError
from bootstrap.properties import Target
from bootstrap.refusal import NO_ANSWER, NOT_SENT, Refusal
from bootstrap.refusals import explain

TARGET = Target("AnyCompanyDomain", "Offers")
CONCURRENT = "Failed to update profile due to concurrent update in-progress"


@pytest.mark.parametrize(
    ("refusal", "error", "advice"),
    [
        (Refusal("GetDomain", "ResourceNotFoundException", "", 404), AbsentError, "parameter ProfileDomainName"),
        (Refusal("GetDomain", "AccessDeniedException", "", 403), DeniedError, "call profile:GetDomain on domain"),
        (
            Refusal("PutProfileObjectType", "ResourceNotFoundException", "", 404),
            AbsentError,
            "call profile:PutProfileObjectType on both",
        ),
        (
            Refusal("PutProfileObjectType", "AccessDeniedException", "", 403),
            DeniedError,
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
            DeniedError,
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
        (
            Refusal("DeleteProfileObjectType", "AccessDeniedException", "", 403),
            DeniedError,
            "once DeleteObjectTypeOnStackDelete is true",
        ),
        (
            Refusal("PutProfileObjectType", "AccessDeniedException", "not authorized to perform: kms:Decrypt", 403),
            DeniedError,
            "let the bootstrap function's role call kms:Decrypt",
        ),
        (
            Refusal("PutProfileObjectType", "BadRequestException", "The KMS key is disabled", 400, region="eu-west-1"),
            DeniedError,
            "in Region eu-west-1",
        ),
        (Refusal("GetDomain", "KMSAccessDeniedException", "", 400), DeniedError, "A KMS key may not be used"),
        (
            Refusal("UpdateDomain", "BadRequestException", "Its KMS key cannot be used", 400),
            RefusedError,
            "that its KMS key, if it has one",
        ),
        (
            Refusal("GetDomain", "ResourceNotFoundException", "", 404, region="eu-west-1"),
            AbsentError,
            "in this account and Region (eu-west-1)",
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


OPERATIONS = sorted(
    boto3.Session().client("customer-profiles", region_name="eu-west-1").meta.method_to_api_mapping.values()
)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDeniedException", 403),
        ("AccessDeniedException", 400),
        ("AccessDenied", 403),
        ("UnauthorizedOperation", 400),
        ("UnauthorizedException", 401),
        ("NotAuthorizedException", 400),
        ("AuthorizationError", 400),
        ("AuthFailure", 400),
        ("ForbiddenException", 403),
        ("OptInRequired", 403),
        ("UnrecognizedClientException", 400),
        ("InvalidClientTokenId", 403),
        ("403", 403),
        ("401", 401),
    ],
)
def test_a_denial_in_any_spelling_may_pass_at_any_operation(code: str, status: int) -> None:
    """IAM spreads a permission in seconds, whichever call meets its absence first."""
    errors = {type(explain(Refusal(operation, code, "", status), TARGET)) for operation in OPERATIONS}
    assert errors == {DeniedError}


@pytest.mark.parametrize(
    ("code", "status"),
    [("ResourceNotFoundException", 404), ("NotFoundException", 404), ("NoSuchEntity", 400), ("404", 404)],
)
def test_an_absence_in_any_spelling_may_be_a_denial(code: str, status: int) -> None:
    """The service says "does not exist, or access was denied"."""
    errors = {type(explain(Refusal(operation, code, "", status), TARGET)) for operation in OPERATIONS}
    assert errors == {AbsentError}


def test_a_bad_request_that_is_a_denial_is_taken_for_one() -> None:
    """Services answer for others that they call with the caller's rights."""
    refusal = Refusal("PutProfileObjectType", "BadRequestException", "User is not authorized to perform: x:Y", 400)
    assert type(explain(refusal, TARGET)) is DeniedError


def test_a_refusal_quotes_the_service_and_its_request() -> None:
    """AWS Support asks for the request; a bad request is explained by its message alone."""
    refusal = Refusal("PutProfileObjectType", "BadRequestException", "Key is invalid " * 1_000, 400, "request-7")
    explained = str(explain(refusal, TARGET))
    assert "(request request-7): Key is invalid" in explained
    assert len(explained) < 1_000
