from typing import Any, cast

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
)

from engagement.errors import (
    CallOutlastedError,
    DeliveryError,
    PermanentError,
    SystemicError,
    ThrottledError,
    TransientError,
)
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE, REQUEST_ID, URL, FakeCustomerProfiles
from tests.samples import engagement_record
from writer.profile_object import profile_object
from writer.profiles import CustomerProfiles

RECORD = engagement_record()
OBJECT = profile_object(RECORD)


def put(client: FakeCustomerProfiles, domain: str = DOMAIN, object_type: str = OBJECT_TYPE) -> None:
    """Put the object through the adapter."""
    CustomerProfiles(client, domain, object_type).put(OBJECT)


def test_an_object_goes_to_the_domain_and_the_type_of_the_settings() -> None:
    """Another domain is another company's customers."""
    client = FakeCustomerProfiles()

    put(client)

    assert set(client.objects) == {RECORD.record_id}


@pytest.mark.parametrize(("domain", "object_type"), [("Other", OBJECT_TYPE), (DOMAIN, "Other")])
def test_a_place_that_is_not_there_is_systemic(domain: str, object_type: str) -> None:
    """Every record would meet it: none is at fault."""
    with pytest.raises(SystemicError, match="ResourceNotFoundException"):
        put(FakeCustomerProfiles(), domain, object_type)


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ("throttle", ThrottledError, "ThrottlingException"),
        ("server_error", TransientError, "InternalServerException"),
        ("unavailable", TransientError, "ServiceUnavailableException"),
        ("concurrent_update", TransientError, "ConcurrentUpdate"),
        ("access_denied", SystemicError, "AccessDeniedException"),
        ("bad_request", PermanentError, "BadRequestException"),
    ],
)
def test_an_answer_becomes_an_error_of_ours_with_its_request(fault: str, kind: type[DeliveryError], code: str) -> None:
    """The type decides what becomes of the record; AWS support asks for the request id."""
    client = FakeCustomerProfiles()
    client.fail(fault)

    with pytest.raises(DeliveryError) as raised:
        put(client)

    assert type(raised.value) is kind
    assert (raised.value.code, raised.value.request_id) == (code, REQUEST_ID)


@pytest.mark.parametrize(
    "failure",
    [EndpointConnectionError(endpoint_url=URL), ConnectTimeoutError(endpoint_url=URL), NoCredentialsError()],
)
def test_a_call_without_an_answer_is_transient(failure: Exception) -> None:
    """Whether the object was written is unknown; a repeat replaces it."""
    client = FakeCustomerProfiles()
    client.fail(failure)

    with pytest.raises(TransientError) as raised:
        put(client)

    assert (raised.value.code, raised.value.request_id) == (type(failure).__name__, None)


def test_what_the_client_itself_refuses_is_permanent() -> None:
    """It would refuse the same object each time."""
    client = FakeCustomerProfiles()
    client.fail(ParamValidationError(report="Invalid length for parameter Object, value: 0, valid min length: 1"))

    with pytest.raises(PermanentError, match="ParamValidationError"):
        put(client)


def test_an_answer_without_its_parts_is_transient() -> None:
    """A proxy's page in place of an answer says nothing against the record."""
    client = FakeCustomerProfiles()
    client.fail(ClientError({}, "PutProfileObject"))

    with pytest.raises(TransientError, match="Unknown"):
        put(client)


def test_an_error_holds_nothing_of_the_customer() -> None:
    """It is logged, and travels in message attributes."""
    client = FakeCustomerProfiles()
    client.fail("bad_request")

    with pytest.raises(PermanentError) as raised:
        put(client)

    assert str(raised.value) == f"BadRequestException (request {REQUEST_ID})"


class AnsweringClient:
    """A client that stores nothing, and answers with this."""

    def __init__(self, answer: object) -> None:
        self._answer = answer
        self.closed = 0

    def put_profile_object(self, *, DomainName: str, ObjectTypeName: str, Object: str) -> object:  # noqa: ARG002, N803 - boto3's
        """Answer."""
        return self._answer

    def close(self) -> None:
        """Count."""
        self.closed += 1


def test_a_write_returns_the_services_own_key() -> None:
    """By it an answer that is another record's is known."""
    client = FakeCustomerProfiles()

    assert CustomerProfiles(client, DOMAIN, OBJECT_TYPE).put(OBJECT) == f"key-of-{RECORD.record_id}"


@pytest.mark.parametrize(
    "answer",
    [
        {},
        None,
        [],
        "<html>Sign in</html>",
        {"ProfileObjectUniqueKey": ""},
        {"ProfileObjectUniqueKey": "  "},
        {"ProfileObjectUniqueKey": 5},
        {"ProfileObjectUniqueKey": ["key"]},
        {"Message": "OK"},
    ],
)
def test_a_success_without_the_key_is_no_write(answer: object) -> None:
    """The service's model requires it: a page, an empty 200, a 204 say nothing of the record."""
    client = AnsweringClient(answer)

    with pytest.raises(TransientError, match="UnreadableAnswerError") as raised:
        CustomerProfiles(client, DOMAIN, OBJECT_TYPE).put(OBJECT)

    assert type(raised.value) is TransientError
    assert client.closed == 1


def test_a_call_that_outlasts_its_time_is_transient() -> None:
    """Whether the object was written is unknown; a repeat replaces it."""
    client = FakeCustomerProfiles()
    client.fail(CallOutlastedError())

    with pytest.raises(TransientError, match="CallOutlastedError"):
        put(client)


@pytest.mark.parametrize("code", [5, None])
def test_an_error_of_another_shape_is_transient(code: object) -> None:
    """Its code may be anything in a document that is not the service's."""
    client = FakeCustomerProfiles()
    client.fail(
        ClientError(
            cast("Any", {"Error": {"Code": code, "Message": None}, "ResponseMetadata": {"HTTPStatusCode": 400}}),
            "PutProfileObject",
        )
    )

    with pytest.raises(TransientError):
        put(client)
