"""Random requests for Custom::ConnectCampaignsIntegration."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.bootstrap_function import UNUSED_URL, Function
from tests.fakes.campaigns_requests import INSTANCE, OTHER, PROPERTIES, campaigns_request
from tests.fakes.invocation import FakeContext
from tests.fakes.outbound_campaigns import DELETE, LIST, PUT

CODES = ("ThrottlingException", "AccessDeniedException", "ResourceNotFoundException", "Odd")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=10), children, max_size=3),
    max_leaves=5,
)


def mutated(members: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return the map with some members replaced by any JSON, and some left out."""
    return st.fixed_dictionaries({}, optional={name: st.just(value) | JSON for name, value in members.items()})


@given(
    kind=st.sampled_from(["Create", "Update", "Delete"]),
    physical_id=st.sampled_from([INSTANCE.arn, OTHER.arn, "not-registered"]) | JSON,
    properties=mutated(dict(PROPERTIES)) | st.just(dict(PROPERTIES)) | JSON,
    old=mutated({**PROPERTIES, "ConnectInstanceArn": OTHER.arn}) | JSON,
    refusals=st.sets(st.tuples(st.sampled_from([LIST, PUT, DELETE]), st.sampled_from(CODES))),
)
def test_any_request_is_answered_once(
    kind: str, physical_id: object, properties: object, old: object, refusals: set[tuple[str, str]]
) -> None:
    """A stack waits for each of them."""
    function = Function()
    function.campaigns.instances = {INSTANCE.id: set()}
    for operation, code in refusals:
        function.campaigns.refuse(operation, code, times=20)
    event = campaigns_request(kind, UNUSED_URL, PhysicalResourceId=physical_id, OldResourceProperties=old)
    function.bootstrap.invoke({**event, "ResourceProperties": properties}, FakeContext(120.0, function.clock))
    [answer] = function.sender.responses
    assert answer["Status"] in {"SUCCESS", "FAILED"}
    assert answer["PhysicalResourceId"]
    assert answer["Reason"]
    assert not answer["Reason"].startswith("Unexpected")
