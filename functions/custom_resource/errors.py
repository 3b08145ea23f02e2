"""The errors of the custom resources: each message is the Reason that CloudFormation shows, and says what to do.

EngagementError
`-- CustomResourceError
    |-- TimeUpError                   no time was left for another call          the request fails
    |-- ResponseNotSentError          the ResponseURL did not take the response  logged; the stack times out
    |-- OwnershipError                the object type is not this stack's        the request fails, nothing was changed
    |-- ConflictingSettingsError      the writer would not start                 the request fails, nothing was changed
    `-- ServiceError                  the service did not do what was asked
        |-- PermanentServiceError     no retry can change that                   the request fails
        |-- TransientServiceError     it may pass by itself                      retried, then the request fails
        `-- PropagationError          it may pass once IAM has spread a change   retried for a minute, then as below
            |-- AccessDeniedError     the call was not allowed                   the request fails
            `-- NotFoundError         it does not exist, or may not be seen      the request fails; nothing to delete

`bootstrap.ownership` has OwnershipError, `bootstrap.properties` ConflictingSettingsError: they are of the object type
alone.
"""

from engagement.errors import EngagementError


class CustomResourceError(EngagementError):
    """Root of what a custom resource raises beside the shared InvalidEventError and SettingsError."""


class TimeUpError(CustomResourceError):
    """The invocation's time was used up before the work was done."""


class ResponseNotSentError(CustomResourceError):
    """CloudFormation's ResponseURL could not be reached, or did not take the response.

    Args:
        cause: A status or the name of an error; never the URL, which is a signed secret.
        retryable: Whether another attempt may succeed.
    """

    def __init__(self, cause: str, *, retryable: bool) -> None:
        super().__init__(f"CloudFormation's ResponseURL did not take the response: {cause}")
        self.retryable = retryable


class ServiceError(CustomResourceError):
    """The service did not do what was asked."""


class PermanentServiceError(ServiceError):
    """The same call will always be refused."""


class TransientServiceError(ServiceError):
    """The same call may succeed later."""


class PropagationError(ServiceError):
    """The same call may succeed once IAM has spread what the deployment has just allowed: it takes up to a minute.

    IAM user guide, "Troubleshoot IAM": changes are eventually consistent. Services do not always tell a denial from an
    absence, so both are retried.
    """


class AccessDeniedError(PropagationError):
    """The call was not allowed."""


class NotFoundError(PropagationError):
    """What was asked for does not exist, or access to it was denied: the services do not tell which.

    The domain or the object type; of outbound campaigns the instance, or a function of it.
    """
