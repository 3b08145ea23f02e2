from typing import Any

import pytest
from botocore.exceptions import ClientError

from ops.errors import OpsError, UnreachableError, explained, is_throttled


def refused(code: str, status: int = 400) -> ClientError:
    """Return a call that a service answered with this code and status."""
    response: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "ReceiveMessage")


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (refused("ExpiredTokenException"), "sign in anew, or give --profile"),
        (refused("InvalidClientTokenId", 403), "sign in anew, or give --profile"),
        (refused("AccessDenied", 403), "these credentials may not do that"),
        (refused("RequestThrottled"), "try again in a minute"),
        (refused("InternalFailure", 500), "try again in a minute"),
        (refused("Unknown", 503), "try again in a minute"),
    ],
)
def test_a_call_that_got_nowhere_says_what_to_do(error: ClientError, advice: str) -> None:
    """It is nobody's mistake at this command: the operator can do something and repeat it."""
    found = explained(error)

    assert isinstance(found, UnreachableError)
    assert advice in str(found)


@pytest.mark.parametrize("code", ["InvalidParameterValue", "ValidationError"])
def test_another_refusal_is_shown_in_the_services_words(code: str) -> None:
    """There is no general advice for it."""
    found = explained(refused(code, 499))

    assert type(found) is OpsError
    assert code in str(found)


def test_a_throttle_is_known_in_any_spelling() -> None:
    """Such a call had no effect, and may be repeated."""
    assert is_throttled(refused("TooManyRequestsException"))
    assert is_throttled(refused("RequestThrottled"))
    assert not is_throttled(refused("InternalFailure", 500))
