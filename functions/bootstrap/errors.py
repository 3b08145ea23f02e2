"""The errors of bootstrap: each message is the reason that CloudFormation shows, and tells the operator what to do.

EngagementError
`-- BootstrapError
    |-- TimeUpError          the work was not done in time          the request fails
    |-- UnansweredError      CloudFormation's URL took no answer    logged; the stack waits for its time-out
    |-- ForeignTypeError     the object type is not this stack's    the request fails, nothing was changed
    |-- UnfitSettingsError   the writer would not start             the request fails, nothing was changed
    `-- ServiceError         the service did not do it
        |-- RefusedError     it never will                          the request fails
        |-- PassingError     it may, later                          retried, then the request fails
        `-- SpreadingError   it may, once IAM has spread a change   retried for a minute, then as below
            |-- DeniedError  the call was not allowed               the request fails
            `-- AbsentError  what is asked for is not there         the request fails; nothing is left to delete
"""

from engagement.errors import EngagementError


class BootstrapError(EngagementError):
    """Root of what bootstrap raises beside the shared InvalidEventError and SettingsError."""


class TimeUpError(BootstrapError):
    """The time of the invocation was used up before the work was done."""


class UnansweredError(BootstrapError):
    """CloudFormation's ResponseURL could not be reached, or did not take the answer.

    Args:
        cause: A status or the name of an error; never the URL, which is a signed secret.
        passing: Whether another attempt may succeed.
    """

    def __init__(self, cause: str, *, passing: bool) -> None:
        super().__init__(f"CloudFormation's ResponseURL did not take the answer: {cause}")
        self.passing = passing


class ForeignTypeError(BootstrapError):
    """The object type belongs to another stack or to nobody, and this stack may not take it over."""


class UnfitSettingsError(BootstrapError):
    """The settings of the writer contradict one another, so that it would not start."""


class ServiceError(BootstrapError):
    """The service did not do what was asked."""


class RefusedError(ServiceError):
    """The same call will always be refused."""


class PassingError(ServiceError):
    """The same call may succeed later."""


class SpreadingError(ServiceError):
    """The same call may succeed once IAM has spread what the deployment has just allowed: it takes up to a minute.

    IAM user guide, "Troubleshoot IAM": changes are eventually consistent. Whether something is denied or absent is not
    always told apart, so both are repeated.
    """


class DeniedError(SpreadingError):
    """The call was not allowed."""


class AbsentError(SpreadingError):
    """What was asked for does not exist, or access to it was denied: the services do not tell which.

    The domain or the object type; of outbound campaigns the instance, or a function of it.
    """
