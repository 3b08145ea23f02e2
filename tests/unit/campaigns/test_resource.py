"""Custom::ConnectCampaignsIntegration by its requests and answers, over fakes."""

from collections.abc import Mapping
from typing import Any

import pytest

from campaigns.properties import Instance
from custom_resource.response import NOT_CREATED
from tests.fakes.bootstrap_function import UNUSED_URL, Function
from tests.fakes.campaigns_requests import INSTANCE, NOT_VIEWED, OTHER, PROPERTIES, VIEWED, campaigns_request
from tests.fakes.cloudformation import STACK_ID
from tests.fakes.invocation import FakeContext
from tests.fakes.outbound_campaigns import DELETE, LIST, PUT

STRANGERS = "arn:aws:lambda:eu-west-1:123456789012:function:another-stacks"
BOTH = {VIEWED, NOT_VIEWED}
OPERATIONS = (LIST, PUT, DELETE)


@pytest.fixture
def function() -> Function:
    """The function, in an account with two instances; one has a function that is none of this stack's."""
    made = Function()
    made.campaigns.instances = {INSTANCE.id: {STRANGERS}, OTHER.id: set()}
    return made


def ask(
    function: Function, kind: str, properties: Mapping[str, Any] | None = None, **changes: object
) -> dict[str, Any]:
    """Send a request and return the one answer."""
    function.sender.responses.clear()
    event = campaigns_request(kind, UNUSED_URL, properties, **changes)
    function.bootstrap.invoke(event, FakeContext(120.0, function.clock))
    [answer] = function.sender.responses
    return answer


def update(function: Function, before: Instance, after: Instance, **changes: object) -> dict[str, Any]:
    """Send an Update from one instance to another."""
    return ask(
        function,
        "Update",
        {"ConnectInstanceArn": after.arn},
        **{
            "PhysicalResourceId": before.physical_id,
            "OldResourceProperties": {**PROPERTIES, "ConnectInstanceArn": before.arn},
            **changes,
        },
    )


def in_campaigns(function: Function, instance: Instance = INSTANCE) -> set[str]:
    """Return this stack's functions that an instance's journeys may choose."""
    return function.campaigns.instances[instance.id] - {STRANGERS}


def test_create_adds_both_functions(function: Function) -> None:
    """The marketer finds them in the Custom action block, beside everybody else's."""
    assert ask(function, "Create") == {
        "Status": "SUCCESS",
        "PhysicalResourceId": INSTANCE.arn,
        "StackId": STACK_ID,
        "RequestId": "request-1",
        "LogicalResourceId": "ConnectCampaignsIntegration",
        "Reason": "Integrated",
        "Data": {"ConnectInstanceArn": INSTANCE.arn},
    }
    assert function.campaigns.instances[INSTANCE.id] == {*BOTH, STRANGERS}
    [line] = function.lines
    assert (line["message"], line["functions"]) == ("functions added to outbound campaigns", [VIEWED, NOT_VIEWED])
    assert line["resource"] == INSTANCE.arn


def test_what_is_there_is_not_added_again(function: Function) -> None:
    """A repeat is harmless, and costs one look."""
    ask(function, "Create")
    function.campaigns.calls.clear()
    assert ask(function, "Create")["Status"] == "SUCCESS"
    assert function.campaigns.calls == [LIST]


def test_an_update_adds_what_is_new_and_takes_away_what_is_old(function: Function) -> None:
    """The functions got an alias, say: the bare ones must not stay in the marketer's list."""
    created = ask(function, "Create")["PhysicalResourceId"]
    aliases = [f"{arn}:live" for arn in (VIEWED, NOT_VIEWED)]
    answer = ask(
        function,
        "Update",
        {"FunctionArns": aliases},
        PhysicalResourceId=created,
        OldResourceProperties=dict(PROPERTIES),
    )
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", created)
    assert in_campaigns(function) == set(aliases)


def test_an_update_of_nothing_changes_nothing(function: Function) -> None:
    """CloudFormation calls for a longer time-out too."""
    created = ask(function, "Create")["PhysicalResourceId"]
    function.campaigns.calls.clear()
    answer = ask(function, "Update", PhysicalResourceId=created, OldResourceProperties=dict(PROPERTIES))
    assert (answer["Status"], function.campaigns.calls) == ("SUCCESS", [LIST])


def test_another_instance_is_another_resource(function: Function) -> None:
    """CloudFormation then deletes the old one, whose Delete may hold the new properties."""
    created = ask(function, "Create")["PhysicalResourceId"]
    moved = update(function, INSTANCE, OTHER)
    assert (moved["Status"], moved["PhysicalResourceId"]) == ("SUCCESS", OTHER.arn)
    assert in_campaigns(function) == in_campaigns(function, OTHER) == BOTH
    ask(function, "Delete", {"ConnectInstanceArn": OTHER.arn}, PhysicalResourceId=created)
    assert (in_campaigns(function), in_campaigns(function, OTHER)) == (set(), BOTH)
    assert STRANGERS in function.campaigns.instances[INSTANCE.id]


