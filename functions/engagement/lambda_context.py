"""What the functions use of the context object that Lambda passes to a handler."""

from typing import Protocol


class LambdaContext(Protocol):
    """One invocation."""

    aws_request_id: str

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the invocation."""
