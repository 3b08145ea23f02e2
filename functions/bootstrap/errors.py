"""The errors of bootstrap: each message is the reason that CloudFormation shows, and tells the operator what to do.

EngagementError
`-- BootstrapError
    |-- TimeUpError          the work was not done in time        the request fails
    |-- UnansweredError      CloudFormation's URL took no answer  logged; the stack waits for its time-out
    `-- ServiceError         Customer Profiles, or Connect's outbound campaigns, did not do it
        |-- AbsentError      the domain or type is not there      the request fails; a deletion has nothing left to do
        |-- RefusedError     it never will                        the request fails
        `-- PassingError     it may, later                        retried, then the request fails
            `-- AbsentForNowError   (bootstrap.campaigns.refusals) not there, or not seen yet: after all attempts, gone
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


class ServiceError(BootstrapError):
    """The service did not do what was asked."""


class AbsentError(ServiceError):
    """The domain or the object type does not exist, or access to it was denied: the service does not tell which."""


class RefusedError(ServiceError):
    """The same call will always be refused."""


class PassingError(ServiceError):
    """The same call may succeed later."""