def test_a_move_that_failed_is_cleared_away_by_its_rollback(function: Function) -> None:
    """CloudFormation deletes nothing at the new instance, since the resource never became it."""
    created = ask(function, "Create")["PhysicalResourceId"]
    function.campaigns.refuse(PUT, "ThrottlingException", times=1)
    function.campaigns.refuse(PUT, "ValidationException", "no", 400)
    function.campaigns.instances[OTHER.id].add(VIEWED)
    assert update(function, INSTANCE, OTHER)["PhysicalResourceId"] == created
    back = update(function, OTHER, INSTANCE, PhysicalResourceId=created)
    assert (back["Status"], back["PhysicalResourceId"]) == ("SUCCESS", created)
    assert (in_campaigns(function), in_campaigns(function, OTHER)) == (BOTH, set())


@pytest.mark.parametrize("old", [None, {}, {**PROPERTIES, "ConnectInstanceArn": "arn:aws:connect:us-east-1:1:x"}])
def test_an_update_after_properties_that_were_refused_only_adds(function: Function, old: object) -> None:
    """What was refused was never done."""
    answer = ask(function, "Update", PhysicalResourceId=INSTANCE.arn, OldResourceProperties=old)
    assert answer["Status"] == "SUCCESS"
    assert DELETE not in function.campaigns.calls
    assert in_campaigns(function) == BOTH


def test_delete_takes_the_functions_away(function: Function) -> None:
    """A marketer must not choose what is about to be gone; other stacks' functions stay."""
    created = ask(function, "Create")["PhysicalResourceId"]
    answer = ask(function, "Delete", PhysicalResourceId=created)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", created)
    assert function.campaigns.instances[INSTANCE.id] == {STRANGERS}
    line = function.lines[-1]
    assert (line["message"], line["functions"]) == ("functions removed from outbound campaigns", [VIEWED, NOT_VIEWED])


def test_delete_of_what_is_gone_succeeds(function: Function) -> None:
    """The instance, or a function that an operator removed by hand: there is nothing left to remove."""
    ask(function, "Create")
    function.campaigns.instances[INSTANCE.id].remove(VIEWED)
    assert ask(function, "Delete", PhysicalResourceId=INSTANCE.arn)["Status"] == "SUCCESS"
    del function.campaigns.instances[INSTANCE.id]
    assert ask(function, "Delete", PhysicalResourceId=INSTANCE.arn)["Status"] == "SUCCESS"


def test_a_function_that_goes_between_look_and_removal_is_gone(function: Function) -> None:
    """An operator removes it by hand in that moment."""
    ask(function, "Create")
    function.campaigns.refuse(DELETE, "ResourceNotFoundException", "not there", 404, times=100)
    assert ask(function, "Delete", PhysicalResourceId=INSTANCE.arn)["Status"] == "SUCCESS"


def test_a_delete_that_is_denied_for_good_fails(function: Function) -> None:
    """The functions are still in the marketer's list, and only a caller with the permission can remove them."""
    ask(function, "Create")
    function.campaigns.refuse(DELETE, "AccessDeniedException", "not authorized", 403, times=100)
    failed = ask(function, "Delete", PhysicalResourceId=INSTANCE.arn)
    assert failed["Status"] == "FAILED"
    assert "connect-campaigns:DeleteConnectInstanceIntegration" in failed["Reason"]
    assert INSTANCE.arn in failed["Reason"]


@pytest.mark.parametrize("physical_id", [NOT_CREATED, "stack-Campaigns-1ABC", None])
def test_the_rollback_of_a_create_removes_what_it_added(function: Function, physical_id: str | None) -> None:
    """The first function was added when the second was refused."""
    function.campaigns.instances[INSTANCE.id].add(VIEWED)
    answer = ask(function, "Delete", PhysicalResourceId=physical_id)
    assert (answer["Status"], answer["Reason"]) == ("SUCCESS", "Cleaned up")
    assert in_campaigns(function) == set()


def test_the_rollback_of_a_create_is_never_held_up(function: Function) -> None:
    """Else the stack ends in ROLLBACK_FAILED; what may be left is logged."""
    function.campaigns.refuse(LIST, "AccessDeniedException", "not authorized", 403, times=100)
    answer = ask(function, "Delete", PhysicalResourceId=NOT_CREATED)
    assert answer["Status"] == "SUCCESS"
    line = function.lines[-1]
    assert (line["level"], line["functions"]) == ("WARNING", [VIEWED, NOT_VIEWED])
    assert "remove them there" in line["message"]


