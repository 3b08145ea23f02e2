"""What a customer's profile already shows, compared with a parked record."""

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Protocol

from engagement.record import EngagementRecord
from engagement.wire import timestamp
from ops.errors import AWS_FAILURES, code_of, explained

PAGE = 100
"""Objects of a page at most."""


class Standing(StrEnum):
    """How a parked record stands to the profile."""

    ABSENT = "absent"
    WRITTEN = "written"
    """The profile shows this very record."""
    SUPERSEDED = "superseded"
    """The profile shows something newer for the same offer."""


class ReadsProfiles(Protocol):
    """The calls of a Customer Profiles client that are needed here."""

    def search_profiles(self, *, DomainName: str, KeyName: str, Values: Sequence[str]) -> Mapping[str, Any]:  # noqa: N803
        """Find profiles by one key."""

    def list_profile_objects(
        self,
        *,
        DomainName: str,  # noqa: N803 - boto3's names
        ObjectTypeName: str,  # noqa: N803
        ProfileId: str,  # noqa: N803
        MaxResults: int,  # noqa: N803
        NextToken: str = "",  # noqa: N803
    ) -> Mapping[str, Any]:
        """Return a page of a profile's objects."""


class Profiles:
    """The profiles of one domain, as far as one object type is concerned."""

    def __init__(self, client: ReadsProfiles, domain: str, object_type: str) -> None:
        self._client = client
        self._domain = domain
        self._object_type = object_type

    def standing(self, record: EngagementRecord) -> Standing:
        """Return how a record stands to what its customer's profiles show.

        Raises:
            OpsError: the service could not be asked.
        """
        try:
            shown = [found for profile_id in self._profiles(record) for found in self._objects(profile_id)]
        except AWS_FAILURES as error:
            raise explained(error) from error
        if any(found.get("recordId") == record.record_id for found in shown):
            return Standing.WRITTEN
        # A record whose time is unknown is no older than any other.
        newer = record.engaged_at is not None and any(
            found.get("offerName") == record.offer_name
            and str(found.get("engagedAt", "")) > timestamp(record.engaged_at)
            for found in shown
        )
        return Standing.SUPERSEDED if newer else Standing.ABSENT

    def has(self, record_id: str) -> bool:
        """Return whether any profile shows a record: its id is the objects' key.

        Raises:
            OpsError: the service could not be asked.
        """
        try:
            return bool(self._search("_recordId", record_id))
        except AWS_FAILURES as error:
            raise explained(error) from error

    def _profiles(self, record: EngagementRecord) -> Sequence[str]:
        customer = record.customer
        keys = (("_account", customer.user_id), ("_email", customer.email), ("_phone", customer.phone))
        if customer.profile_id is not None:
            return [customer.profile_id]
        found = [profile_id for key, value in keys if value is not None for profile_id in self._search(key, value)]
        return list(dict.fromkeys(found))

    def _search(self, key: str, value: str) -> list[str]:
        answer = self._client.search_profiles(DomainName=self._domain, KeyName=key, Values=[value])
        return [item["ProfileId"] for item in answer["Items"]]

    def _objects(self, profile_id: str) -> Iterator[Mapping[str, Any]]:
        request: dict[str, Any] = {
            "DomainName": self._domain,
            "ObjectTypeName": self._object_type,
            "ProfileId": profile_id,
            "MaxResults": PAGE,
        }
        while True:
            try:
                page = self._client.list_profile_objects(**request)
            except AWS_FAILURES as error:
                if code_of(error) == "ResourceNotFoundException":
                    return  # the journey's profile was merged away or deleted since
                raise
            for item in page["Items"]:
                written = json.loads(item["Object"])
                yield written if isinstance(written, dict) else {}
            if "NextToken" not in page:
                return
            request["NextToken"] = page["NextToken"]
