import pytest

from custom_resource.request import (
    Request,
    RequestEnvelope,
    RequestType,
    ResourceType,
    read_envelope,
    read_request,
    texts,
)
from engagement.errors import InvalidEventError
from tests.fakes.cloudformation import STACK_ID, resource_request

URL = "https://cloudformation-custom-resource-response.s3.amazonaws.com/answer"


def test_the_reply_repeats_what_cloudformation_knows_the_request_by() -> None:
    """CloudFormation ignores an answer with other ids, and waits on."""
    envelope, _ = read_envelope(resource_request("Update", URL, PhysicalResourceId="AnyCompanyDomain/Offers"))
    assert envelope == RequestEnvelope(URL, STACK_ID, "request-1", "ProfileObjectType", "AnyCompanyDomain/Offers")


@pytest.mark.parametrize("value", [None, 7, [], ""])
def test_a_request_without_ids_can_be_answered_nevertheless(value: object) -> None:
    """CloudFormation gave a ResponseURL and waits for a response."""
    ids = ("StackId", "RequestId", "LogicalResourceId", "PhysicalResourceId")
    envelope, _ = read_envelope({"ResponseURL": URL, **dict.fromkeys(ids, value)})
    assert envelope == RequestEnvelope(URL, "unknown", "unknown", "unknown", None)


@pytest.mark.parametrize(
    "event", [{}, {"ResponseURL": None}, {"ResponseURL": "ftp://host/answer"}, {"ResponseURL": 7}, [], None, "text"]
)
def test_an_event_without_a_response_url_is_refused(event: object) -> None:
    """Invoked by hand, the function says what it is for."""
    with pytest.raises(InvalidEventError, match="CloudFormation"):
        read_envelope(event)


@pytest.mark.parametrize("kind", list(RequestType))
def test_the_three_kinds_of_request_are_read(kind: RequestType) -> None:
    """They are all that CloudFormation sends."""
    event = resource_request(kind, URL)
    wanted = Request(kind, ResourceType.PROFILE_OBJECT_TYPE, event["ResourceProperties"], stack_id=event["StackId"])
    assert read_request(event) == wanted


@pytest.mark.parametrize("kind", ["create", "", None, 7, [], {}, "x" * 10_000])
def test_an_unknown_kind_is_named(kind: object) -> None:
    """The reason is all that the operator sees."""
    with pytest.raises(InvalidEventError, match=r"RequestType is .*; expected Create, Update, Delete") as refused:
        read_request(resource_request("Create", URL, RequestType=kind))
    assert len(str(refused.value)) < 200


@pytest.mark.parametrize("resource_type", ["Custom::Other", "", None, 7, [], {}, "x" * 10_000])
def test_an_unknown_type_of_resource_is_named_beside_those_that_are_known(resource_type: object) -> None:
    """Else it would be dispatched to a resource that it is not."""
    known = ", ".join(ResourceType)
    with pytest.raises(InvalidEventError, match=rf"ResourceType is .*; expected {known}$") as refused:
        read_request(resource_request("Create", URL, ResourceType=resource_type))
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize("properties", [None, [], "text"])
def test_properties_must_be_a_map(properties: object) -> None:
    """Anything else is no request of CloudFormation."""
    with pytest.raises(InvalidEventError, match="ResourceProperties is of type"):
        read_request(resource_request("Create", URL) | {"ResourceProperties": properties})


def test_properties_become_text_as_cloudformation_sends_them() -> None:
    """A pipeline that calls the function itself sends JSON's own types."""
    assert texts({"days": 30, "flag": True, "name": "Offers"}) == {"days": "30", "flag": "True", "name": "Offers"}


@pytest.mark.parametrize(("value", "shown"), [(["url"], "['url']"), ({}, "{}"), (None, "None")])
def test_what_is_no_text_is_shown_as_it_is(value: object, shown: str) -> None:
    """The reader refuses it, and names it."""
    assert texts({"name": value}) == {"name": shown}


@pytest.mark.parametrize("value", ["t" * 5_000, ["t" * 5_000]])
def test_an_endless_property_is_clipped(value: object) -> None:
    """At 300 characters: an error quotes it, and CloudFormation takes 4,096 bytes of response."""
    assert len(texts({"name": value})["name"]) == 300