def test_the_rollback_of_a_refused_instance_makes_no_call(function: Function) -> None:
    """Nothing can have been done there."""
    elsewhere = {"ConnectInstanceArn": INSTANCE.arn.replace("eu-west-1", "us-east-1")}
    failed = ask(function, "Create", elsewhere)
    assert failed["Status"] == "FAILED"
    assert elsewhere["ConnectInstanceArn"] in failed["Reason"]
    back = ask(function, "Delete", elsewhere, PhysicalResourceId=failed["PhysicalResourceId"])
    assert back["Status"] == "SUCCESS"
    assert function.campaigns.calls == []


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("AccessDeniedException", 403),
        ("ResourceNotFoundException", 404),
        ("ThrottlingException", 429),
        ("ConflictException", 409),
        ("InternalServerException", 500),
        ("ServiceUnavailableException", 503),
    ],
)
def test_what_passes_is_waited_for(function: Function, operation: str, code: str, status: int) -> None:
    """The role's policy spreads, the service recovers: no operation is an exception to that."""
    function.campaigns.refuse(operation, code, "for now", status, times=2)
    created = ask(function, "Create")
    assert created["Status"] == "SUCCESS"
    assert in_campaigns(function) == BOTH
    assert ask(function, "Delete", PhysicalResourceId=created["PhysicalResourceId"])["Status"] == "SUCCESS"
    assert in_campaigns(function) == set()
    assert function.clock.slept


@pytest.mark.parametrize("operation", [LIST, PUT])
@pytest.mark.parametrize(
    ("code", "message", "status"),
    [
        ("AccessDeniedException", "no", 403),
        ("AccessDenied", "no", 400),
        ("UnauthorizedException", "no", 401),
        ("ForbiddenException", "no", 403),
        ("403", "", 403),
        ("ValidationException", "User is not authorized to perform: lambda:AddPermission", 400),
        ("ResourceNotFoundException", "no", 404),
        ("NotFoundException", "no", 404),
    ],
)
def test_what_iam_has_not_spread_yet_is_waited_for_as_long_as_it_may_take(
    function: Function, operation: str, code: str, message: str, status: int
) -> None:
    """In any spelling, and by time: attempts alone are over too soon when their pauses happen to be short."""
    function.campaigns.refuse_until(function.clock, 50.0, operation, code, message, status)
    assert ask(function, "Create")["Status"] == "SUCCESS"
    assert in_campaigns(function) == BOTH
    assert 50.0 <= function.clock.elapsed < 60.0


@pytest.mark.parametrize(
    ("code", "status", "advice"),
    [
        ("AccessDeniedException", 403, "connect-campaigns:PutConnectInstanceIntegration"),
        ("ResourceNotFoundException", 404, "enable outbound campaigns in the Amazon Connect console"),
        ("ValidationException", 400, "outbound campaigns are enabled"),
        ("ThrottlingException", 429, "throttled through all attempts"),
        ("TooManyRequestsException", 429, "throttled through all attempts"),
        ("InternalServerException", 500, "give AWS Support the request id"),
        ("ServiceUnavailableException", 503, "give AWS Support the request id"),
        ("NewException", 418, "Look the code up"),
        ("NoAnswer", 0, "its route to them"),
        ("NotSent", 0, "its role, its Region and its layer"),
    ],
)
def test_what_stays_is_a_sentence_with_instance_function_and_advice(
    function: Function, code: str, status: int, advice: str
) -> None:
    """CloudFormation shows nothing else."""
    function.campaigns.refuse(PUT, code, "the service's own words", status, times=1_000)
    failed = ask(function, "Create")
    assert (failed["Status"], failed["PhysicalResourceId"]) == ("FAILED", NOT_CREATED)
    for words in (advice, VIEWED, INSTANCE.arn, code, "the service's own words"):
        assert words in failed["Reason"]


def test_an_answer_leaves_in_time_whatever_the_service_does(function: Function) -> None:
    """CloudFormation waits for it, and a denial goes on."""
    for operation in OPERATIONS:
        function.campaigns.refuse(operation, "AccessDeniedException", "no", 403, times=1_000)
    assert ask(function, "Create")["Status"] == "FAILED"
    assert function.clock.elapsed < 120


def test_no_call_starts_without_time_for_it(function: Function) -> None:
    """An answer that does not come leaves the stack hanging until its time-out."""
    function.sender.responses.clear()
    function.bootstrap.invoke(campaigns_request("Create", UNUSED_URL), FakeContext(30.0, function.clock))
    [answer] = function.sender.responses
    assert answer["Status"] == "FAILED"
    assert "No time was left to call Connect's outbound campaigns" in answer["Reason"]
    assert function.campaigns.calls == []
