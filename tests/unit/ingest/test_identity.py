import pytest

from ingest.identity import e164_number, email_address, phone_number


@pytest.mark.parametrize(
    "address", ["mary@example.com", "a.b+c@sub.example.co.uk", "zoë@müller.example", "o'neil@e.io"]
)
def test_an_email_address_is_kept_in_its_spelling(address: str) -> None:
    """What the agent sees is what the customer wrote."""
    assert email_address(f" {address}\n") == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "mary",
        "mary@",
        "@example.com",
        "mary@localhost",
        "a@b@c.de",
        "a b@c.de",
        "<a@b.de>",
        "a@b..de",
        "a@b.de, c@d.ef",
        "mailto:a@b.de",
        "a@b.\x00de",
        "a@b.\ud800",
        "x" * 250 + "@example.com",
    ],
)
def test_what_plainly_is_no_email_address_is_none(address: str) -> None:
    """It would be attached to whatever profile holds the same nonsense."""
    assert email_address(address) is None


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("+15550100", "+15550100"),
        (" +1 (425) 555-0100 ", "+14255550100"),
        ("+49/30.1234\u20115", "+493012345"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("+999999999999999", "+999999999999999"),
    ],
)
def test_an_e164_number_loses_its_separators(address: str, number: str) -> None:
    """Customer Profiles compares numbers as text."""
    assert e164_number(address) == number


@pytest.mark.parametrize(
    "address", ["", "5550100", "+0123456", "+12345", "+1234567890123456", "+1555O100", "+1 555 0100 ext 5", "+١٢٣٤٥٦٧"]
)
def test_what_plainly_is_no_e164_number_is_none(address: str) -> None:
    """A custom endpoint's address can be anything, an account number for example."""
    assert e164_number(address) is None


@pytest.mark.parametrize(
    ("address", "number"),
    [("5550100", "5550100"), ("(030) 123-45", "03012345"), ("+15550100", "+15550100")],
)
def test_the_address_of_a_phone_may_be_a_national_number(address: str, number: str) -> None:
    """The channel says already that it is a phone."""
    assert phone_number(address) == number


@pytest.mark.parametrize("address", ["", "12", "x", "1234567890123456", "++15550100"])
def test_the_address_of_a_phone_must_be_a_number(address: str) -> None:
    """Nobody could be called there."""
    assert phone_number(address) is None
