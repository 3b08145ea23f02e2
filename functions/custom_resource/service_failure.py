"""How a call of a service failed, whichever the service: what each table of advice starts from."""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NotConnectedError

from custom_resource.errors import ServiceError
from engagement.aws_errors import ErrorKind, error_code, error_kind

NO_ANSWER = "NoAnswer"
"""The code of a call that got no answer, or none in time: the service was not reached, or did not respond."""
NOT_SENT = "NotSent"
"""The code of a call that the client could not even make."""

_SHOWN = 500


@dataclass(frozen=True, slots=True)
class ServiceFailure:
    """A failed call.

    Attributes:
        operation: The service's operation, which is also the IAM action's name.
        code: The service's error code, or `NO_ANSWER`, or `NOT_SENT`.
        message: The service's own words, or the client's.
        status: The HTTP status; 0 if there was no answer.
        request_id: What AWS Support asks for.
        region: Where it was called.
    """

    operation: str
    code: str
    message: str
    status: int = 0
    request_id: str | None = None
    region: str = "this one"

    @classmethod
    def of(cls, operation: str, error: ClientError | BotoCoreError, region: str = "this one") -> "ServiceFailure":
        """Return what boto3's ``error`` says."""
        if isinstance(error, ClientError):
            metadata = error.response.get("ResponseMetadata", {})
            return cls(
                operation,
                code=error_code(error),
                message=error.response.get("Error", {}).get("Message", ""),
                status=metadata.get("HTTPStatusCode", 0),
                request_id=metadata.get("RequestId"),
                region=region,
            )
        # botocore counts neither a refused nor a timed-out connection among its HTTPClientErrors
        if isinstance(error, HTTPClientError | NotConnectedError):
            return cls(operation, NO_ANSWER, type(error).__name__)
        return cls(operation, NOT_SENT, str(error))

    @property
    def kind(self) -> ErrorKind | None:
        """What kind of failure it is; None if neither the code nor the status says.

        IAM's words count before the code: some services wrap a denial of what they call into another error.
        """
        says_denied = "not authorized" in self.message.lower()
        return ErrorKind.PERMISSION if says_denied else error_kind(self.code, self.status)

    def advise(self, advice: str) -> str:
        """Return an error message: ``advice`` first, then what failed, and in whose words."""
        request = f" (request {self.request_id})" if self.request_id else ""
        said = f": {self.message[:_SHOWN]}" if self.message else ""
        return f"{advice}. {self.operation} failed with {self.code}{request}{said}"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one kind of failure means.

    Attributes:
        error: The type that decides whether the call is repeated.
        advice: What to do; names in braces are filled in.
    """

    error: type[ServiceError]
    advice: str

    def explain(self, failure: ServiceFailure, **names: str) -> ServiceError:
        """Return the error; its message says what to do, what failed and in whose words."""
        return self.error(failure.advise(self.advice.format(operation=failure.operation, **names)))
