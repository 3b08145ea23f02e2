"""Which records were written in this run: an object that an earlier run left looks like one of today's.

Neither ListProfileObjects nor the object itself shows it: the same event gives the same object, whenever it is written.
So the emulator is asked, through its control plane, when it took each object.
"""

import json
from collections.abc import Iterable, Mapping

import urllib3

SECONDS = 30.0
Writes = Mapping[str, float]
"""When the object of each record was last written, in seconds since the epoch, by record id."""


class Ledger:
    """The emulator's list of objects of one type.

    Args:
        url: The emulator's address.
        domain: The Customer Profiles domain.
        object_type: The profile object type.
    """

    def __init__(self, url: str, domain: str, object_type: str) -> None:
        self._url = f"{url}/_emulator/objects?domain={domain}&type={object_type}"
        # without the environment's proxies, which urllib3 ignores
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(SECONDS), retries=False)

    def writes(self) -> Writes:
        """Return what is stored now.

        Raises:
            urllib3.exceptions.HTTPError: the emulator does not answer.
        """
        return read(self._http.request("GET", self._url).data.decode().splitlines())


def read(lines: Iterable[str]) -> Writes:
    """Return what the emulator's lines say, one an object."""
    stored = map(json.loads, lines)
    return {each["key"][0]: each["ingested_at"] for each in stored}


def since(before: Writes, now: Writes) -> set[str]:
    """Return the records that were written after ``before`` was read, first or again."""
    return {record_id for record_id, written in now.items() if before.get(record_id) != written}
