"""The doctor's canary on Customer Profiles as the emulator has them: its own profile goes, and no other."""

from typing import Any

import pytest

from engagement.record import Customer
from ops import profile_objects
from ops.doctor.canary import CUSTOMER, canary_record, remove_profile
from ops.exits import Exit
from ops.output import Output
from ops.profile_objects import ProfileObjects
from tests.contract.doctor_stack import Pipeline, doctor, place
from tests.contract.writer_service import EmulatedService
from tests.fakes.clock import FakeClock
from tests.fakes.deployment import FakeContext
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE
from tests.fakes.queues import DOMAIN as DOMAIN_QUEUE
from tests.fakes.queues import client_error
from tests.fakes.terminal import FakeScreen
from tests.samples import engagement_record
from writer.profile_object import profile_object
from writer.profiles import CustomerProfiles


@pytest.fixture
def objects(service: EmulatedService) -> ProfileObjects:
    """The objects of the deployed type."""
    client: Any = service.client
    return ProfileObjects(client, DOMAIN, OBJECT_TYPE)


def write_canary(service: EmulatedService) -> str:
    """Write a canary record; return its profile."""
    record = canary_record(FakeClock().now())
    CustomerProfiles(service.client, DOMAIN, OBJECT_TYPE).put(profile_object(record))
    return service.profiles()[record.record_id]


def exists(service: EmulatedService, profile_id: str) -> bool:
    """Return whether there is such a profile."""
    found = service.client.batch_get_profile(DomainName=DOMAIN, ProfileIds=[profile_id])
    return [profile["ProfileId"] for profile in found["Profiles"]] == [profile_id]


def test_the_canary_s_own_profile_is_deleted(service: EmulatedService, objects: ProfileObjects) -> None:
    """Nothing of a check stays in the domain."""
    profile_id = write_canary(service)

    assert remove_profile(service.client, objects, profile_id) == ""
    assert not exists(service, profile_id)


def test_a_profile_that_others_share_the_canary_s_key_with_stays(
    service: EmulatedService, objects: ProfileObjects
) -> None:
    """A second profile with the canary's account number is somebody's: which one is not for the doctor to decide."""
    profile_id = write_canary(service)
    other = service.client.create_profile(DomainName=DOMAIN, AccountNumber=CUSTOMER.user_id or "")["ProfileId"]

    for each in (profile_id, other):
        assert remove_profile(service.client, objects, each) == "it is not the canary's alone"
        assert exists(service, each)


def test_a_profile_that_is_not_the_one_with_the_canary_s_key_stays(
    service: EmulatedService, objects: ProfileObjects
) -> None:
    """Whatever id is given: a customer's profile is never deleted."""
    write_canary(service)
    customers = service.client.create_profile(DomainName=DOMAIN, AccountNumber="customer-1")["ProfileId"]

    assert remove_profile(service.client, objects, customers) == "it is not the canary's alone"
    assert exists(service, customers)


def test_a_profile_that_has_been_given_another_account_number_stays(
    service: EmulatedService, objects: ProfileObjects
) -> None:
    """The canary's key still finds it, but it has become a customer's."""
    profile_id = write_canary(service)
    service.client.update_profile(DomainName=DOMAIN, ProfileId=profile_id, AccountNumber="customer-1")

    assert remove_profile(service.client, objects, profile_id) == "it has another account number"
    assert exists(service, profile_id)


def canary(place: FakeContext) -> dict[str, str]:
    """Return the last check."""
    found: dict[str, str] = place.screen.json["checks"][-1]
    assert found["check"] == "canary"
    return found


def test_a_canary_goes_through_and_every_check_has_its_line_and_its_row(service: EmulatedService) -> None:
    """The summary counts them; the exit code says that there is a problem."""
    pipeline = Pipeline(service)
    text, rows = FakeScreen(), FakeScreen(output=Output.CSV)

    assert doctor(place(service, pipeline, text)) is Exit.PROBLEMS
    assert f"ok: canary: record {pipeline.sent[0]} reached its profile in 0.0 s; object and profile" in text.result
    assert "\n    fix: give the domain a queue" in text.result
    assert text.result.endswith("\n\n2 problems, 2 not checked, 12 ok\n")
    assert service.profiles() == {}
    doctor(place(service, pipeline, rows))
    lines = rows.result.splitlines()
    assert (lines[0], len(lines)) == ("check,verdict,seen,fix", 17)
    assert "stack,ok,CREATE_COMPLETE," in lines


