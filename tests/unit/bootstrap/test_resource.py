import json
from dataclasses import replace

import pytest

from bootstrap.object_type import definition
from bootstrap.ownership import ADOPTED_TAG, STACK_TAG
from bootstrap.properties import Properties
from bootstrap.provisioning import Domain
from bootstrap.resource import domain_warnings
from custom_resource.response import NOT_CREATED
from tests.fakes.bootstrap_function import QUEUE_URL, TARGET, Function
from tests.fakes.cloudformation import PROPERTIES, STACK_ID

OTHER_QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/other"
DELETE_IT = {"DeleteObjectTypeOnStackDelete": "true"}
EARLIER = STACK_ID.replace("6d5f2c40", "5c4e1b3f")
OFFERS = replace(TARGET, name="Offers")


@pytest.fixture
def function() -> Function:
    """The function, in an account that has the domain."""
    return Function()


def test_create_registers_the_type(function: Function) -> None:
    """The stack gets what other resources may want to know."""
    assert function("Create") == {
        "Status": "SUCCESS",
        "PhysicalResourceId": "amazon-connect-any-company/MarketingAssignedOffers",
        "StackId": STACK_ID,
        "RequestId": "request-1",
        "LogicalResourceId": "ProfileObjectType",
        "Reason": "Registered",
        "Data": {
            "DomainName": "amazon-connect-any-company",
            "ObjectTypeName": "MarketingAssignedOffers",
            "DomainDeadLetterQueueUrl": QUEUE_URL,
            "DomainWarnings": "none",
        },
    }
    wanted = definition(Properties.read(PROPERTIES)).keeping(None, {STACK_TAG: STACK_ID})
    assert function.object_types.types == {TARGET: wanted}
    [line] = function.lines
    assert (line["message"], line["changed"]) == ("object type registered", ["everything"])
    assert (line["ownership"], line["function_request_id"]) == ("created", "request-1")


def test_create_repeated_changes_nothing(function: Function) -> None:
    """CloudFormation may send a request twice."""
    function("Create")
    function.object_types.calls.clear()
    assert function("Create")["Status"] == "SUCCESS"
    assert "PutProfileObjectType" not in function.object_types.calls
    line = function.lines[-1]
    assert (line["message"], line["ownership"]) == ("object type already as wanted", "owned")


def stranded(function: Function) -> None:
    """Leave a type in the domain that an earlier stack of the same name has made."""
    function("Create", StackId=EARLIER)
    function.object_types.calls.clear()


def test_create_refuses_a_type_that_exists(function: Function) -> None:
    """Its maker may still use it; the reason names that stack, and what to do."""
    stranded(function)
    failed = function("Create")
    assert (failed["Status"], failed["PhysicalResourceId"]) == ("FAILED", NOT_CREATED)
    assert EARLIER in failed["Reason"]
    assert "AdoptObjectType=true" in failed["Reason"]
    assert "PutProfileObjectType" not in function.object_types.calls


def test_create_adopts_a_type_that_exists_where_that_was_said(function: Function) -> None:
    """The log keeps whose it was; no rollback and no deletion of this stack will ever delete it."""
    stranded(function)
    adopted = function("Create", {"AdoptObjectType": "true", **DELETE_IT})
    assert adopted["Status"] == "SUCCESS"
    assert "adopted" in [line.get("ownership") for line in function.lines]
    [warning] = [line for line in function.lines if line["level"] == "WARNING"]
    assert "adopted" in warning["message"]
    assert warning["before"] == EARLIER
    left = function("Delete", DELETE_IT, PhysicalResourceId=adopted["PhysicalResourceId"])
    assert left["Status"] == "SUCCESS"
    assert "left alone: this stack adopted it" in left["Reason"]
    assert function.lines[-1]["level"] == "WARNING"
    assert TARGET in function.object_types.types


def test_an_update_goes_on_with_a_type_that_was_registered_before_there_were_tags(function: Function) -> None:
    """A stack of an earlier version is updated without a word; another type of the new name is refused."""
    created = function("Create")["PhysicalResourceId"]
    plain = replace(function.object_types.types[TARGET], tags={})
    function.object_types.types[TARGET] = plain
    function.object_types.types[OFFERS] = plain
    assert function("Update", PhysicalResourceId=created)["Status"] == "SUCCESS"
    assert function.object_types.types[TARGET].tags == {STACK_TAG: STACK_ID, ADOPTED_TAG: "true"}
    assert function("Update", {"ObjectTypeName": "Offers"}, PhysicalResourceId=created)["Status"] == "FAILED"
    assert function.object_types.types[OFFERS] == plain


