"""Who a customer is, as targets: spellings of one are one record, and two customers never are."""

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import idna

from ingest.fields.placeholder import is_placeholder
from tests.fakes.channel import FakeChannel
from tests.fuzz.mutator import Mutator
from tests.samples import pinpoint_event

INVISIBLE = "\u200b\u200c\u200d\u200e\u00ad\u061c\u2060\u2063\u202a\u202c\u202e\u2066\u2069\ufeff\ufe0f\U000e0061"
SEPARATORS = ("", "", " ", "-", ".", "\u00a0", "\u2011", "\u2013", "\u2212", "\u00b7", "\u3000", "/")
BLANKS = ("", "", " ", "\t", "\n ", "\u00a0", "\u3000", "\ufeff")
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
LOCAL_LETTERS = LETTERS + "+-_~'/.!\u00e9\u00f1\u4f60"
ID_LETTERS = LETTERS + "-_.@ \u00e9"
DOMAINS = (
    "x.example",
    "b\u00fccher.example",
    "\u4f8b\u3048.\u30c6\u30b9\u30c8",
    "sub.fa\u00df.example",
    "r3-b.example",
)
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


@dataclass(frozen=True, slots=True)
class Country:
    """How a country's numbers are made up.

    Attributes:
        region: ISO 3166-1 alpha-2.
        code: The country code.
        area: The first digits.
        length: How many follow.
        trunk: What is dialled before them within the country.
        kept: What of that stays after the country code.
    """

    region: str
    code: str
    area: str
    length: int
    trunk: str
    kept: str = ""

    def digits(self, mutator: Mutator) -> str:
        """Return a number of the country, without its trunk prefix."""
        return self.area + "".join(mutator.choice("0123456789") for _ in range(self.length))


COUNTRIES = (
    Country("US", "1", "20655501", 2, ""),
    Country("US", "1", "21255501", 2, "1"),
    Country("GB", "44", "2079460", 3, "0"),
    Country("GB", "44", "7700900", 3, "0"),
    Country("DE", "49", "302312", 5, "0"),
    Country("FR", "33", "19900", 4, "0"),
    Country("IT", "39", "64", 7, "0", kept="0"),
    Country("JP", "81", "3", 8, "0"),
    Country("AU", "61", "25550", 4, "0"),
)


def one_customer(mutator: Mutator) -> str:
    """Write one number, address or id in two ways: both are queued, under one id, and for one profile."""
    kind, endpoint, _ = mutator.choice(KINDS)(mutator)
    function = FakeChannel(phone_region=endpoint.region)
    function.invoke(pinpoint_event({"one": endpoint.spelt(mutator), "other": endpoint.spelt(mutator)}))
    assert function.reasons == [], function.dead_letters.messages[0].body
    one, other = function.queued
    assert one["recordId"] == other["recordId"], (one["endpoint"], other["endpoint"])
    assert _profile(one) == _profile(other), (one["endpoint"], other["endpoint"])
    return f"one: {kind}"


def two_customers(mutator: Mutator) -> str:
    """Write two numbers, addresses or ids that differ by a character: never one id, never one profile."""
    kind, endpoint, neighbour = mutator.choice(KINDS)(mutator)
    function = FakeChannel(phone_region=endpoint.region)
    function.invoke(pinpoint_event({"one": endpoint.spelt(mutator), "other": neighbour.spelt(mutator)}))
    assert len(function.queued) + len(function.reasons) == 2
    assert len({record["recordId"] for record in function.queued}) == len(function.queued), function.queued
    assert len({repr(_profile(record)) for record in function.queued}) == len(function.queued), function.queued
    return f"two: {kind}" if len(function.queued) > 1 else f"two: {kind}, not both readable"


def _profile(record: Mapping[str, Any]) -> Mapping[str, str]:
    """Return what Customer Profiles will match: addresses regardless of case."""
    return {name: value.lower() if name == "email" else value for name, value in record["customer"].items()}


@dataclass(frozen=True, slots=True)
class Spelling:
    """A customer who can be written in many ways.

    Attributes:
        make: Returns an endpoint that names the customer.
        region: The default region under which all the ways are one.
    """

    make: Callable[[Mutator], dict[str, Any]]
    region: str = ""

    def spelt(self, mutator: Mutator) -> dict[str, Any]:
        """Return one of the ways."""
        return self.make(mutator)


def _numbers(mutator: Mutator) -> tuple[str, Spelling, Spelling]:
    country = mutator.choice(COUNTRIES)
    digits = country.digits(mutator)
    region = country.region if mutator.random() < 0.5 else ""
    # the area stays, so that both are numbers of the country
    other = digits[: len(country.area)] + _changed(mutator, digits[len(country.area) :], "0123456789")
    return (
        "number",
        Spelling(lambda one: _number(one, country, digits, region), region),
        Spelling(lambda one: _number(one, country, other, region), region),
    )


