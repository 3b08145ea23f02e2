"""The one table from the outbound campaigns' error codes to our errors and to what the operator should do."""

from collections.abc import Mapping
from types import MappingProxyType

from campaigns.properties import Instance
from custom_resource.errors import (
    AccessDeniedError,
    NotFoundError,
    PermanentServiceError,
    ServiceError,
    TransientServiceError,
)
from custom_resource.service_failure import NO_ANSWER, NOT_SENT, Rule, ServiceFailure
from engagement.aws_errors import ErrorKind

_CODES: Mapping[str, Rule] = MappingProxyType(
    {
        "ConflictException": Rule(
            TransientServiceError,
            "Something else changes the outbound campaigns of {instance} just now: they are being enabled or disabled,"
            " or another stack adds {function} too. Deploy again when that is done",
        ),
        "ValidationException": Rule(
            PermanentServiceError,
            "The outbound campaigns of {instance} did not take {function}. Check that outbound campaigns are enabled"
            " there (Amazon Connect console, the instance's alias, Channels and communications, Outbound campaigns),"
            " and compare the stack's parameter ConnectInstanceArn with what the message names; then deploy again,"
            " or leave the parameter empty",
        ),
        NO_ANSWER: Rule(
            TransientServiceError,
            "The outbound campaigns of {instance} did not answer in time, asked about {function}. Check that they are"
            " offered in this Region and, if the function was put into a VPC, its route to them; then deploy again",
        ),
        NOT_SENT: Rule(
            PermanentServiceError,
            "The bootstrap function could not call the outbound campaigns of {instance} about {function} at all. Check"
            " its role, its Region and its layer",
        ),
    }
)
_DENIAL = Rule(
    AccessDeniedError,
    "The bootstrap function may not do this for {function}. Let its role call connect-campaigns:{operation} on every"
    " resource (the service knows none for it), connect:DescribeInstance on {instance}, and lambda:AddPermission and"
    " lambda:RemovePermission on the function, as the template does; a permissions boundary or a service control policy"
    " may deny it as well. Then deploy again",
)
_ABSENCE = Rule(
    NotFoundError,
    "The instance {instance} does not exist, or its outbound campaigns are not enabled, or {function} does not exist."
    " Check the stack's parameter ConnectInstanceArn; enable outbound campaigns in the Amazon Connect console (the"
    " instance's alias, Channels and communications, Outbound campaigns); then deploy again, or leave the parameter"
    " empty",
)
_KINDS: Mapping[ErrorKind | None, Rule] = MappingProxyType(
    {
        ErrorKind.THROTTLED: Rule(
            TransientServiceError,
            "{operation} for {instance} and {function} was throttled through all attempts. Deploy again when less is"
            " going on",
        ),
        ErrorKind.UNAVAILABLE: Rule(
            TransientServiceError,
            "The outbound campaigns of {instance} failed by themselves, asked about {function}. Deploy again; if it"
            " goes on, give AWS Support the request id",
        ),
        ErrorKind.PERMISSION: _DENIAL,
        ErrorKind.CREDENTIALS: _DENIAL,
        ErrorKind.ENCRYPTION_KEY: _DENIAL,
        ErrorKind.NOT_FOUND: _ABSENCE,
    }
)
_UNKNOWN = Rule(
    PermanentServiceError,
    "The outbound campaigns of {instance} refused {function}. Look the code up in the API reference of Amazon Connect"
    " outbound campaigns V2; then deploy again, or leave the stack's parameter ConnectInstanceArn empty",
)


def explain(failure: ServiceFailure, instance: Instance, function: str | None = None) -> ServiceError:
    """Return the error for a failed call; its message says what failed, in whose words, and what to do.

    Args:
        failure: How it failed.
        instance: Whose outbound campaigns were called.
        function: The ARN that the call was about; None: about all functions of the instance.
    """
    about = "a function" if function is None else f"the function {function}"
    return _rule(failure).explain(failure, instance=instance.arn, function=about)


def _rule(failure: ServiceFailure) -> Rule:
    kind = failure.kind
    if kind is not ErrorKind.PERMISSION and failure.code in _CODES:
        return _CODES[failure.code]
    return _KINDS.get(kind, _UNKNOWN)