def test_what_another_stack_has_made_is_not_deleted(function: Function) -> None:
    """Its name can be in this stack's id if the other one has adopted it."""
    stranded(function)
    left = function("Delete", DELETE_IT, PhysicalResourceId=TARGET.physical_id)
    assert left["Status"] == "SUCCESS"
    assert "does not carry this stack's tag" in left["Reason"]
    assert TARGET in function.object_types.types


def test_a_domain_that_agents_cannot_see_is_reported(function: Function) -> None:
    """In the log, and in the stack's outputs."""
    function.object_types.domains["AnyCompanyDomain"] = Domain(QUEUE_URL, resolves_identities=True)
    answer = function("Create", {"DomainName": "AnyCompanyDomain"})
    reported = answer["Data"]["DomainWarnings"]
    assert "begins with amazon-connect-" in reported
    assert "identity resolution on" in reported
    warnings = [line["message"] for line in function.lines if line["level"] == "WARNING"]
    assert "; ".join(warnings) == reported


def test_settings_that_stop_the_writer_fail_the_request(function: Function) -> None:
    """Nothing was called: the deployment ends before the queue and the writer are changed."""
    failed = function("Update", {"WriterBatchSize": "600", "MaxWritesPerSecond": "7"}, PhysicalResourceId="d/t")
    assert failed["Status"] == "FAILED"
    assert "MAX_WRITES_PER_SECOND has the value '7'; expected at least 80" in failed["Reason"]
    assert function.object_types.calls == []


@pytest.mark.parametrize("kind", ["Create", "Update", "Delete"])
def test_a_request_of_no_stack_is_refused(function: Function, kind: str) -> None:
    """A type must carry whose it is."""
    failed = function(kind, DELETE_IT, StackId="write-back", PhysicalResourceId=TARGET.physical_id)
    assert (failed["Status"], "StackId is 'write-back'" in failed["Reason"]) == ("FAILED", True)
    assert function.object_types.calls == []


def test_a_domain_without_a_dead_letter_queue_is_reported(function: Function) -> None:
    """What Customer Profiles accepts and cannot attach is lost there; only the domain's owner can change that."""
    function.object_types.domains[TARGET.domain_name] = Domain(None)
    assert function("Create")["Data"]["DomainDeadLetterQueueUrl"] == "none"
    warning = function.lines[-1]
    assert (warning["level"], warning["domain"]) == ("WARNING", "amazon-connect-any-company")
    assert "dead-letter queue" in warning["message"]
    assert "parameter DomainDeadLetterQueueUrl" in warning["message"]


@pytest.mark.parametrize("before", [None, QUEUE_URL])
def test_a_domain_is_given_its_dead_letter_queue(function: Function, before: str | None) -> None:
    """The line keeps what the domain had: what waits in the old queue stays there, and an operator may want it back."""
    function.object_types.domains[TARGET.domain_name] = Domain(before)
    answer = function("Create", {"DomainDeadLetterQueueUrl": OTHER_QUEUE_URL})
    assert (answer["Status"], answer["Data"]["DomainDeadLetterQueueUrl"]) == ("SUCCESS", OTHER_QUEUE_URL)
    line = function.lines[-1]
    assert (line["level"], line["message"]) == ("INFO", "the domain was given its dead-letter queue")
    assert (line["domain"], line["queue_url"], line["before"]) == (
        "amazon-connect-any-company",
        OTHER_QUEUE_URL,
        before or "none",
    )


@pytest.mark.parametrize(("queue_url", "without"), [(None, 1), (QUEUE_URL, 0)])
def test_a_domain_without_a_dead_letter_queue_is_counted(
    function: Function, capsys: pytest.CaptureFixture[str], queue_url: str | None, without: int
) -> None:
    """An alarm sees what no operator reads in a log; 0 says that it was checked."""
    function.object_types.domains[TARGET.domain_name] = Domain(queue_url)
    function("Create")
    [blob] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert blob["DomainWithoutDeadLetterQueue"] == [float(without)]


def test_a_queue_that_is_refused_fails_the_request(function: Function) -> None:
    """The operator asked for it: a stack that says all is well without it would be believed."""
    function.object_types.refuse("UpdateDomain", "BadRequestException", "The queue does not exist")
    failed = function("Create", {"DomainDeadLetterQueueUrl": OTHER_QUEUE_URL})
    assert (failed["Status"], failed["PhysicalResourceId"]) == ("FAILED", NOT_CREATED)
    assert "parameter DomainDeadLetterQueueUrl" in failed["Reason"]
    assert "The queue does not exist" in failed["Reason"]
    assert function.object_types.types == {}


def test_update_changes_the_type_in_place(function: Function) -> None:
    """The same id tells CloudFormation that nothing was replaced and nothing is to be deleted."""
    created = function("Create")["PhysicalResourceId"]
    updated = function("Update", {"ExpirationDays": "30"}, PhysicalResourceId=created)
    assert (updated["Status"], updated["PhysicalResourceId"]) == ("SUCCESS", created)
    assert function.object_types.types[TARGET].expiration_days == 30


