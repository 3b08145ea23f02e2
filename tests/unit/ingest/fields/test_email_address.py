import unicodedata

import pytest

from ingest.fields.email_address import email_address
from ingest.fields.errors import UnreadableError


@pytest.mark.parametrize(
    "address", ["mary@example.com", "a.b+c@sub.example.co.uk", "o'neil@e.io", "~e/list@x.example", "zoë@x.example"]
)
def test_the_local_part_is_kept_as_it_was_written(address: str) -> None:
    """Only the mailbox's own server knows what may be in it, and what it means."""
    assert email_address(f" {address}\n") == address


def test_a_domain_has_no_case() -> None:
    """DNS compares it so; the local part's case is the server's affair."""
    assert email_address("Mary@Example.COM") == "Mary@example.com"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jo@b\u00fccher.example", "jo@xn--bcher-kva.example"),
        ("jo@B\u00dcCHER.example", "jo@XN--BCHER-KVA.example"),
        ("jo@b\u00fccher.example", "jo@bu\u0308cher.example"),
        ("zo\u00eb@x.example", "zoe\u0308@x.example"),
        ("jane@example.com", "jane@\uff45xample.com"),
        ("jane@example.com", "\uff4aane\uff20example\uff0ecom"),
        ("zo\u00eb@x.example", "\uff5a\uff4f\uff45\u0308@x.example"),
        ("a@\u4f8b\u3048.\u30c6\u30b9\u30c8", "a@\u4f8b\u3048\u3002\u30c6\u30b9\u30c8"),
        ("a@fa\u00df.example", "a@xn--fa-hia.example"),
        ("zoe@zw.example", "zoe@zw.example\u200b"),
        ("zoe@zw.example", "\ufeffzoe@zw.example"),
        ("zoe@zw.example", "zoe\u00ad@zw\u2060.example"),
        ("zoe@zw.example", "\u202azoe@zw.example\u202c"),
        ("steve@foi.example", "steve@foi.example."),
        ("jane@x.example", "mailto:jane@x.example"),
        ("jane@x.example", "MAILTO:jane@x.example?subject=Hello"),
        ("jane+a@x.example", "mailto:jane%2Ba@x.example"),
        ("jane@x.example", "Jane <jane@x.example>"),
        ("jane@x.example", '"Doe, Jane" <jane@x.example>'),
        ("jane@x.example", "<jane@x.example>"),
        ("jane@x.example", "jane@x.example <jane@x.example>"),
        ("jane@x.example", "'jane@x.example'"),
    ],
)
def test_spellings_of_one_address_are_one(one: str, other: str) -> None:
    """Customer Profiles compares text: another spelling is another profile, which no agent is led to."""
    assert email_address(one) == email_address(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("strasse@x.example", "stra\u00dfe@x.example"),
        ("a@fass.example", "a@fa\u00df.example"),
        ("jo@bucher.example", "jo@b\u00fccher.example"),
        ("jane.doe@x.example", "janedoe@x.example"),
        ("jane+a@x.example", "jane@x.example"),
    ],
)
def test_addresses_that_only_look_alike_stay_two(one: str, other: str) -> None:
    """They are two mailboxes."""
    assert email_address(one) != email_address(other)


def test_the_domain_is_written_as_mail_servers_take_it() -> None:
    """SES takes no other: an address in Unicode on a profile could not be mailed any more."""
    assert email_address(unicodedata.normalize("NFD", "zoë@müller.example")) == "zoë@xn--mller-kva.example"


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("", "no @"),
        ("mary", "no @"),
        ("mary@", "without a dot"),
        ("@example.com", "before the @"),
        ("mary@localhost", "without a dot"),
        ("a@b@c.de", "before the @"),
        ("a b@c.de", "before the @"),
        ("a@b.de, c@d.ef", "before the @"),
        ("a\x00@b.de", "before the @"),
        ("a\ud800@b.de", "before the @"),
        ("jane@a.example <jim@b.example>", "before the @"),
        ("a@b..de", "cannot exist"),
        ("a@b.\x00de", "cannot exist"),
        ("a@b.\ud800", "cannot exist"),
        ("a@exa!mple.example", "cannot exist"),
        ("jane@l.example'", "cannot exist"),
        ("jane@l.example/", "cannot exist"),
        ("jane@-l.example", "cannot exist"),
        ("jane@l-.example", "cannot exist"),
        ("jane@l.example\ufffd", "cannot exist"),
        ("jane@l.example..", "cannot exist"),
        ("jane@foo_bar.example", "cannot exist"),
        (f"a@{'l' * 64}.example", "cannot exist"),
        (f"a@{'l.' * 127}example", "cannot exist"),
        ("a@[192.0.2.1]", "cannot exist"),
        ("a@192.0.2.1", "top-level"),
        ("a@xn--a.example", "cannot exist"),
        ("a@xn--zzzzzz-99999.example", "cannot exist"),
        ("a@\u2603.example", "cannot exist"),
        ("x" * 250 + "@example.com", "254"),
        ("x" * 1_001, "1000"),
    ],
)
def test_an_address_that_cannot_exist_is_unreadable(address: str, why: str) -> None:
    """It would be attached to any profile with the same text; the detail has no value."""
    with pytest.raises(UnreadableError, match=why) as caught:
        email_address(address)

    assert caught.value.why == str(caught.value)