def _number(mutator: Mutator, country: Country, digits: str, region: str) -> dict[str, Any]:
    if region and mutator.random() < 0.4:
        text = _separated(mutator, country.trunk + digits)
    else:
        start = mutator.choice(["+{}", "+{} ", "00{}", "+00{} ", "(+{})", "tel:+{}-", "whatsapp:+{}", "+ {}"])
        trunk = mutator.choice([country.kept, f"({country.trunk})"]) if country.trunk == "0" else ""
        text = start.format(country.code) + trunk + _separated(mutator, digits)
        if text.isdigit() and mutator.random() < 0.5:
            text += ".0" if text[0] != "0" else ""
    return {"ChannelType": mutator.choice(["SMS", "VOICE"]), "Address": _disguised(mutator, text)}


def _separated(mutator: Mutator, digits: str) -> str:
    cut = mutator.randrange(2, len(digits) - 2)
    return digits[:cut] + mutator.choice(SEPARATORS) + digits[cut:]


def _addresses(mutator: Mutator) -> tuple[str, Spelling, Spelling]:
    local = _text(mutator, LOCAL_LETTERS, mutator.randrange(3, 20)).strip("'") or "jo"
    domain = f"{_text(mutator, LETTERS, mutator.randrange(1, 9))}.{mutator.choice(DOMAINS)}"
    if mutator.random() < 0.5:
        other = f"{_changed(mutator, local, LETTERS)}@{domain}"
    else:
        label, _, rest = domain.partition(".")
        other = f"{local}@{_changed(mutator, label, LETTERS) or 'x9'}.{rest}"
    return (
        "address",
        Spelling(lambda one: _address(one, f"{local}@{domain}")),
        Spelling(lambda one: _address(one, other)),
    )


def _address(mutator: Mutator, address: str) -> dict[str, Any]:
    local, _, domain = address.rpartition("@")
    if mutator.random() < 0.5:
        domain = idna.encode(domain).decode()
    if mutator.random() < 0.5:
        domain = domain.upper() if domain.isascii() else domain
    if mutator.random() < 0.3 and local.isascii():
        local = local.swapcase()
    text = mutator.choice(["{}", "{}.", "<{}>", "Jane <{}>", '"Doe, Jane" <{}>', "{}"]).format(f"{local}@{domain}")
    if mutator.random() < 0.2:
        text = f"mailto:{local}@{domain}" if not set("/?%") & set(local) else text
    return {"ChannelType": mutator.choice(["EMAIL", "CUSTOM"]), "Address": _disguised(mutator, text)}


def _ids(mutator: Mutator) -> tuple[str, Spelling, Spelling]:
    size = mutator.choice([3, 8, 36, 255, 256, 1_000])
    one = f"{mutator.choice(LETTERS)}q{_text(mutator, ID_LETTERS, size)}9"
    if mutator.random() < 0.2:
        one = str(mutator.randrange(1, 10**9))
    other = _changed(mutator, one[:-1], LETTERS[:-1]) + one[-1]
    return "id", Spelling(lambda each: _id(each, one)), Spelling(lambda each: _id(each, other))


def _id(mutator: Mutator, text: str) -> dict[str, Any]:
    is_number = text.isdigit() and text[0] != "0"
    if is_number and mutator.random() < 0.5:
        return {"User": {"UserId": mutator.choice([int(text), float(text)])}}
    spelt = _hidden(mutator, unicodedata.normalize(mutator.choice(["NFC", "NFD"]), text))
    return {"User": {"UserId": f"{mutator.choice(BLANKS)}{spelt}{mutator.choice(BLANKS)}"}}


def _text(mutator: Mutator, letters: str, length: int) -> str:
    while is_placeholder(text := "".join(mutator.choice(letters) for _ in range(length))):
        """A word for nothing is no id."""
    return text


def _changed(mutator: Mutator, text: str, letters: str) -> str:
    """Return ``text`` with one character replaced, added or removed."""
    place = mutator.randrange(len(text))
    match mutator.randrange(3):
        case 0:
            others = [letter for letter in letters if letter != text[place].lower()]
            return text[:place] + mutator.choice(others) + text[place + 1 :]
        case 1:
            return text[:place] + mutator.choice(letters) + text[place:]
        case _:
            return text[:place] + text[place + 1 :]


def _disguised(mutator: Mutator, text: str) -> str:
    """Return an address in another Unicode form, with what is invisible strewn into it and blanks around it."""
    text = unicodedata.normalize(mutator.choice(["NFC", "NFD"]), text)
    if mutator.random() < 0.2:
        text = text.translate(FULL_WIDTH)
    return f"{mutator.choice(BLANKS)}{_hidden(mutator, text)}{mutator.choice(BLANKS)}"


def _hidden(mutator: Mutator, text: str) -> str:
    for _ in range(mutator.choice([0, 0, 1, 3])):
        place = mutator.randrange(len(text) + 1)
        text = text[:place] + mutator.choice(INVISIBLE) + text[place:]
    return text


KINDS = (_numbers, _addresses, _ids)