def test_another_name_is_another_resource_and_leaves_the_old_type_alone(function: Function) -> None:
    """CloudFormation deletes what was replaced; customers' offers must outlive that."""
    created = function("Create")["PhysicalResourceId"]
    renamed = function("Update", {"ObjectTypeName": "Offers"}, PhysicalResourceId=created)
    assert renamed["PhysicalResourceId"] == "amazon-connect-any-company/Offers"
    assert function("Delete", PhysicalResourceId=created)["Status"] == "SUCCESS"
    assert set(function.object_types.types) == {TARGET, replace(TARGET, name="Offers")}


def test_delete_leaves_the_type_alone_unless_told(function: Function) -> None:
    """Deleting a stack is no decision about customers' data, and needs no call."""
    created = function("Create")["PhysicalResourceId"]
    function.object_types.calls.clear()
    answer = function("Delete", PhysicalResourceId=created)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", created)
    assert function.object_types.calls == []
    assert TARGET in function.object_types.types


def test_delete_deletes_what_its_id_names_when_told(function: Function) -> None:
    """After a change of name the properties may name another type, which is in use."""
    created = function("Create")["PhysicalResourceId"]
    function("Create", {"ObjectTypeName": "Offers"})
    answer = function("Delete", {**DELETE_IT, "ObjectTypeName": "Offers"}, PhysicalResourceId=created)
    assert (answer["Status"], answer["PhysicalResourceId"]) == ("SUCCESS", created)
    assert set(function.object_types.types) == {replace(TARGET, name="Offers")}
    assert (function.lines[-1]["level"], function.lines[-1]["message"]) == ("INFO", "object type deleted")


def test_deleting_what_is_gone_succeeds(function: Function) -> None:
    """A stack whose domain was deleted first must still go."""
    function.object_types.domains.clear()
    assert function("Delete", DELETE_IT, PhysicalResourceId=TARGET.physical_id)["Status"] == "SUCCESS"
    assert (function.lines[-1]["level"], function.lines[-1]["message"]) == ("INFO", "object type already gone")


@pytest.mark.parametrize("physical_id", [NOT_CREATED, "write-back-ProfileObjectType-1ABC", None])
def test_delete_of_what_was_never_created_makes_no_call(function: Function, physical_id: str | None) -> None:
    """CloudFormation deletes what it failed to create; a type of the same name may be another stack's."""
    function("Create")
    function.object_types.calls.clear()
    answer = function("Delete", DELETE_IT, PhysicalResourceId=physical_id)
    assert answer["Status"] == "SUCCESS"
    assert answer["PhysicalResourceId"] == (physical_id or NOT_CREATED)
    assert function.object_types.calls == []


def test_a_failed_create_owns_nothing(function: Function) -> None:
    """Its rollback must not delete a type, with its data, that was there before the stack."""
    function("Create")
    function.object_types.refuse("GetDomain", "AccessDeniedException", times=1_000)
    failed = function("Create", DELETE_IT)
    assert (failed["Status"], failed["PhysicalResourceId"]) == ("FAILED", NOT_CREATED)
    function("Delete", DELETE_IT, PhysicalResourceId=failed["PhysicalResourceId"])
    assert TARGET in function.object_types.types


def test_a_bad_property_is_named_with_its_value(function: Function) -> None:
    """The reason is shown in the stack's events."""
    failed = function("Create", {"ExpirationDays": "2000"})
    assert failed["Status"] == "FAILED"
    assert failed["Reason"] == "ExpirationDays has the value '2000'; expected a whole number from 1 to 1098"
    assert function.object_types.calls == []


def test_an_absent_domain_is_explained(function: Function) -> None:
    """The commonest mistake of a first deployment."""
    failed = function("Create", {"DomainName": "Elsewhere"})
    assert failed["Reason"].startswith("The domain Elsewhere does not exist in this account and Region")
    assert function.lines[-1]["reason"] == failed["Reason"]


@pytest.mark.parametrize(
    ("name", "resolves", "reported"),
    [
        ("amazon-connect-contact-centre", False, []),
        ("AnyCompanyDomain", False, ["begins with amazon-connect-, and AnyCompanyDomain does not"]),
        ("amazon-connect-contact-centre", True, ["identity resolution on"]),
        ("AnyCompanyDomain", True, ["begins with amazon-connect-", "identity resolution on"]),
    ],
)
def test_warnings_of_a_domain_are_reported(name: str, reported: list[str], *, resolves: bool) -> None:
    """A Connect instance reaches no other name, and merged profiles leave offers without a customer."""
    found = list(domain_warnings(Domain(None, resolves), name))
    assert len(found) == len(reported)
    assert [words for words, sentence in zip(reported, found, strict=True) if words not in sentence] == []