def test_a_problem_that_would_stop_the_canary_keeps_it_from_being_sent(service: EmulatedService) -> None:
    """It would be left in the queue."""
    pipeline = Pipeline(service)
    at = place(service, pipeline, domain="amazon-connect-none")

    assert doctor(at) is Exit.PROBLEMS
    assert pipeline.sent == []
    assert canary(at)["verdict"] == "not checked"
    assert canary(at)["seen"] == "it would not arrive: fix domain, object type first"


def test_no_canary_is_sent_if_it_is_not_wanted(service: EmulatedService) -> None:
    """Grade `look` of the operators' policy may not send."""
    pipeline = Pipeline(service)
    at = place(service, pipeline)
    doctor(at, "--no-canary")

    assert (pipeline.sent, canary(at)["seen"]) == ([], "--no-canary was given")


@pytest.mark.parametrize(("given", "waited"), [(["--patience", "90s"], 90), ([], 120), (["--patience", "0s"], 1)])
def test_a_canary_is_waited_for_as_long_as_was_asked(service: EmulatedService, given: list[str], waited: int) -> None:
    """Two minutes by default, and always long enough to read the profile twice."""
    at = place(service, Pipeline(service, delivers=False))

    assert doctor(at, *given) is Exit.PROBLEMS
    assert at.clock.elapsed == waited
    assert canary(at)["fix"].startswith("`ops trace ")


def test_a_canary_that_cannot_be_sent_is_a_problem(service: EmulatedService) -> None:
    """With what to do, and with the other checks."""
    at = place(service, Pipeline(service, accepts=False))

    assert doctor(at) is Exit.PROBLEMS
    assert canary(at)["verdict"] == "problem"
    assert canary(at)["seen"].startswith("could not be followed: these credentials may not do that")
    assert "run `ops doctor` again" in canary(at)["fix"]


def test_the_canary_leaves_other_customers_alone(service: EmulatedService, objects: ProfileObjects) -> None:
    """Their objects and their profiles are as before."""
    record = engagement_record(customer=Customer(user_id="user-1"))
    CustomerProfiles(service.client, DOMAIN, OBJECT_TYPE).put(profile_object(record))
    before = service.objects()
    doctor(place(service, Pipeline(service)))

    assert service.objects() == before
    assert objects.profiles_of(CUSTOMER) == []


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (client_error("501", "DeleteProfile"), "this endpoint does not offer DeleteProfile"),
        (client_error("AccessDeniedException", "DeleteProfile", 403), "these credentials may not do that"),
    ],
)
def test_a_profile_that_may_not_be_deleted_stays_and_that_is_said(
    service: EmulatedService, objects: ProfileObjects, error: Exception, why: str
) -> None:
    """It holds no offer: no reason to call the deployment broken."""

    class Refusing:
        def delete_profile(self, **_: str) -> None:
            raise error

    client: Any = Refusing()
    assert remove_profile(client, objects, write_canary(service)).startswith(why)


def test_a_profile_that_cannot_be_read_stays_and_that_is_said(service: EmulatedService) -> None:
    """Nothing is deleted unread."""
    client: Any = service.client
    elsewhere = ProfileObjects(client, "amazon-connect-none", OBJECT_TYPE)

    assert "ResourceNotFoundException" in remove_profile(service.client, elsewhere, write_canary(service))


def test_a_profile_that_cannot_be_told_from_others_stays(
    service: EmulatedService, objects: ProfileObjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that has no end names no profile."""
    profile_id = write_canary(service)
    monkeypatch.setattr(profile_objects, "MOST_PAGES", 0)

    assert "were not read to their end" in remove_profile(service.client, objects, profile_id)


def test_the_domain_s_own_queue_is_read(service: EmulatedService) -> None:
    """What it holds is on no profile."""
    service.client.update_domain(DomainName=DOMAIN, DeadLetterQueueUrl=DOMAIN_QUEUE)
    at = place(service, Pipeline(service))
    doctor(at)

    found = {check["check"]: check for check in at.screen.json["checks"]}
    assert (
        found["domain's dead-letter queue"]["seen"] == "domain-dead-letters holds 3 objects that belong to no profile"
    )
