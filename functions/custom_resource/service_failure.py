"""How a call of a service failed, whichever the service: what each table of advice starts from.

AWS spells a denial in many ways, by protocol and by age of the service; with a front door's there may be no code. Each
may be IAM that has not spread a change yet (IAM user guide, "Troubleshoot IAM"), and an absence may be a denial that
the service does not own up to.
"""

from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError, ConnectionError, HTTPClientError  # noqa: A004 - botocore's

NO_ANSWER = "NoAnswer"
"""The code of a call that got no answer, or none in time: the service was not reached, or did not respond."""
NOT_SENT = "NotSent"
"""The code of a call that the client could not even make."""
TOO_MANY_REQUESTS = 429
SERVER_FAULT = 500

_SHOWN = 500
_DENIED = frozenset({401, 403})
_NOT_FOUND = 404
_DENIED_WORDS = (
    *("accessdenied", "unauthorized", "notauthorized", "authorizationerror", "authfailure", "forbidden"),
    *("optinrequired", "invalidclienttoken", "unrecognizedclient", "invalidaccesskey", "missingauthentication"),
)
_NOT_AUTHORIZED = "not authorized"
_NOT_FOUND_WORDS = ("notfound", "doesnotexist", "nosuch")


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
            said = error.response.get("Error", {})
            metadata = error.response.get("ResponseMetadata", {})
            return cls(
                operation,
                code=said.get("Code", "Unknown"),
                message=said.get("Message", ""),
                status=metadata.get("HTTPStatusCode", 0),
                request_id=metadata.get("RequestId"),
                region=region,
            )
        # botocore counts neither a refused nor a timed-out connection among the HTTPClientErrors
        if isinstance(error, HTTPClientError | ConnectionError):
            return cls(operation, NO_ANSWER, type(error).__name__)
        return cls(operation, NOT_SENT, str(error))

    @property
    def mentions_denial(self) -> bool:
        """Whether the message is IAM's: some services wrap a denial into another error."""
        return _NOT_AUTHORIZED in self.message.lower()

    @property
    def is_denial(self) -> bool:
        """Whether the call was not allowed: by its error code, the service's words, or the HTTP status."""
        named = any(word in self.code.lower() for word in _DENIED_WORDS)
        return self.status in _DENIED or named or self.mentions_denial

    @property
    def is_absence(self) -> bool:
        """Whether what was asked for is not there, by the error code or the HTTP status."""
        return self.status == _NOT_FOUND or any(word in self.code.lower() for word in _NOT_FOUND_WORDS)

    def advise(self, advice: str) -> str:
        """Return an error message: ``advice`` first, then what failed, and in whose words."""
        request = f" (request {self.request_id})" if self.request_id else ""
        said = f": {self.message[:_SHOWN]}" if self.message else ""
        return f"{advice}. {self.operation} failed with {self.code}{request}{said}"
