from engagement.invocation import Context
from tests.fakes.invocation import FakeContext


def test_a_context_is_what_lambda_hands_over() -> None:
    """The fake and the port must name the same members, or every handler's test would prove nothing."""
    context: Context = FakeContext(seconds=1.5)

    assert context.get_remaining_time_in_millis() == 1500
    assert context.aws_request_id == "request-1"
