"""Random CloudFormation requests."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engagement.errors import InvalidEventError
from tests.fakes.bootstrap_function import TARGET, UNUSED_URL, Function
from tests.fakes.cloudformation import PROPERTIES, resource_request
from tests.fakes.invocation import FakeContext

OTHER_QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/other"
DELETE_IT = {"DeleteObjectTypeOnStackDelete": "true"}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(), max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=10), children, max_size=3),
    max_leaves=5,
)
REQUEST = resource_request("Update", UNUSED_URL, PhysicalResourceId=TARGET.physical_id)


def mutated(members: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return the map with some members replaced by any JSON, and some left out."""
    return st.fixed_dictionaries(
        {}, optional={name: st.just(value) | JSON for name, value in members.items() if name != "ResourceProperties"}
    )


def known(kinds: list[str]) -> Callable[[dict[str, Any]], st.SearchStrategy[dict[str, Any]]]:
    """Return what gives a mutated request one of the known kinds and its resource, so that the fuzz reaches deeper."""
    return lambda request: st.sampled_from(kinds).map(
        lambda kind: {"ResourceType": REQUEST["ResourceType"], **request, "RequestType": kind}
    )


@given(
    request=mutated(REQUEST).flatmap(known(["Create", "Update", "Delete"])) | mutated(REQUEST),
    properties=mutated({**PROPERTIES, **DELETE_IT, "DomainDeadLetterQueueUrl": OTHER_QUEUE_URL}) | JSON,
    operations=st.sets(st.sampled_from(["GetDomain", "UpdateDomain", "DeleteProfileObjectType"])),
    failure=st.sampled_from(["", "ThrottlingException", "AccessDeniedException", "ResourceNotFoundException", "Odd"]),
)
def test_any_request_with_a_response_url_is_answered_once(
    request: dict[str, Any], properties: object, operations: set[str], failure: str
) -> None:
    """A stack waits for each of them; without a ResponseURL none does, and the error is typed."""
    function = Function()
    if failure:
        for operation in operations:
            function.object_types.refuse(operation, failure, times=20)
    event = {**request, "ResourceProperties": properties}
    url = event.get("ResponseURL")
    if not (isinstance(url, str) and url.startswith(("http://", "https://"))):
        with pytest.raises(InvalidEventError):
            function.bootstrap.invoke(event, FakeContext(120.0))
        return
    function.bootstrap.invoke(event, FakeContext(120.0))
    [answer] = function.sender.responses
    assert answer["Status"] in {"SUCCESS", "FAILED"}
    assert answer["PhysicalResourceId"]
    assert answer["Reason"]
    assert not answer["Reason"].startswith("Unexpected")
