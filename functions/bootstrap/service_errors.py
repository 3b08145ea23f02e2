"""The one table from Customer Profiles' error codes to our errors and to what the operator should do."""

from collections.abc import Mapping
from types import MappingProxyType

from bootstrap.properties import ObjectTypeId
from custom_resource.errors import (
    AccessDeniedError,
    NotFoundError,
    PermanentServiceError,
    ServiceError,
    TransientServiceError,
)
from custom_resource.service_failure import NO_ANSWER, NOT_SENT, Rule, ServiceFailure
from engagement.aws_errors import ErrorKind

# What one operation's failure means that it does not mean of the others.
_DENIED_OF: Mapping[str, str] = MappingProxyType(
    {
        "UpdateDomain": (
            "Let the bootstrap function's role call profile:UpdateDomain on domain {domain}, as the template does once"
            " DomainDeadLetterQueueUrl is given; a permissions boundary or a service control policy may deny it. Or"
            " leave the parameter empty and set the domain's queue by hand; then deploy again"
        ),
        "DeleteProfileObjectType": (
            "Let the bootstrap function's role call profile:DeleteProfileObjectType on object type {type} of domain"
            " {domain}, as the template does once DeleteObjectTypeOnStackDelete is true, for types with this stack's"
            " tag; a permissions boundary or a service control policy may deny it as well. Or delete the type by hand"
        ),
    }
)
_ABSENT_OF: Mapping[str, str] = MappingProxyType(
    {
        "GetDomain": (
            "The domain {domain} does not exist in this account and Region ({region}), or this function may not see it."
            " Create it (Connect console, Customer profiles), give the stack's parameter ProfileDomainName the name of"
            " an existing one, or deploy into the account and Region in which it is; and let the bootstrap function's"
            " role call profile:GetDomain on it"
        ),
        "UpdateDomain": (
            "The queue that the stack's parameter DomainDeadLetterQueueUrl names, or domain {domain} itself, does not"
            " exist in this account and Region ({region}). Correct the parameter, or leave it empty; then deploy again"
        ),
    }
)
_DENIAL = (
    "Let the bootstrap function's role call profile:{operation} on domain {domain} and on its object type {type}; a"
    " permissions boundary or a service control policy may deny it as well"
)
_ABSENCE = (
    "The domain {domain} or its object type {type} does not exist, or this function may not see it."
    " Let the bootstrap function's role call profile:{operation} on both, and deploy again"
)
_KEY = Rule(
    AccessDeniedError,
    "A KMS key may not be used for domain {domain} or its object type {type}. Look up the key that the message or the"
    " domain names, and let the bootstrap function's role call kms:Decrypt, kms:GenerateDataKey and kms:DescribeKey on"
    " it, in the key's policy too; see that it is enabled, and in Region {region}; then deploy again",
)
_CODES: Mapping[str, Rule] = MappingProxyType(
    {
        NO_ANSWER: Rule(
            TransientServiceError,
            "Customer Profiles did not answer in time. Check that the service is offered in this Region and, if the"
            " function was put into a VPC, its route to it; then deploy again",
        ),
        NOT_SENT: Rule(
            PermanentServiceError,
            "The function could not call Customer Profiles at all. Check its role, its Region and its layer",
        ),
    }
)
_KINDS: Mapping[ErrorKind | None, Rule] = MappingProxyType(
    {
        ErrorKind.THROTTLED: Rule(
            TransientServiceError,
            "The account's rate quota for {operation} was used up through all attempts."
            " Deploy again when less is going on, or have AWS Support raise its rate",
        ),
        ErrorKind.UNAVAILABLE: Rule(
            TransientServiceError,
            "Customer Profiles failed by itself. Deploy again; if it goes on, give AWS Support the request id",
        ),
        ErrorKind.ENCRYPTION_KEY: _KEY,
    }
)
# A BadRequestException says what is wrong in its message alone, so its text is read here and nowhere else.
_LIMIT_WORDS = ("limit", "quota", "exceeded", "object types")
_CONCURRENT = Rule(
    TransientServiceError, "Something else changes domain {domain} just now. Deploy again when it is done"
)
_LIMIT = Rule(
    PermanentServiceError,
    "A limit of domain {domain} is reached: it holds 100 object types, and a type 10 keys, unless Service Quotas raised"
    " that. Delete an object type that nobody uses, or have the quota raised; then deploy again",
)
_BAD_REQUEST = Rule(
    PermanentServiceError,
    "The definition of object type {type} was refused. If the type exists with other keys or fields, give the stack's"
    " parameter ProfileObjectTypeName a new name; else compare the parameters with what the message names",
)
_BAD_QUEUE = Rule(
    PermanentServiceError,
    "The queue was refused as the dead-letter queue of domain {domain}. Check that the stack's parameter"
    " DomainDeadLetterQueueUrl names a standard queue that exists in this account and Region, that the queue's policy"
    " lets profile.amazonaws.com call sqs:SendMessage for this account (aws:SourceAccount), and that its KMS key, if"
    " it has one, can be used by profile.amazonaws.com too; then deploy again, or leave the parameter empty",
)
_UNKNOWN = Rule(PermanentServiceError, "Look the code up in the Customer Profiles API reference; then deploy again")


def explain(failure: ServiceFailure, object_type: ObjectTypeId) -> ServiceError:
    """Return the error for a failed call; its message says what failed, in whose words, and what to do."""
    return _rule(failure).explain(failure, domain=object_type.domain_name, type=object_type.name, region=failure.region)


def _rule(failure: ServiceFailure) -> Rule:
    kind = failure.kind
    if (rule := _CODES.get(failure.code) or _KINDS.get(kind)) is not None:
        return rule
    if "kms" in failure.message.lower() and failure.operation != "UpdateDomain":
        return _KEY
    if kind in {ErrorKind.PERMISSION, ErrorKind.CREDENTIALS}:
        return Rule(AccessDeniedError, _DENIED_OF.get(failure.operation, _DENIAL))
    if kind is ErrorKind.NOT_FOUND:
        return Rule(NotFoundError, _ABSENT_OF.get(failure.operation, _ABSENCE))
    if failure.code == "BadRequestException":
        return _bad_request(failure.operation, failure.message.lower())
    return _UNKNOWN


def _bad_request(operation: str, message: str) -> Rule:
    if "concurrent" in message:
        return _CONCURRENT
    if operation == "UpdateDomain":
        return _BAD_QUEUE
    return _LIMIT if any(word in message for word in _LIMIT_WORDS) else _BAD_REQUEST
