"""The people of the sample journeys: fictitious, and the same ones every time.

E-mail addresses are under the domains that RFC 2606 reserves, phone numbers in the ranges that the North American plan
(555-01xx) and Ofcom (07700 900xxx, 020 7946 0xxx) keep free for fiction.
"""

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

Thing = TypeVar("Thing")

GIVEN = (
    "Mary",
    "Zoë",
    "José",
    "Łukasz",
    "Ingrid",
    "Siân",
    "Nguyễn",
    "Дмитрий",
    "秀英",
    "أحمد",
    "Müge",
    "Anaïs",
    "Björn",
    "Chloé",
    "Aoife",
    "Sarah",
    "Liam",
    "Noor",
    "Kwame",
    "Giulia",
    "Søren",
    "Ayşe",
    "Tomáš",
    "Élodie",
    "Mateus",
    "Yuki",
    "Priya",
    "Owen",
    "Freya",
    "Héctor",
)
FAMILY = (
    "Major",
    "Müller",
    "Álvarez",
    "Wójcik",
    "Åström",
    "Llewellyn",
    "Văn-Linh",
    "Иванов",
    "王",
    "الزهراني",
    "Çelik",
    "Lefèvre",
    "Nyström",
    "Dubois",
    "O'Connor",
    "Smith",
    "Jones",
    "Rahman",
    "Mensah",
    "Ricci",
    "Kjær",
    "Şahin",
    "Dvořák",
    "Garnier",
    "Gonçalves",
    "佐藤",
    "Iyer",
    "Hughes",
    "Bergström",
    "Núñez",
)
PLACES = (
    {
        "City": "Seattle",
        "Country": "USA",
        "PostalCode": "98109",
        "Region": "WA",
        "Latitude": 47.62,
        "Longitude": -122.35,
    },
    {"City": "Austin", "Country": "USA", "Region": "TX"},
    {"City": "Cardiff", "Country": "GBR", "PostalCode": "CF10"},
    {"City": "Malmö", "Country": "SWE"},
    {"City": "São Paulo", "Country": "BRA", "Latitude": -23.55, "Longitude": -46.63},
    {"Country": "JPN"},
)
AREA_CODES = ("206", "212", "303", "415", "512", "617")


class Dice:
    """Draws that are the same on every Python: only ``random()`` is promised to be."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def chance(self, share: float) -> bool:
        """Return True in ``share`` of the draws."""
        return self._random.random() < share

    def pick(self, things: Sequence[Thing]) -> Thing:
        """Return one of ``things``."""
        return things[int(self._random.random() * len(things))]


@dataclass(frozen=True, slots=True)
class Person:
    """A fictitious person."""

    number: int
    given: str
    family: str
    place: Mapping[str, Any]
    has_user: bool

    @property
    def user_id(self) -> str:
        """The id in the marketing system."""
        return f"customer-{self.number:04}"

    @property
    def email(self) -> str:
        """An address under a reserved domain, which reaches no mailbox."""
        return f"customer.{self.number:04}@example.{('com', 'org', 'net')[self.number % 3]}"

    @property
    def phone(self) -> str:
        """A number of a range for fiction, different for each person."""
        if self.number % 2:
            return f"+1{AREA_CODES[self.number // 100 % len(AREA_CODES)]}55501{self.number % 100:02}"
        return f"+447700900{self.number:03}" if self.number % 4 else f"+442079460{self.number:03}"


def digest(*parts: object) -> str:
    """Return 64 hexadecimal digits that only ``parts`` decide."""
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


def uuid(*parts: object) -> str:
    """Return an id in the form of a UUID."""
    digits = digest(*parts)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


def batches(things: Sequence[Thing], size: int) -> Iterator[Sequence[Thing]]:
    """Yield ``things`` in slices of ``size``."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


def names(dice: Dice) -> tuple[str, str]:
    """Return a given and a family name."""
    return dice.pick(GIVEN), dice.pick(FAMILY)
