"""What Customer Profiles holds of this pipeline: objects, and the profiles that they are on.

A record is looked for as Customer Profiles itself finds its profile: by the customer's own keys. The record id is then
compared here, in the listed objects: no document promises that a key which only names objects can be searched by.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from engagement.record import Customer
from ops.answers import UnreadableAnswerError
from ops.errors import AWS_FAILURES, OpsError, UnreachableError, code_of, explained

PAGE = 100
"""Items of a page at most (the service's own limit)."""
MOST_PAGES = 100
"""Pages that are read of one listing: 10,000 profiles of one key identify no one, and a profile has 1,000 objects."""


class ReadsProfiles(Protocol):
    """The calls of a Customer Profiles client that are needed to read."""

    def search_profiles(
        self,
        *,
        DomainName: str,  # noqa: N803 - boto3's names
        KeyName: str,  # noqa: N803
        Values: Sequence[str],  # noqa: N803
        MaxResults: int,  # noqa: N803
        NextToken: str = "",  # noqa: N803
    ) -> Mapping[str, Any]:
        """Return a page of the profiles that one key finds."""

    def list_profile_objects(
        self,
        *,
        DomainName: str,  # noqa: N803
        ObjectTypeName: str,  # noqa: N803
        ProfileId: str,  # noqa: N803
        MaxResults: int,  # noqa: N803
        NextToken: str = "",  # noqa: N803
    ) -> Mapping[str, Any]:
        """Return a page of a profile's objects."""

    def delete_profile_object(
        self,
        *,
        DomainName: str,  # noqa: N803
        ObjectTypeName: str,  # noqa: N803
        ProfileId: str,  # noqa: N803
        ProfileObjectUniqueKey: str,  # noqa: N803
    ) -> Mapping[str, Any]:
        """Delete one object of a profile."""


@dataclass(frozen=True, slots=True)
class Attached:
    """One object on a profile.

    Attributes:
        profile_id: Of the profile.
        unique_key: By which the service names the object.
        members: The object as it was written.
    """

    profile_id: str
    unique_key: str
    members: Mapping[str, Any]

    @property
    def record_id(self) -> str:
        """The id of the record that it was; empty for an object that another program wrote."""
        return str(self.members.get("recordId", ""))


@dataclass(frozen=True, slots=True)
class ProfileObjects:
    """The objects of one domain and object type.

    Attributes:
        client: Customer Profiles.
        domain: The domain.
        object_type: The type.
    """

    client: ReadsProfiles
    domain: str
    object_type: str

    def of_record(self, record_id: str, customer: Customer) -> list[Attached]:
        """Return the objects with this record id on the customer's profiles: none, or one.

        Raises:
            OpsError: Customer Profiles refused or failed.
        """
        return [attached for attached in self.of_customer(customer) if attached.record_id == record_id]

    def of_customer(self, customer: Customer) -> list[Attached]:
        """Return every object of the profiles that the customer's own keys find.

        Raises:
            OpsError: Customer Profiles refused or failed.
        """
        try:
            if customer.profile_id is not None:
                return list(self._of_named(customer.profile_id))
            return [one for found in self.profiles_of(customer) for one in self.on_profile(_profile_id(found))]
        except AWS_FAILURES as error:
            if code_of(error) == "ResourceNotFoundException":
                raise UnreachableError(
                    f"the domain {self.domain} or its object type {self.object_type} does not exist, or these"
                    " credentials may not see it"
                ) from error
            raise explained(error) from error

    def profiles_of(self, customer: Customer) -> list[Mapping[str, Any]]:
        """Return the profiles that the customer's account number, e-mail address and phone number find, each once.

        Raises:
            ClientError, BotoCoreError: as boto3 raises them.
            OpsError: there are too many to be read.
        """
        keys = (("_account", customer.user_id), ("_email", customer.email), ("_phone", customer.phone))
        found = (self.search(key, value) for key, value in keys if value is not None)
        return list({_profile_id(profile): profile for profiles in found for profile in profiles}.values())

    def remove(self, attached: Attached) -> None:
        """Remove one object.

        Raises:
            OpsError: Customer Profiles refused or failed.
        """
        try:
            self.client.delete_profile_object(
                DomainName=self.domain,
                ObjectTypeName=self.object_type,
                ProfileId=attached.profile_id,
                ProfileObjectUniqueKey=attached.unique_key,
            )
        except AWS_FAILURES as error:
            raise explained(error) from error

    def _of_named(self, profile_id: str) -> Iterator[Attached]:
        try:
            yield from self.on_profile(profile_id)
        except AWS_FAILURES as error:
            if code_of(error) != "ResourceNotFoundException":
                raise
            # the profile that the journey named was merged away or deleted since

    def search(self, key: str, value: str) -> Iterator[Mapping[str, Any]]:
        """Return the profiles that one search key finds.

        Raises:
            ClientError, BotoCoreError: as boto3 raises them.
            OpsError: there are too many to be read.
        """
        return _items(
            lambda more: self.client.search_profiles(
                DomainName=self.domain, KeyName=key, Values=[value], MaxResults=PAGE, **more
            ),
            f"profiles with the customer's {key}",
        )

    def on_profile(self, profile_id: str) -> Iterator[Attached]:
        """Yield the objects on one profile.

        Raises:
            ClientError, BotoCoreError: as boto3 raises them.
            OpsError: there are too many to be read.
        """
        listed = _items(
            lambda more: self.client.list_profile_objects(
                DomainName=self.domain,
                ObjectTypeName=self.object_type,
                ProfileId=profile_id,
                MaxResults=PAGE,
                **more,
            ),
            f"objects of the profile {profile_id}",
        )
        for item in listed:
            of_type = item.get("ObjectTypeName", self.object_type) == self.object_type
            if not of_type or not isinstance(item.get("Object"), str):
                raise UnreadableAnswerError(operation="ListProfileObjects", why="it lists what was not asked for")
            yield Attached(profile_id, item.get("ProfileObjectUniqueKey", ""), _members(item["Object"]))


def _items(page: Callable[[Mapping[str, Any]], Mapping[str, Any]], what: str) -> Iterator[Mapping[str, Any]]:
    """Yield every item of every page; a page may be empty though more follow.

    Raises:
        UnreadableAnswerError: an answer without a list of items is no "there is nothing".
        OpsError: there is no end to them.
    """
    more: dict[str, Any] = {}
    for _ in range(MOST_PAGES):
        items, token = _page(page(more), what)
        yield from items
        if not token:
            return
        more = {"NextToken": token}
    raise OpsError(f"there are more than {MOST_PAGES * PAGE:,} {what}: they were not read to their end")


def _page(answer: object, what: str) -> tuple[Sequence[Mapping[str, Any]], str]:
    members = answer if isinstance(answer, Mapping) else {}
    items, token = members.get("Items"), members.get("NextToken") or ""
    if not isinstance(items, list) or not all(isinstance(item, Mapping) for item in items):
        raise UnreadableAnswerError(operation=f"the question for {what}", why="it has no list of items")
    return items, str(token)


def _profile_id(profile: Mapping[str, Any]) -> str:
    profile_id = profile.get("ProfileId")
    if not isinstance(profile_id, str) or not profile_id:
        raise UnreadableAnswerError(operation="SearchProfiles", why="a profile in it has no ProfileId")
    return profile_id


def _members(text: str) -> Mapping[str, Any]:
    """Return an object's members; none if it is no JSON object, which only another program can have written."""
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}
