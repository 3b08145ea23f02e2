import pytest

from campaigns.service_errors import explain
from custom_resource.errors import AccessDeniedError
from custom_resource.service_failure import ServiceFailure
from tests.fakes.campaigns_requests import INSTANCE, VIEWED


@pytest.mark.parametrize(
    ("function", "named"), [(None, "asked about a function."), (VIEWED, f"the function {VIEWED}.")]
)
def test_the_function_is_named_if_there_is_one(function: str | None, named: str) -> None:
    """A list is about none."""
    failure = ServiceFailure("ListConnectInstanceIntegrations", "InternalServerException", "", 500)
    assert named in str(explain(failure, INSTANCE, function))


@pytest.mark.parametrize(
    ("code", "status"),
    [("AccessDeniedException", 403), ("ExpiredTokenException", 400), ("KMSAccessDeniedException", 400), ("Odd", 401)],
)
def test_a_denial_in_any_spelling_may_pass(code: str, status: int) -> None:
    """The permission comes with the deployment, and may be on its way."""
    failure = ServiceFailure("PutConnectInstanceIntegration", code, "", status)
    assert type(explain(failure, INSTANCE, VIEWED)) is AccessDeniedError
