"""Reads phone numbers into E.164, the one spelling that Customer Profiles matches.

What a number is, country by country, is decided by ``phonenumbers``, the Python port of Google's libphonenumber. This
module decides what may surround the digits, and refuses what could be two numbers: one digit more or fewer is another
person's number.
"""

import re
import unicodedata
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from engagement.text import half_width, plain
from ingest.fields.errors import UnreadableError

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

SCHEME = re.compile(r"(?:tel|sms|smsto|mms|callto|whatsapp|phone):(?://)?", re.IGNORECASE)
DIALLED = re.compile(r"[0-9]{3,15}")
"""A number without a country, kept as it is."""
FLOAT = re.compile(r"\+?[1-9][0-9]{6,14}\.0")
"""A number that a spreadsheet or a data frame treated as a quantity: the ``.0`` is not dialled."""
DECIMAL = re.compile(r"\+?[0-9]{6,}\.0*")
SEPARATORS = re.compile(r"[\s().\-\u2010-\u2015\u2212\u30fc\u00b7\u2022\u2027\u30fb/]")
TRUNK = re.compile(r"\(\s*0\s*\)")
"""In +44 (0)20 7946 0958: dialled within the country, and in most countries not after the country code."""
EXTENSION = re.compile(
    r"(?:ext|extension|extn|x|\#|durchwahl|poste|anexo|ramal|interno|int|доб)[\s.:=]*[0-9]+$", re.IGNORECASE
)
ALTERNATIVE = re.compile(r"[0-9].*/\s*[0-9]{1,2}\s*$")
"""``1234567/68``: the number, or the one that ends in 68."""
EXIT_CODE = "00"
"""What most countries dial before a country code, for the + (ITU-T E.123)."""
OTHER_EXIT_CODES = ("011", "010")
"""What North America and Japan dial instead."""


def names_a_phone(address: str) -> bool:
    """Return whether the address shows that it is a phone number: it begins with + or with a scheme."""
    text = plain(half_width(address))
    return SCHEME.match(text) is not None or text.startswith(("+", "(+"))


def phone_number(address: str, region: str = "") -> str:
    """Return the number in E.164; if neither it nor ``region`` names a country, its digits as they are.

    Args:
        address: The number as it was written.
        region: The country, ISO 3166-1 alpha-2, of a number that names none; empty if it is not known.

    Raises:
        UnreadableError: it is no number, could be several, or has an extension: the number before that is a
            switchboard's, and so belongs to many people.
    """
    text = _digits_as_ascii(plain(half_width(address)))
    if scheme := SCHEME.match(text):
        text = text[scheme.end() :].strip()
    text = text.removeprefix("'") if text[1:].isdigit() else text
    if FLOAT.fullmatch(text):
        text = text.removesuffix(".0")
    _refuse_ambiguous(text)
    trunks = len(TRUNK.findall(text))
    number, without_trunk = (SEPARATORS.sub("", form) for form in (text, TRUNK.sub("", text)))
    if re.fullmatch(r"\+?[0-9]+", number) is None:
        raise UnreadableError("has more than digits and separators, or none at all")
    if number.startswith("+" + EXIT_CODE):
        number, without_trunk = number.removeprefix("+"), without_trunk.removeprefix("+")
    if number.startswith("+"):
        return _international(number, without_trunk if trunks else number)
    if number.startswith(EXIT_CODE):
        return _with_exit_code(number, without_trunk if trunks else number, region)
    return _national(number, region) if region else _as_dialled(number)


@cache
def regions() -> frozenset[str]:
    """Return the countries and territories that the library knows, ISO 3166-1 alpha-2."""
    return frozenset(_library().SUPPORTED_REGIONS)


def _library() -> ModuleType:
    # Imported at the first number: it takes 25 ms, and a journey may have e-mail addresses only.
    import phonenumbers  # noqa: PLC0415

    return phonenumbers


def _digits_as_ascii(text: str) -> str:
    return text if text.isascii() else "".join(str(unicodedata.decimal(character, character)) for character in text)


def _refuse_ambiguous(text: str) -> None:
    if DECIMAL.fullmatch(text):
        raise UnreadableError("ends like a decimal number, and may have lost digits")
    if EXTENSION.search(text):
        raise UnreadableError("has an extension: the number before that is a switchboard's")
    if ALTERNATIVE.search(text):
        raise UnreadableError("could be two numbers")


def _international(number: str, without_trunk: str) -> str:
    readings = [reading for form in {number, without_trunk} if (reading := _parsed(form)) is not None]
    spelt = {_e164(reading) for reading in readings}
    if len(spelt) > 1:
        # Whether the 0 belongs to the number, as in Italy, the country's numbering plan decides.
        spelt = {_e164(reading) for reading in readings if _is_valid(reading)}
    if len(spelt) != 1:
        raise UnreadableError("is no number of the country that it names")
    return spelt.pop()


def _with_exit_code(number: str, without_trunk: str, region: str) -> str:
    """Return the number after ``00``. If the region dials another code, ``0011`` or a carrier's, the region decides."""
    reading = _parsed(number, region) if region else None
    local = _e164(reading) if reading is not None and _is_valid(reading) else None
    try:
        abroad = _international("+" + number.removeprefix(EXIT_CODE), "+" + without_trunk.removeprefix(EXIT_CODE))
    except UnreadableError:
        if local is None:
            raise
        return local
    if local not in {None, abroad}:
        raise UnreadableError("could be two numbers")
    return abroad


def _national(number: str, region: str) -> str:
    """Return the number of the region: valid there, or at least dialled as one there and valid nowhere else.

    Possible is not enough, since the country is only assumed: in a country whose numbers have any length, another
    country's number without its + would be possible.
    """
    library = _library()
    reading = _parsed(number, region)
    if reading is None or library.is_possible_number_with_reason(reading) != library.ValidationResult.IS_POSSIBLE:
        raise UnreadableError("names no country, and is no number of the default region")
    if not _is_valid(reading) and not (_is_dialled_within(number, region) and not _is_of_elsewhere(number)):
        raise UnreadableError("names no country, and may be no number of the default region")
    return _e164(reading)


def _is_dialled_within(number: str, region: str) -> bool:
    """Return whether the number begins as the region's own do: with the trunk prefix, if the region has one."""
    library = _library()
    trunk = library.ndd_prefix_for_region(region, True)  # noqa: FBT003 - the library's second argument strips "~"
    return not trunk or number.startswith(trunk) or bool(library.is_nanpa_country(region))


def _is_of_elsewhere(number: str) -> bool:
    """Return whether the digits are another country's number without its +, or after another region's exit code."""
    forms = [number, *(number.removeprefix(code) for code in OTHER_EXIT_CODES if number.startswith(code))]
    readings = [_parsed("+" + form) for form in forms]
    return any(reading is not None and _is_valid(reading) for reading in readings)


def _as_dialled(number: str) -> str:
    if DIALLED.fullmatch(number) is None:
        raise UnreadableError("has fewer than 3 or more than 15 digits")
    return number


def _parsed(number: str, region: str | None = None) -> "PhoneNumber | None":
    """Return what the library reads, None if no number of that country can have as many digits.

    If the country is named, possible is enough: the library's list of ranges misses new ones.
    """
    library = _library()
    try:
        reading: PhoneNumber = library.parse(number, region)
    except library.NumberParseException:
        return None
    return reading if library.is_possible_number(reading) else None


def _is_valid(reading: "PhoneNumber") -> bool:
    return bool(_library().is_valid_number(reading))


def _e164(reading: "PhoneNumber") -> str:
    library = _library()
    return str(library.format_number(reading, library.PhoneNumberFormat.E164))
