import boto3
import pytest

from bootstrap.properties import ObjectTypeId
from bootstrap.service_errors import explain
from custom_resource.errors import (
    AccessDeniedError,
    NotFoundError,
    PermanentServiceError,
    ServiceError,
    TransientServiceError,
)
from custom_resource.service_failure import NO_ANSWER, NOT_SENT, ServiceFailure

TARGET = ObjectTypeId("AnyCompanyDomain", "Offers")
CONCURRENT = "Failed to update profile due to concurrent update in-progress"


@pytest.mark.parametrize(
    ("failure", "error", "advice"),
    [
        (
            ServiceFailure("GetDomain", "ResourceNotFoundException", "", 404),
            NotFoundError,
            "parameter ProfileDomainName",
        ),
        (
            ServiceFailure("GetDomain", "AccessDeniedException", "", 403),
            AccessDeniedError,
            "call profile:GetDomain on domain",
        ),
        (
            ServiceFailure("PutProfileObjectType", "ResourceNotFoundException", "", 404),
            NotFoundError,
            "call profile:PutProfileObjectType on both",
        ),
        (
            ServiceFailure("PutProfileObjectType", "AccessDeniedException", "", 403),
            AccessDeniedError,
            "call profile:PutProfileObjectType on domain AnyCompanyDomain and on its object type Offers",
        ),
        (
            ServiceFailure("PutProfileObjectType", "ThrottlingException", "", 429),
            TransientServiceError,
            "quota for PutProfileObjectType",
        ),
        (
            ServiceFailure("PutProfileObjectType", "TooManyRequests", "", 429),
            TransientServiceError,
            "quota for PutProfileObjectType",
        ),
        (
            ServiceFailure("UpdateDomain", "BadRequestException", "The specified queue does not exist", 400),
            PermanentServiceError,
            "names a standard queue that exists in this account and Region",
        ),
        (
            ServiceFailure("UpdateDomain", "BadRequestException", "Access to the queue exceeded its policy", 400),
            PermanentServiceError,
            "lets profile.amazonaws.com call sqs:SendMessage for this account (aws:SourceAccount)",
        ),
        (
            ServiceFailure("UpdateDomain", "BadRequestException", CONCURRENT, 400),
            TransientServiceError,
            "Deploy again when",
        ),
        (
            ServiceFailure("UpdateDomain", "ResourceNotFoundException", "", 404),
            NotFoundError,
            "or domain AnyCompanyDomain",
        ),
        (
            ServiceFailure("UpdateDomain", "AccessDeniedException", "", 403),
            AccessDeniedError,
            "call profile:UpdateDomain on domain AnyCompanyDomain",
        ),
        (
            ServiceFailure("UpdateDomain", "ThrottlingException", "", 429),
            TransientServiceError,
            "quota for UpdateDomain",
        ),
        (ServiceFailure("GetDomain", "InternalServerException", "", 500), TransientServiceError, "failed by itself"),
        (
            ServiceFailure("GetDomain", "ServiceUnavailableException", "", 503),
            TransientServiceError,
            "failed by itself",
        ),
        (
            ServiceFailure("PutProfileObjectType", "BadRequestException", CONCURRENT, 400),
            TransientServiceError,
            "Deploy again when",
        ),
        (
            ServiceFailure("PutProfileObjectType", "BadRequestException", "Limit of object types exceeded", 400),
            PermanentServiceError,
            "100 object types",
        ),
        (
            ServiceFailure("PutProfileObjectType", "BadRequestException", "Key is invalid", 400),
            PermanentServiceError,
            "parameter ProfileObjectTypeName",
        ),
        (
            ServiceFailure("DeleteProfileObjectType", "AccessDeniedException", "", 403),
            AccessDeniedError,
            "once DeleteObjectTypeOnStackDelete is true",
        ),
        (
            ServiceFailure(
                "PutProfileObjectType", "AccessDeniedException", "not authorized to perform: kms:Decrypt", 403
            ),
            AccessDeniedError,
            "let the bootstrap function's role call kms:Decrypt",
        ),
        (
            ServiceFailure(
                "PutProfileObjectType", "BadRequestException", "The KMS key is disabled", 400, region="eu-west-1"
            ),
            AccessDeniedError,
            "in Region eu-west-1",
        ),
        (
            ServiceFailure("GetDomain", "KMSAccessDeniedException", "", 400),
            AccessDeniedError,
            "A KMS key may not be used",
        ),
        (
            ServiceFailure("UpdateDomain", "BadRequestException", "Its KMS key cannot be used", 400),
            PermanentServiceError,
            "that its KMS key, if it has one",
        ),
        (
            ServiceFailure("GetDomain", "ResourceNotFoundException", "", 404, region="eu-west-1"),
            NotFoundError,
            "in this account and Region (eu-west-1)",
        ),
        (ServiceFailure("GetDomain", NO_ANSWER, "ReadTimeoutError"), TransientServiceError, "did not answer in time"),
        (
            ServiceFailure("GetDomain", NOT_SENT, "Unable to locate credentials"),
            PermanentServiceError,
            "role, its Region",
        ),
        (ServiceFailure("GetDomain", "NeverHeardOfException", "", 418), PermanentServiceError, "API reference"),
    ],
)
def test_a_refusal_says_what_to_do(failure: ServiceFailure, error: type[ServiceError], advice: str) -> None:
    """The operator sees this text alone, in the stack's events; the error's type decides whether it is retried."""
    explained = explain(failure, TARGET)
    assert type(explained) is error
    assert advice in str(explained)
    assert f"{failure.operation} failed with {failure.code}" in str(explained)


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
    errors = {type(explain(ServiceFailure(operation, code, "", status), TARGET)) for operation in OPERATIONS}
    assert errors == {AccessDeniedError}


@pytest.mark.parametrize(
    ("code", "status"),
    [("ResourceNotFoundException", 404), ("NotFoundException", 404), ("NoSuchEntity", 400), ("404", 404)],
)
def test_an_absence_in_any_spelling_may_be_a_denial(code: str, status: int) -> None:
    """The service says "does not exist, or access was denied"."""
    errors = {type(explain(ServiceFailure(operation, code, "", status), TARGET)) for operation in OPERATIONS}
    assert errors == {NotFoundError}


def test_a_bad_request_that_is_a_denial_is_taken_for_one() -> None:
    """Services answer for others that they call with the caller's rights."""
    failure = ServiceFailure(
        "PutProfileObjectType", "BadRequestException", "User is not authorized to perform: x:Y", 400
    )
    assert type(explain(failure, TARGET)) is AccessDeniedError


def test_a_refusal_quotes_the_service_and_its_request() -> None:
    """AWS Support asks for the request; a bad request is explained by its message alone."""
    failure = ServiceFailure("PutProfileObjectType", "BadRequestException", "Key is invalid " * 1_000, 400, "request-7")
    explained = str(explain(failure, TARGET))
    assert "(request request-7): Key is invalid" in explained
    assert len(explained) < 1_000


@pytest.mark.parametrize("message", ["Limit reached", "Quota reached", "Maximum exceeded", "Too many object types"])
def test_a_limit_in_any_words_says_to_make_room(message: str) -> None:
    """The service has no code of its own for it."""
    failure = ServiceFailure("PutProfileObjectType", "BadRequestException", message, 400)
    assert "Delete an object type that nobody uses" in str(explain(failure, TARGET))
