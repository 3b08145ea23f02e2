"""Decides who an endpoint is: by its user id, and by its address if that is an e-mail address or a phone number."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engagement.errors import InvalidRecordError
from engagement.reasons import Reason
from engagement.record import Customer
from engagement.text import UNSTORABLE, fitting, half_width, plain
from ingest.fields.email_address import email_address
from ingest.fields.errors import UnreadableError, malformed, unreadable
from ingest.fields.phone_number import names_a_phone, phone_number
from ingest.fields.placeholder import is_placeholder, is_placeholder_address

PHONE_CHANNELS = frozenset({"SMS", "VOICE"})
PUSH_CHANNELS = frozenset(
    {"ADM", "APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX", "BAIDU", "GCM", "IN_APP", "PUSH"}
)
EXACT = 2**53
"""Below it a 64-bit float, as which JSON's numbers are read, has all the digits of a whole number."""
LONGEST = 10**4_000
"""Below it Python writes a whole number's digits."""
SHARED = "UserId is shared by too many different addresses to belong to one person"

_ABSENT = "is absent"
_PLACEHOLDER = "is a placeholder, such as null or undefined"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an endpoint is, as far as it can be read.

    Attributes:
        customer: The ids and addresses that were read; none if nobody is identified.
        faults: What is wrong with each member that identifies nobody, without its value.
        unreadable: Whether one of them is present and cannot be read, rather than absent.
    """

    customer: Customer
    faults: tuple[str, ...] = ()
    unreadable: bool = False

    def without_user(self) -> "Identity":
        """Return the same identity without the user id, which too many addresses share."""
        return replace(self, customer=replace(self.customer, user_id=None), faults=(SHARED, *self.faults))

    def required(self) -> Customer:
        """Return the customer.

        Raises:
            InvalidRecordError: nobody is identified; the detail says why for each member.
        """
        if self.customer != Customer():
            return self.customer
        reason = Reason.UNREADABLE_IDENTITY if self.unreadable else Reason.NO_IDENTITY
        raise InvalidRecordError(reason, "; ".join(self.faults))


def identify(endpoint: Mapping[str, Any], region: str) -> Identity:
    """Return who an endpoint of Pinpoint is.

    Args:
        endpoint: With ``User.UserId``, ``ChannelType`` and ``Address``, each optional.
        region: The country of phone numbers that name none; may be empty.

    Raises:
        InvalidRecordError: a member has the wrong type, or cannot be stored.
    """
    user = endpoint.get("User")
    if user is not None and not isinstance(user, dict):
        raise malformed(f"User is of type {type(user).__name__}, not a map")
    user_id, no_user = _id_or_fault(user or {}, "UserId")
    channel = _channel(endpoint)
    address = identifier(endpoint, "Address")
    if address is None or is_placeholder(address):
        fault = f"Address {_PLACEHOLDER if address else _ABSENT}"
        return Identity(Customer(user_id=user_id), (*no_user, fault))
    if channel in PUSH_CHANNELS:
        return Identity(
            Customer(user_id=user_id), (*no_user, f"the Address of an endpoint of {channel} names a device")
        )
    try:
        email, phone = _address(channel, address, region)
    except UnreadableError as error:
        return Identity(Customer(user_id=user_id), (*no_user, f"Address {error.why}"), unreadable=True)
    if email is not None and is_placeholder_address(email):
        return Identity(Customer(user_id=user_id), (*no_user, f"Address {_PLACEHOLDER}"))
    return Identity(Customer(user_id=user_id, email=email, phone=phone), no_user)


def identifier(members: Mapping[str, Any], name: str) -> str | None:
    """Return a member as the text of an id: a number as its digits; None if it is absent, null or blank.

    A system that writes an id as a JSON number means its digits. True and false become text, which is a placeholder.

    Raises:
        InvalidRecordError: it is a map, a list, or a number whose digits cannot be known.
    """
    value = members.get(name)
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, int | float) and abs(value) >= (EXACT if isinstance(value, float) else LONGEST):
        raise unreadable(f"{name} is a number whose digits cannot be known: send it as text")
    if isinstance(value, float):
        return str(int(value) if value.is_integer() else value)
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str):
        raise malformed(f"{name} is of type {type(value).__name__}, not text")
    return plain(value) or None


def known_id(members: Mapping[str, Any], name: str) -> tuple[str | None, str]:
    """Return the id that a member holds, else None and what is wrong with it.

    Raises:
        InvalidRecordError: it has the wrong type, or control characters or halves of characters: with those removed
            it would be another id.
    """
    found = identifier(members, name)
    if found is None:
        return None, f"{name} {_ABSENT}"
    if is_placeholder(found):
        return None, f"{name} {_PLACEHOLDER}"
    if UNSTORABLE.search(found):
        raise malformed(f"{name} has {len(found)} characters, among them control characters or halves of characters")
    return fitting(found), ""


def _id_or_fault(members: Mapping[str, Any], name: str) -> tuple[str | None, tuple[str, ...]]:
    found, fault = known_id(members, name)
    return found, (fault,) if fault else ()


def _channel(endpoint: Mapping[str, Any]) -> str | None:
    channel = endpoint.get("ChannelType")
    if channel is not None and not isinstance(channel, str):
        raise malformed(f"ChannelType is of type {type(channel).__name__}, not text")
    return channel.strip() if channel else None


def _address(channel: str | None, address: str, region: str) -> tuple[str | None, str | None]:
    """Return the e-mail address or the phone number, whichever it is."""
    if channel in PHONE_CHANNELS:
        return None, _phone(address, region)
    if channel == "EMAIL":
        return _email(address), None
    if "@" in half_width(address):
        return _email(address), None
    # A custom endpoint's address can be anything, an account number for example: only a number that names its country
    # counts, and the default region does not make one of it.
    if names_a_phone(address):
        return None, _phone(address, "")
    raise UnreadableError("is neither an e-mail address nor a phone number with its country")


def _email(address: str) -> str:
    try:
        return email_address(address)
    except UnreadableError as error:
        raise UnreadableError(f"is no e-mail address: it {error.why}") from error


def _phone(address: str, region: str) -> str:
    try:
        return phone_number(address, region)
    except UnreadableError as error:
        raise UnreadableError(f"is no phone number: it {error.why}") from error
