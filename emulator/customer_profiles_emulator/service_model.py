"""The service's own model in botocore, and its request quotas."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

import botocore

from customer_profiles_emulator.wire.model import Operation, operations_of

SERVICE = "customer-profiles"
OLDEST_BOTOCORE = "1.43.17"
"""The first botocore whose model of the service has BatchPutProfileObject."""

WRITES = "PutProfileObject"
DEFAULT_RATES: Mapping[str, float] = MappingProxyType(
    {
        WRITES: 100,
        "SearchProfiles": 100,
        "ListProfileObjects": 100,
        "PutProfileObjectType": 1,
        "GetProfileObjectType": 10,
        "GetDomain": 5,
    }
)
"""Requests a second: Connect admin guide, "Customer Profiles API throttling quotas". That each item of a batch counts
against the quota of PutProfileObject is (unverified)."""


class OldBotocoreError(RuntimeError):
    """The installed botocore knows only a part of the service."""


@cache
def operations() -> Mapping[str, Operation]:
    """Every operation of the service by name.

    Raises:
        OldBotocoreError: the installed botocore is too old.
    """
    check_botocore(botocore.__version__)
    return operations_of(SERVICE)


def check_botocore(version: str) -> None:
    """Refuse a botocore whose model is too old to be the service.

    Raises:
        OldBotocoreError: `version` is older than `OLDEST_BOTOCORE`.
    """
    if _numbers(version) < _numbers(OLDEST_BOTOCORE):
        raise OldBotocoreError(
            f"botocore {version} is too old: its model of Customer Profiles lacks operations."
            f" Install botocore {OLDEST_BOTOCORE} or newer: pip install --upgrade 'botocore>={OLDEST_BOTOCORE}'"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
