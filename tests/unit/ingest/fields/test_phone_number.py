import subprocess
import sys
from pathlib import Path

import pytest

from ingest.fields.errors import UnreadableError
from ingest.fields.phone_number import names_a_phone, phone_number, regions

FUNCTIONS = Path(__file__).parents[4] / "functions"


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("+12065550100", "+12065550100"),
        ("+15550100", "+15550100"),
        ("+1 (206) 555-0123", "+12065550123"),
        ("+33.1.23.45.67.80", "+33123456780"),
        ("+49/30.1234\u20115", "+493012345"),
        ("+1\u2212206\u2212555\u22120100", "+12065550100"),
        ("+1\u00b7206\u00b7555\u00b70100", "+12065550100"),
        ("\uff0b\uff11\uff12\uff10\uff16\uff15\uff15\uff15\uff10\uff11\uff10\uff10", "+12065550100"),
        ("+\u0664\u0664\u0662\u0660\u0667\u0669\u0664\u0666\u0660\u0669\u0665\u0668", "+442079460958"),
        ("\u202d+1 206 555 0123\u202c", "+12065550123"),
        ("\u2068+1\u200b206\u2060555\u00ad0123\u2069", "+12065550123"),
        ("\ufeff+12065550100", "+12065550100"),
        ("+12125550191.0", "+12125550191"),
        ("0044 20 7946 0958", "+442079460958"),
        ("00 1 206 555 0100", "+12065550100"),
        ("+0012065550100", "+12065550100"),
        ("tel:+1-206-555-0100", "+12065550100"),
        ("TEL:+1(206)5550100", "+12065550100"),
        ("whatsapp:+12065550100", "+12065550100"),
        ("sms:+12065550100", "+12065550100"),
        ("callto://+12065550100", "+12065550100"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("(+49) (0)89 123456", "+4989123456"),
        ("+49 ( 0 ) 89 123456", "+4989123456"),
        ("0049 (0)89 123456", "+4989123456"),
        ("+33 (0)1 23 45 67 80", "+33123456780"),
        ("+81 (0)3 1234 5678", "+81312345678"),
        ("+39 (0)6 1234567", "+39061234567"),
        ("+39 06 1234567", "+39061234567"),
        ("+352 (0)26 123456", "+35226123456"),
        ("+44 020 7946 0958", "+442079460958"),
        ("+225 07 12 34 56 78", "+2250712345678"),
    ],
)
def test_a_number_that_names_its_country_is_read_in_every_usual_spelling(address: str, number: str) -> None:
    """Customer Profiles compares digits: one more or fewer is another person."""
    assert phone_number(address) == phone_number(address, "US") == number


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("206.555.0100", "2065550100"),
        ("030.12.34.50", "030123450"),
        ("5550100", "5550100"),
        ("(030) 123-45", "03012345"),
        ("2065550100.0", "2065550100"),
        ("'2065550100", "2065550100"),
        ("tel:5550100", "5550100"),
        ("011 44 20 7946 0958", "011442079460958"),
    ],
)
def test_without_a_region_a_national_number_is_kept_as_it_is(address: str, number: str) -> None:
    """Which country it is from cannot be known."""
    assert phone_number(address) == number


