"""Profiles of one customer become one; every rule is of the API reference, MergeProfiles, unless it says otherwise."""

from typing import Any

from tests.contract.customer_profiles.conftest import Running
from tests.contract.customer_profiles.profile_calls import add_key, attached, create, found, merge, read, refusal
from tests.customer_profiles_samples import DOMAIN, TYPE, definition, stringified

NAMED = {"DomainName": DOMAIN, "ObjectTypeName": TYPE}


def test_objects_move_to_the_main_profile_and_the_others_are_deleted(running: Running) -> None:
    """Nothing of the customer's history is lost, and none of it is there twice."""
    main, other = create(running, AccountNumber="u1"), create(running, AccountNumber="u2")
    for record, user in [("r1", "u1"), ("r2", "u2"), ("r3", "u2")]:
        running.put(stringified(recordId=record, UserId=user))

    merge(running, main, other)

    assert attached(running, main) == 3
    stats = running.client.get_domain(DomainName=DOMAIN)["Stats"]
    assert (stats["ProfileCount"], stats["ObjectCount"]) == (1, 3)
    answer = running.client.batch_get_profile(DomainName=DOMAIN, ProfileIds=[other])
    assert [error["ProfileId"] for error in answer["Errors"]] == [other]
    assert refusal(running.client.list_profile_objects, **NAMED, ProfileId=other)[0] == "ResourceNotFoundException"


def test_keys_move_to_the_main_profile(running: Running) -> None:
    """Those of objects, of AddProfileKey, and of fields in whose place the main profile's own values stay."""
    main, other = create(running, PhoneNumber="+12060000001"), create(running, PhoneNumber="+12060000002")
    add_key(running, other, "_ctrContactId", "c1")
    running.put(stringified(recordId="r1", phone="+12060000002", email="mary@example.com"))

    merge(running, main, other)
    running.client.update_profile(DomainName=DOMAIN, ProfileId=main, FirstName="Mary")

    for key, value in [
        ("_phone", "+12060000001"),
        ("_phone", "+12060000002"),
        ("_email", "Mary@example.com"),
        ("_ctrContactId", "c1"),
    ]:
        assert found(running, key, value) == [main]
    assert read(running, main)["PhoneNumber"] == "+12060000001"


def test_a_key_that_moved_outlives_the_fields_of_the_main_profile(running: Running) -> None:
    """(unverified): it is the customer's, whatever number the profile shows."""
    main, other = create(running), create(running, PhoneNumber="+12060000002")
    merge(running, main, other)
    for number in ("+12060000001", "+12060000002", ""):
        running.client.update_profile(DomainName=DOMAIN, ProfileId=main, PhoneNumber=number)

    assert found(running, "_phone", "+12060000002") == [main]
    assert found(running, "_phone", "+12060000001") == []


def test_later_objects_find_the_main_profile_by_what_the_others_had(running: Running) -> None:
    """The ambiguity of two profiles with one number ends with their merge."""
    main, other = create(running, PhoneNumber="+12060000001"), create(running, PhoneNumber="+12060000001")

    merge(running, main, other)
    running.put(stringified(recordId="r1", phone="+12060000001"))

    assert attached(running, main) == 1


def test_the_id_of_a_merged_profile_finds_nothing(running: Running) -> None:
    """(unverified): it is deleted at the end, and an object that names it falls back to its other keys."""
    main, other = create(running, AccountNumber="u1"), create(running, AccountNumber="u2")

    merge(running, main, other)
    running.put(stringified(recordId="r1", profileId=other, UserId="u2"))
    running.put(stringified(recordId="r2", profileId=other, UserId="nobody"))

    assert found(running, "_profileId", other) == []
    assert attached(running, main) == 1


def test_an_object_that_comes_again_replaces_itself_on_the_main_profile(running: Running) -> None:
    """A redelivery after the merge doubles nothing."""
    main, other = create(running, AccountNumber="u1"), create(running, AccountNumber="u2")
    running.put(stringified(recordId="r1", UserId="u2", offerName="first"))

    merge(running, main, other)
    running.put(stringified(recordId="r1", UserId="u2", offerName="again"))

    assert attached(running, main) == 1


def test_fields_are_united_and_the_main_profiles_are_taken_where_they_conflict(running: Running) -> None:
    """Attributes one by one; an address as one field, as FieldSourceProfileIds has it (unverified)."""
    main = create(running, FirstName="Mary", Address={"City": "Seattle"}, Attributes={"a": "main", "b": "main"})
    first = create(running, FirstName="M.", LastName="Major", Address={"PostalCode": "1"}, Attributes={"a": "1"})
    second = create(
        running, LastName="Minor", BillingAddress={"City": "Ulm"}, Attributes={"c": "2"}, GenderString="any"
    )

    merge(running, main, first, second)

    assert read(running, main) == {
        "ProfileId": main,
        "FirstName": "Mary",
        "LastName": "Major",
        "Address": {"City": "Seattle"},
        "BillingAddress": {"City": "Ulm"},
        "Attributes": {"a": "main", "b": "main", "c": "2"},
        "GenderString": "any",
    }


