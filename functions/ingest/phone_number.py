"""Reads phone numbers into E.164, the one spelling that Customer Profiles will match.

What a number is, country by country, is decided by ``phonenumbers``, the Python port of Google's libphonenumber. This
module decides what may stand around the digits, and parks what could be two numbers: one digit more or fewer is
another person's.
"""

import re
import unicodedata
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

from engagement.text import half_width, plain
from ingest.unreadable import UnreadableError

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

SCHEME = re.compile(r"(?:tel|sms|smsto|mms|callto|whatsapp|phone):(?://)?", re.IGNORECASE)
DIALLED = re.compile(r"[0-9]{3,15}")
"""A number without a country, kept as it is."""
FLOAT = re.compile(r"\+?[1-9][0-9]{6,14}\.0")
"""A number that a spreadsheet or a data frame took for a quantity: the ``.0`` was never dialled."""
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
    """Return whether the address says of itself that it is a phone's: it begins with + or with a scheme."""
    text = plain(half_width(address))
    return SCHEME.match(text) is not None or text.startswith(("+", "(+"))


def phone_number(address: str, region: str = "") -> str:
    """Return the number in E.164; without a country and without ``region``, its digits as they are.

    Args:
        address: The number as somebody wrote it.
        region: The country, ISO 3166-1 alpha-2, of a number that names none; empty: not known.

    Raises:
        UnreadableError: it is no number, could be several, or has an extension: the number before it is a
            switchboard's, and so many people's.
    """
    text = _digits_as_ascii(plain(half_width(address)))
    if scheme := SCHEME.match(text):
        text = text[scheme.end() :].strip()
    text = text.removeprefix("'") if text[1:].isdigit() else text
    if FLOAT.fullmatch(text):
        text = text.removesuffix(".0")
    _refuse_what_is_more_than_a_number(text)
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
    # Imported at the first number: 25 ms that a function whose customers have e-mail addresses need not wait for.
    import phonenumbers  # noqa: PLC0415

    return phonenumbers


def _digits_as_ascii(text: str) -> str:
    return text if text.isascii() else "".join(str(unicodedata.decimal(character, character)) for character in text)


def _refuse_what_is_more_than_a_number(text: str) -> None:
    if DECIMAL.fullmatch(text):
        raise UnreadableError("ends like a decimal number, and digits may be lost")
    if EXTENSION.search(text):
        raise UnreadableError("has an extension: the number before it is that of a switchboard")
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
    """Return the number after ``00``. Where the region dials otherwise, ``0011`` or a carrier's code, it decides."""
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
    """Return the number of the region: valid there, or at least dialled as one there and by nobody else.

    Possible is not enough, since the country is no more than assumed: in a country whose numbers have any length,
    another country's without its + would do.
    """
    library = _library()
    reading = _parsed(number, region)
    if reading is None or library.is_possible_number_with_reason(reading) != library.ValidationResult.IS_POSSIBLE:
        raise UnreadableError("names no country, and is no number of the default region")
    if not _is_valid(reading) and not (_is_dialled_within(number, region) and not _is_of_elsewhere(number)):
        raise UnreadableError("names no country, and may be no number of the default region")
    return _e164(reading)


def _is_dialled_within(number: str, region: str) -> bool:
    """Return whether the number begins as the region's own do: with the trunk prefix, where there is one to dial."""
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
    """Return what the library reads, None where no number of that country can have as many digits.

    Where the country is named, possible is enough: ranges are younger than the library's list of them.
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
