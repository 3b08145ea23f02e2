"""How a call of a service failed, whichever the service: what its own table of refusals starts from."""

from dataclasses import dataclass

NO_ANSWER = "NoAnswer"
"""The code of a call that was made and got no answer, or none in time."""
NOT_SENT = "NotSent"
"""The code of a call that the client could not even make."""

_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a call failed.

    Attributes:
        operation: The service's operation, which is also the IAM action's name.
        code: The service's error code, or `NO_ANSWER`, or `NOT_SENT`.
        message: The service's own words, or the client's.
        status: The HTTP status, where there was an answer.
        request_id: What AWS Support asks for.
        region: Where it was called.
    """

    operation: str
    code: str
    message: str
    status: int = 0
    request_id: str | None = None
    region: str = "this one"

    def told_after(self, advice: str) -> str:
        """Return what to do, what failed, and in whose words."""
        request = f" (request {self.request_id})" if self.request_id else ""
        said = f": {self.message[:_SHOWN]}" if self.message else ""
        return f"{advice}. {self.operation} failed with {self.code}{request}{said}"