def test_a_named_source_is_taken_though_it_has_no_value(running: Running) -> None:
    """Its page: the specified profile "is always taken, even if it is a NULL value"."""
    main = create(running, FirstName="Mary", PhoneNumber="1", Address={"City": "Ulm"}, Attributes={"a": "1", "b": "1"})
    other = create(running, FirstName="Marie", LastName="Major", Gender="FEMALE", Attributes={"a": "2"})

    merge(
        running,
        main,
        other,
        FirstName=other,
        LastName=main,
        PhoneNumber=other,
        Address=other,
        Gender=main,
        Attributes={"a": other, "b": other},
    )

    assert read(running, main) == {"ProfileId": main, "FirstName": "Marie", "Attributes": {"a": "2"}}


def test_what_was_written_by_hand_stays_so(running: Running) -> None:
    """(unverified): an object that joins the main profile does not overwrite what an agent wrote on the other."""
    running.put(stringified(recordId="r1", UserId="u1"))
    main = found(running, "_account", "u1")[0]
    merge(running, main, create(running, EmailAddress="agent@example.com"))

    running.put(stringified(recordId="r2", UserId="u1", email="journey@example.com"))

    assert read(running, main)["EmailAddress"] == "agent@example.com"


def test_the_oldest_objects_beyond_the_types_limit_are_evicted(running: Running) -> None:
    """(unverified): a merge keeps the limits of a profile, as ingestion does."""
    running.clock.advance(1)
    running.client.put_profile_object_type(**NAMED, **definition(MaxProfileObjectCount=3))
    main, other = create(running, AccountNumber="u1"), create(running, AccountNumber="u2")
    for number in range(4):
        running.put(stringified(recordId=f"r{number}", UserId=f"u{1 + number % 2}"))

    merge(running, main, other)

    listed = running.client.list_profile_objects(**NAMED, ProfileId=main)["Items"]
    assert ['"r0"' in item["Object"] for item in listed] == [False, False, False]
    assert running.control("GET", "stats")["events"]["objects_evicted"] == 1


def test_a_profile_keeps_a_thousand_objects_after_a_merge(running: Running) -> None:
    """(unverified), likewise: the quota of objects a profile."""
    main, other = create(running, AccountNumber="u1"), create(running, AccountNumber="u2")
    for number in range(1001):
        # Past the front door, whose quota of requests a second stands still with the clock.
        running.emulator.ingestion.put(DOMAIN, TYPE, stringified(recordId=f"r{number}", UserId=f"u{1 + number % 2}"))

    merge(running, main, other)

    assert running.client.get_domain(DomainName=DOMAIN)["Stats"]["ObjectCount"] == 1000


def test_up_to_twenty_profiles_are_merged(running: Running) -> None:
    """By the model; one that is named twice is merged once (unverified)."""
    main, *others = [create(running) for _ in range(22)]

    request = {"DomainName": DOMAIN, "MainProfileId": main, "ProfileIdsToBeMerged": others}
    assert refusal(running.client.merge_profiles, **request)[0] == "BadRequestException"
    merge(running, main, *others[:20])
    merge(running, main, others[20], others[20])

    assert running.client.get_domain(DomainName=DOMAIN)["Stats"]["ProfileCount"] == 1


def test_a_merge_that_makes_no_sense_changes_nothing(running: Running) -> None:
    """(unverified): the main profile among the others, a source that is not merged, a profile that is not there."""
    main, other, stranger = create(running, FirstName="Mary"), create(running), create(running, FirstName="Other")
    request: dict[str, Any] = {"DomainName": DOMAIN, "MainProfileId": main, "ProfileIdsToBeMerged": [other]}
    nonsense: list[tuple[dict[str, Any], str]] = [
        ({"ProfileIdsToBeMerged": [other, main]}, "BadRequestException"),
        ({"FieldSourceProfileIds": {"FirstName": stranger}}, "BadRequestException"),
        ({"FieldSourceProfileIds": {"Attributes": {"a": stranger}}}, "BadRequestException"),
        ({"ProfileIdsToBeMerged": [other, "0" * 32]}, "ResourceNotFoundException"),
        ({"MainProfileId": "0" * 32}, "ResourceNotFoundException"),
    ]

    codes = [refusal(running.client.merge_profiles, **{**request, **change})[0] for change, _ in nonsense]

    assert codes == [code for _, code in nonsense]
    assert running.client.get_domain(DomainName=DOMAIN)["Stats"]["ProfileCount"] == 3
