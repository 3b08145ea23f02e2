"""The context object of an invocation in virtual time."""

from tests.fakes.clock import FakeClock


class FakeContext:
    """`engagement.lambda_context.LambdaContext` of an invocation that ends ``seconds`` from now on ``clock``."""

    def __init__(self, seconds: float = 15.0, clock: FakeClock | None = None) -> None:
        self.aws_request_id = "request-1"
        self._clock = clock or FakeClock()
        self._end = self._clock.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until Lambda ends the invocation."""
        return round((self._end - self._clock.monotonic()) * 1000)