@pytest.mark.parametrize(
    ("address", "region", "number"),
    [
        ("206.555.0100", "US", "+12065550100"),
        ("(206) 555-0123", "US", "+12065550123"),
        ("1 206 555 0100", "US", "+12065550100"),
        ("2065550100.0", "US", "+12065550100"),
        ("011 44 20 7946 0958", "US", "+442079460958"),
        ("030.12.34.50", "DE", "+4930123450"),
        ("0044 20 7946 0958", "DE", "+442079460958"),
        ("(0)20 7946 0958", "GB", "+442079460958"),
        ("07700 900123", "GB", "+447700900123"),
        ("555 010 0100", "US", "+15550100100"),
        ("06 1234567", "IT", "+39061234567"),
        ("33123456780", "FR", "+33123456780"),
        ("8 916 123-45-67", "RU", "+79161234567"),
        ("0011 44 20 7946 0958", "AU", "+442079460958"),
        ("010 44 20 7946 0958", "JP", "+442079460958"),
    ],
)
def test_the_default_region_reads_a_national_number(address: str, region: str, number: str) -> None:
    """The same customer's number is written with its country elsewhere, on the profile above all."""
    assert phone_number(address, region) == number


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "more than digits"),
        ("x", "more than digits"),
        ("+", "more than digits"),
        ("++12065550100", "more than digits"),
        ("+1-800-FLOWERS", "more than digits"),
        ("2.0655501E9", "more than digits"),
        ("1.2065550100E10", "more than digits"),
        ("+1,206,555,0100", "more than digits"),
        ("2065550100,0", "more than digits"),
        ("+12065550100/+14255550100", "more than digits"),
        ("+12065550100 or +14255550100", "more than digits"),
        ("tel:5550100;phone-context=+1206", "more than digits"),
        ("+1 206 555 0100\ufffd", "more than digits"),
        ("2065550100.00", "decimal"),
        ("0301234.0", "decimal"),
        ("+4930123456.", "decimal"),
        ("+49 4333 633333 ext. 543", "extension"),
        ("+1 206 555 0100 x5", "extension"),
        ("+12065550100x5", "extension"),
        ("+1 206 555 0100#5", "extension"),
        ("tel:+1-206-555-0100;ext=5", "extension"),
        ("+49 30 1234567/68", "two numbers"),
        ("+12345", "no number of the country"),
        ("+0123456", "no number of the country"),
        ("+1234567890123456", "no number of the country"),
        ("+999999999999999", "no number of the country"),
        ("+1 206 555 01000", "no number of the country"),
        ("+44(0)", "no number of the country"),
        ("00", "no number of the country"),
        ("12", "fewer than 3"),
        ("1234567890123456", "fewer than 3 or more than 15"),
    ],
)
def test_what_cannot_be_read_is_no_number(address: str, why: str) -> None:
    """Never a digit more or fewer than was meant: it is parked instead, and the detail has no value."""
    with pytest.raises(UnreadableError, match=why):
        phone_number(address)


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("555-0100", "US"),
        ("447911123456", "US"),
        ("030 12 34 50", "US"),
        ("12065550100", "DE"),
        ("7700900123", "GB"),
        ("011442079460958", "DE"),
        ("12", "GB"),
        ("1234567890123456", "US"),
    ],
)
def test_a_national_number_that_is_none_of_the_region_is_unreadable(address: str, region: str) -> None:
    """The region is only assumed: a number that does not fit it is likely another country's, or cut off."""
    with pytest.raises(UnreadableError, match="default region"):
        phone_number(address, region)


def test_a_number_that_the_region_reads_as_another_is_unreadable() -> None:
    """In Brazil 00 and two digits choose a carrier: what follows may be a number of its own."""
    with pytest.raises(UnreadableError, match="two numbers"):
        phone_number("0031 1 206 555 0100", "BR")


def test_an_exit_code_before_no_number_is_unreadable_in_every_region() -> None:
    """Nobody can be called there."""
    with pytest.raises(UnreadableError, match="no number of the country"):
        phone_number("0099", "DE")


def test_a_trunk_zero_that_the_country_cannot_decide_on_is_unreadable() -> None:
    """With it and without it are two numbers, both possible and none known."""
    with pytest.raises(UnreadableError, match="no number of the country"):
        phone_number("+39 (0)447328")


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("+12065550100", True),
        (" (+49) 89 123456", True),
        ("\uff0b12065550100", True),
        ("tel:5550100", True),
        ("WhatsApp:+1206", True),
        ("5550100", False),
        ("mary@example.com", False),
        ("messenger:902", False),
    ],
)
def test_an_address_can_say_that_it_is_a_phones(address: str, *, names: bool) -> None:
    """A custom endpoint's address can be anything, an account number for example."""
    assert names_a_phone(address) is names


def test_regions_are_the_librarys() -> None:
    """A region that it does not know would read no number."""
    assert {"US", "DE", "GB", "JP"} < regions()
    assert not {"ZZ", "EU", "UK", "us", ""} & regions()


def test_the_library_is_not_imported_before_a_number_is_read() -> None:
    """Most environments see e-mail addresses only, and their cold start is what a journey waits for."""
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); import ingest.handler;"
        "from ingest.fields.email_address import email_address; email_address('a@b.example');"
        "print([name for name in ('phonenumbers', 'idna') if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", program, str(FUNCTIONS)], check=True, capture_output=True, text=True)
    assert ran.stdout == "[]\n"


@pytest.mark.parametrize("scheme", ["tel", "sms", "smsto", "mms", "callto", "whatsapp", "phone", "TEL"])
def test_a_scheme_before_a_number_is_removed(scheme: str) -> None:
    """Links to a phone are copied into segments."""
    assert phone_number(f"{scheme}:+12065550100") == "+12065550100"
    assert names_a_phone(f"{scheme}:5550100")


@pytest.mark.parametrize(
    "word",
    ["ext", "ext.", "extension", "extn", "x", "#", "Durchwahl", "poste", "anexo", "ramal", "interno", "int.", "доб."],
)
def test_an_extension_is_one_in_any_language(word: str) -> None:
    """Read as a part of the number it would be another customer's."""
    with pytest.raises(UnreadableError, match="extension"):
        phone_number(f"+49 30 123456 {word} 12")


@pytest.mark.parametrize("sign", " -./()\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u30fc\u00b7\u2022\u2027\u30fb")
def test_a_sign_between_digits_is_no_part_of_the_number(sign: str) -> None:
    """Each country, and each keyboard, separates them in its own way."""
    assert phone_number(f"+1206{sign}5550100") == "+12065550100"
