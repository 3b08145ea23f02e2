"""The one table from Customer Profiles' error codes to our errors and to what the operator should do."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from bootstrap.errors import AbsentError, PassingError, RefusedError, ServiceError
from bootstrap.properties import Target

NO_ANSWER = "NoAnswer"
"""The code of a call that was made and got no answer, or none in time."""
NOT_SENT = "NotSent"
"""The code of a call that the client could not even make."""

_SHOWN = 500
_SERVER_FAULT = 500
_TOO_MANY_REQUESTS = 429


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a call failed.

    Attributes:
        operation: The service's operation, which is also the IAM action's name.
        code: The service's error code, or `NO_ANSWER`, or `NOT_SENT`.
        message: The service's own words, or the client's.
        status: The HTTP status, where there was an answer.
        request_id: What AWS Support asks for.
    """

    operation: str
    code: str
    message: str
    status: int = 0
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class _Rule:
    error: type[ServiceError]
    advice: str


# What one operation's code means that it does not mean of the others.
_OF_OPERATION: Mapping[tuple[str, str], _Rule] = MappingProxyType(
    {
        ("GetDomain", "ResourceNotFoundException"): _Rule(
            AbsentError,
            "The domain {domain} does not exist in this account and Region, or this function may not see it."
            " Create it (Connect console, Customer profiles) or give the stack's parameter ProfileDomainName the name"
            " of an existing one, and let the bootstrap function's role call profile:GetDomain on it",
        ),
        ("UpdateDomain", "ResourceNotFoundException"): _Rule(
            AbsentError,
            "The queue that the stack's parameter DomainDeadLetterQueueUrl names, or domain {domain} itself, does not"
            " exist in this account and Region. Correct the parameter, or leave it empty; then deploy again",
        ),
        # Passing: the deployment that gives the queue gives this permission too, and IAM takes seconds to spread it.
        ("UpdateDomain", "AccessDeniedException"): _Rule(
            PassingError,
            "Let the bootstrap function's role call profile:UpdateDomain on domain {domain}, as the template does once"
            " DomainDeadLetterQueueUrl is given; a permissions boundary or a service control policy may deny it. Or"
            " leave the parameter empty and set the domain's queue by hand; then deploy again",
        ),
    }
)
_CODES: Mapping[str, _Rule] = MappingProxyType(
    {
        "ResourceNotFoundException": _Rule(
            AbsentError,
            "The domain {domain} or its object type {type} does not exist, or this function may not see it."
            " Let the bootstrap function's role call profile:{operation} on both, and deploy again",
        ),
        "AccessDeniedException": _Rule(
            RefusedError,
            "Let the bootstrap function's role call profile:{operation} on domain {domain} and on its object type"
            " {type}; a permissions boundary or a service control policy may deny it as well",
        ),
        "ThrottlingException": _Rule(
            PassingError,
            "The account's rate quota for {operation} was used up through all attempts."
            " Deploy again when less is going on, or have AWS Support raise its rate",
        ),
        "InternalServerException": _Rule(
            PassingError,
            "Customer Profiles failed by itself. Deploy again; if it goes on, tell AWS Support the request",
        ),
        NO_ANSWER: _Rule(
            PassingError,
            "Customer Profiles did not answer in time. Check that the service is offered in this Region and, if the"
            " function was put into a VPC, its route to it; then deploy again",
        ),
        NOT_SENT: _Rule(
            RefusedError,
            "The function could not call Customer Profiles at all. Check its role, its Region and its layer",
        ),
    }
)
# A BadRequestException says what is wrong in its message alone, so its text is read here and nowhere else.
_LIMIT_WORDS = ("limit", "quota", "exceeded", "object types")
_CONCURRENT = _Rule(PassingError, "Something else changes domain {domain} just now. Deploy again when it is done")
_LIMIT = _Rule(
    RefusedError,
    "A limit of domain {domain} is reached: it holds 100 object types, and a type 10 keys, unless Service Quotas raised"
    " that. Delete an object type that nobody uses, or have the quota raised; then deploy again",
)
_BAD_REQUEST = _Rule(
    RefusedError,
    "The definition of object type {type} was refused. If the type exists with other keys or fields, give the stack's"
    " parameter ProfileObjectTypeName a new name; else compare the parameters with what the message names",
)
_BAD_QUEUE = _Rule(
    RefusedError,
    "The queue was refused as the dead-letter queue of domain {domain}. Check that the stack's parameter"
    " DomainDeadLetterQueueUrl names a standard queue that exists in this account and Region, that the queue's policy"
    " lets profile.amazonaws.com call sqs:SendMessage for this account (aws:SourceAccount), and that its KMS key, if"
    " it has one, can be used by profile.amazonaws.com too; then deploy again, or leave the parameter empty",
)
_UNKNOWN = _Rule(RefusedError, "Look the code up in the Customer Profiles API reference; then deploy again")


def explain(refusal: Refusal, target: Target) -> ServiceError:
    """Return the error for a failed call; its message says what failed, in whose words, and what to do."""
    rule = _rule(refusal)
    advice = rule.advice.format(operation=refusal.operation, domain=target.domain_name, type=target.object_type_name)
    request = f" (request {refusal.request_id})" if refusal.request_id else ""
    said = f": {refusal.message[:_SHOWN]}" if refusal.message else ""
    return rule.error(f"{advice}. {refusal.operation} failed with {refusal.code}{request}{said}")


def _rule(refusal: Refusal) -> _Rule:
    if (refusal.operation, refusal.code) in _OF_OPERATION:
        return _OF_OPERATION[refusal.operation, refusal.code]
    if refusal.code == "BadRequestException":
        return _bad_request(refusal.operation, refusal.message.lower())
    if refusal.code in _CODES:
        return _CODES[refusal.code]
    if refusal.status == _TOO_MANY_REQUESTS:
        return _CODES["ThrottlingException"]
    return _CODES["InternalServerException"] if refusal.status >= _SERVER_FAULT else _UNKNOWN


def _bad_request(operation: str, message: str) -> _Rule:
    if "concurrent" in message:
        return _CONCURRENT
    if operation == "UpdateDomain":
        return _BAD_QUEUE
    return _LIMIT if any(word in message for word in _LIMIT_WORDS) else _BAD_REQUEST
