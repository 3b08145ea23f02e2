"""Reads e-mail addresses into the one spelling that Customer Profiles matches.

The domain follows DNS (RFC 1035, RFC 1123) and IDNA 2008 (RFC 5891; the library ``idna``, with the mapping of UTS
46). The local part belongs to the mailbox's own server (RFC 5321, 4.1.2) and stays wide.
"""

import re
import unicodedata
from urllib.parse import unquote

from engagement.text import CLEAN, half_width, plain
from ingest.fields.errors import UnreadableError

MAX_ADDRESS = 254
"""Characters: a path of 256 octets without its brackets (RFC 5321, 4.5.3.1.3)."""
MAX_DOMAIN = 253
MAX_WRITTEN = 1_000
"""Characters of an address with the name before it."""
SCHEME = re.compile(r"mailto:(?://)?", re.IGNORECASE)
DISPLAY_NAME = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
LOCAL_PART = re.compile(r"[^\s@<>,;:\"()\[\]\\\ufffd]+")
LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_QUOTES = "\"'"


def email_address(address: str) -> str:
    """Return the address: its domain in lower-case ASCII (punycode), its local part as written, in NFC.

    ``mailto:``, a name before ``<...>``, quotes around the whole and the root's dot at the end are removed.

    Raises:
        UnreadableError: no such e-mail address can exist.
    """
    if len(address) > MAX_WRITTEN:
        raise UnreadableError(f"has more than {MAX_WRITTEN} characters")
    local, at, domain = _bare(plain(half_width(address))).rpartition("@")
    if not at:
        raise UnreadableError("has no @")
    if LOCAL_PART.fullmatch(local) is None or CLEAN.fullmatch(local) is None:
        raise UnreadableError("has nothing before the @, or characters that are not allowed there")
    spelt = f"{local}@{_domain(domain)}"
    if len(spelt) > MAX_ADDRESS:
        raise UnreadableError(f"has more than {MAX_ADDRESS} characters")
    return spelt


def _bare(address: str) -> str:
    if scheme := SCHEME.match(address):
        address = plain(unquote(address[scheme.end() :].partition("?")[0]))
    named = DISPLAY_NAME.fullmatch(address)
    if named is not None and ("@" not in named["name"] or named["name"].strip(" \"'") == named["address"].strip()):
        address = named["address"].strip()
    if len(address) > 1 and address[0] in _QUOTES and address[0] == address[-1]:
        address = address[1:-1].strip()
    return address


def _domain(written: str) -> str:
    domain = written.lower()
    if not domain.isascii() or "xn--" in domain:
        domain = _punycode(domain)
    domain = domain.removesuffix(".")
    labels = domain.split(".")
    if len(labels) == 1:
        raise UnreadableError("has a domain without a dot")
    if len(domain) > MAX_DOMAIN or not all(LABEL.fullmatch(label) for label in labels):
        raise UnreadableError("has a domain that cannot exist")
    if labels[-1].isdigit():
        raise UnreadableError("has a number as its top-level domain")
    return domain


def _punycode(domain: str) -> str:
    # Imported here: it takes 10 ms, and nearly every address is ASCII.
    import idna  # noqa: PLC0415

    try:
        return idna.encode(unicodedata.normalize("NFC", domain), uts46=True, std3_rules=True).decode()
    except UnicodeError as error:
        raise UnreadableError("has a domain that cannot exist") from error
