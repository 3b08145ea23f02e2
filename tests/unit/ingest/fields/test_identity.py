from hashlib import sha256
from typing import Any

import pytest

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer
from ingest.fields.identity import SHARED, identify, known_id


def customer(region: str = "", **members: Any) -> Customer:
    """Return who an endpoint with these members is."""
    return identify(members, region).required()


def refusal(region: str = "", **members: Any) -> InvalidRecordError:
    """Return why an endpoint with these members is nobody."""
    with pytest.raises(InvalidRecordError) as caught:
        identify(members, region).required()
    return caught.value


@pytest.mark.parametrize(
    ("written", "user_id"),
    [
        (" user-1 ", "user-1"),
        ("\ufeffuser-1", "user-1"),
        ("user-1\u200b", "user-1"),
        ("us\u00ader-\u20601", "user-1"),
        ("\u202auser-1\u202c", "user-1"),
        ("user\u2063-\ufe0f1", "user-1"),
        ("zoe\u0308", "zo\u00eb"),
        (1759, "1759"),
        (17.0, "17"),
        (17.5, "17.5"),
        (-3, "-3"),
        ("17.0", "17.0"),
        ("x" * 255, "x" * 255),
        ("nullmann", "nullmann"),
        ("undefined-7", "undefined-7"),
        ("none@x.example", "none@x.example"),
        ("0042", "0042"),
        ("Nil Armstrong", "Nil Armstrong"),
    ],
)
def test_a_user_id_is_its_visible_text(written: object, user_id: str) -> None:
    """Two ids that look alike are one customer, and one that was sent as a number is the same as its text."""
    assert customer(User={"UserId": written}) == Customer(user_id=user_id)


def test_a_user_id_that_is_too_long_counts_as_its_digest() -> None:
    """Left out, all customers with long ids would be one; cut off, those with the same beginning."""
    one, again, other = (customer(User={"UserId": "x" * 255 + end}) for end in ("1", "1", "2"))

    assert one == again != other
    assert one.user_id is not None
    assert (len(one.user_id), one.user_id[:7]) == (71, "sha256:")


def test_a_long_whole_number_counts_too() -> None:
    """Whole numbers of any length are JSON."""
    assert customer(User={"UserId": 10**300}) == customer(User={"UserId": "1" + "0" * 300})


@pytest.mark.parametrize("number", [1e300, float(2**60), float("inf"), pytest.param(10**5_000, id="long")])
def test_a_number_whose_digits_are_lost_is_unreadable(number: float) -> None:
    """A neighbour's id may have become the same number."""
    error = refusal(User={"UserId": number}, ChannelType="EMAIL", Address="mary@x.example")

    assert error.reason is Reason.UNREADABLE_IDENTITY
    assert error.detail == "UserId is a number whose digits cannot be known: send it as text"


@pytest.mark.parametrize(
    "nothing", [None, "", " \n", "\u200b", "undefined", "null", 0, 0.0, True, False, float("nan"), "{{id}}"]
)
def test_without_a_user_id_the_address_counts(nothing: object) -> None:
    """Strangers who share a placeholder must not become one customer, and must not lose their offers."""
    found = customer(User={"UserId": nothing}, ChannelType="EMAIL", Address="mary@x.example")

    assert found == Customer(email="mary@x.example")


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("mary@x.example", Customer(email="mary@x.example")),
        ("tel:+12065550100", Customer(phone="+12065550100")),
        ("whatsapp:+12065550100", Customer(phone="+12065550100")),
        ("+12065550100", Customer(phone="+12065550100")),
        ("+4pd@x.example", Customer(email="+4pd@x.example")),
        ("\uff4aane\uff20x.example", Customer(email="jane@x.example")),
    ],
)
@pytest.mark.parametrize("channel", ["CUSTOM", None, "PHONE"])
def test_an_address_of_any_other_channel_is_what_it_says_it_is(
    channel: str | None, address: str, found: Customer
) -> None:
    """Public samples put phone numbers and e-mail addresses into custom endpoints."""
    assert customer(ChannelType=channel, Address=address) == found


@pytest.mark.parametrize("channel", ["SMS", "VOICE", " SMS "])
def test_the_default_region_counts_where_the_channel_is_a_phones(channel: str) -> None:
    """The channel says that it is a phone, and the operator from where."""
    assert customer("US", ChannelType=channel, Address="206.555.0100") == Customer(phone="+12065550100")
    assert customer(ChannelType=channel, Address=2065550100.0) == Customer(phone="2065550100")


def test_the_default_region_makes_no_number_of_a_custom_address() -> None:
    """It may be an account number."""
    assert refusal("US", ChannelType="CUSTOM", Address="2065550100").reason is Reason.UNREADABLE_IDENTITY


@pytest.mark.parametrize(
    ("members", "detail"),
    [
        ({}, "UserId is absent; Address is absent"),
        ({"User": None, "Address": " "}, "UserId is absent; Address is absent"),
        (
            {"User": {"UserId": "undefined"}, "ChannelType": "SMS", "Address": "null"},
            "UserId is a placeholder, such as null or undefined; Address is a placeholder, such as null or undefined",
        ),
        (
            {"ChannelType": "EMAIL", "Address": "null@null.com"},
            "UserId is absent; Address is a placeholder, such as null or undefined",
        ),
        (
            {"ChannelType": "EMAIL", "Address": "mailto:null@null.com"},
            "UserId is absent; Address is a placeholder, such as null or undefined",
        ),
        (
            {"ChannelType": "EMAIL", "Address": "{{user}}@x.example"},
            "UserId is absent; Address is a placeholder, such as null or undefined",
        ),
        (
            {"ChannelType": "SMS", "Address": "0000000000"},
            "UserId is absent; Address is a placeholder, such as null or undefined",
        ),
        (
            {"ChannelType": "GCM", "Address": "mary@x.example"},
            "UserId is absent; the Address of an endpoint of GCM names a device",
        ),
    ],
)
def test_nobody_is_named(members: dict[str, Any], detail: str) -> None:
    """An operator who fixes the segment must know which member is missing."""
    error = refusal(**members)

    assert (error.reason, error.detail) == (Reason.NO_IDENTITY, detail)


@pytest.mark.parametrize(
    ("channel", "address", "why"),
    [
        ("EMAIL", "+15550100", "is no e-mail address: it has no @"),
        ("EMAIL", "jane@-l.example", "is no e-mail address: it has a domain that cannot exist"),
        ("SMS", "mary@x.example", "is no phone number: it has more than digits and separators, or none at all"),
        ("VOICE", "+49 4333 633333 ext. 543", "is no phone number: it has an extension: the number before that is a"),
        ("CUSTOM", "+1-800-FLOWERS", "is no phone number: it has more than digits and separators, or none at all"),
        ("CUSTOM", "a@b", "is no e-mail address: it has a domain without a dot"),
        ("CUSTOM", "messenger:902", "is neither an e-mail address nor a phone number with its country"),
    ],
)
def test_an_address_that_cannot_be_read_is_distinguished_from_an_absent_one(
    channel: str, address: str, why: str
) -> None:
    """Absent ones are fixed in the segment, unreadable ones at their source; the value is personal."""
    error = refusal(User={"UserId": "null"}, ChannelType=channel, Address=address)

    assert error.reason is Reason.UNREADABLE_IDENTITY
    assert error.detail.startswith(f"UserId is a placeholder, such as null or undefined; Address {why}")
    assert address not in error.detail


def test_a_known_user_with_an_unreadable_address_goes_on_without_it() -> None:
    """Who it is, is known; a wrong address must not reach the profile."""
    assert customer(User={"UserId": "u"}, ChannelType="SMS", Address="2.06E9") == Customer(user_id="u")


@pytest.mark.parametrize(
    "members",
    [
        {"User": "user-1"},
        {"User": []},
        {"User": {"UserId": ["a"]}},
        {"User": {"UserId": {}}},
        {"User": {"UserId": "a\x00b"}},
        {"User": {"UserId": "\ud800"}},
        {"User": {"UserId": "\ud800" * 300}},
        {"User": {"UserId": "x" * 300 + "\x1b"}},
        {"Address": ["mary@x.example"]},
        {"Address": {"email": "mary@x.example"}},
        {"ChannelType": 5},
    ],
)
def test_a_member_of_the_wrong_type_is_malformed(members: dict[str, Any]) -> None:
    """Guessing whom it means could put an offer into another customer's profile."""
    assert refusal(**members).reason is Reason.MALFORMED_CUSTOMER


def test_without_the_user_id_that_strangers_share_the_address_counts() -> None:
    """A customer without another identity is parked, with the reason."""
    mail = identify({"User": {"UserId": "u"}, "ChannelType": "EMAIL", "Address": "mary@x.example"}, "")
    push = identify({"User": {"UserId": "u"}, "ChannelType": "GCM", "Address": "token"}, "")

    assert mail.without_user().required() == Customer(email="mary@x.example")
    with pytest.raises(InvalidRecordError, match=SHARED):
        push.without_user().required()


def test_an_id_says_what_is_wrong_with_it() -> None:
    """A profile's id is read by the same rules."""
    assert known_id({"ProfileId": " p1\u200b"}, "ProfileId") == ("p1", "")
    assert known_id({}, "ProfileId") == (None, "ProfileId is absent")
    assert known_id({"ProfileId": "nil"}, "ProfileId") == (
        None,
        "ProfileId is a placeholder, such as null or undefined",
    )


@pytest.mark.parametrize(
    "channel",
    ["ADM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU", "GCM", "IN_APP", "PUSH"],
)
def test_the_address_of_a_push_channel_names_a_device(channel: str) -> None:
    """A token that looks like a number or an e-mail address is neither."""
    for address in ("+12065550100", "mary@example.com"):
        found = identify({"ChannelType": channel, "Address": address}, "")
        assert (found.customer, found.unreadable) == (Customer(), False)
        assert found.faults[-1] == f"the Address of an endpoint of {channel} names a device"


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0**53 - 1, "9007199254740991"), (10**4_000 - 1, f"sha256:{sha256(b'9' * 4_000).hexdigest()}")],
)
def test_a_number_whose_digits_are_known_is_an_id(value: float, text: str) -> None:
    """The largest of each kind."""
    assert known_id({"id": value}, "id") == (text, "")


@pytest.mark.parametrize("value", [2.0**53, -(2.0**53), 10**4_000, -(10**4_000), float("inf")])
def test_a_number_whose_digits_may_be_lost_is_no_id(value: float) -> None:
    """Rounded, it is another customer's."""
    with pytest.raises(InvalidRecordError, match="send it as text"):
        known_id({"id": value}, "id")
