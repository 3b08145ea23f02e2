"""What Customer Profiles holds of this pipeline: objects, and the profiles that they are on."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ops.errors import AWS_FAILURES, UnreachableError, code_of, explained

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient

RECORD_KEY = "_recordId"
ACCOUNT_KEY = "_account"
PAGE = 100


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

    client: "CustomerProfilesClient"
    domain: str
    object_type: str

    def of_record(self, record_id: str) -> list[Attached]:
        """Return the objects with this record id, on whatever profiles: none, or one.

        Raises:
            OpsError: Customer Profiles refused or failed.
        """
        return self._found(RECORD_KEY, record_id, {"KeyName": RECORD_KEY, "Values": [record_id]})

    def of_account(self, user_id: str) -> list[Attached]:
        """Return every object of the profiles with this account number, which is the customer's user id.

        Raises:
            OpsError: Customer Profiles refused or failed.
        """
        return self._found(ACCOUNT_KEY, user_id, None)

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

    def _found(self, key: str, value: str, wanted: Mapping[str, Any] | None) -> list[Attached]:
        try:
            return [
                attached for profile_id in self._profiles(key, value) for attached in self._listed(profile_id, wanted)
            ]
        except AWS_FAILURES as error:
            if code_of(error) == "ResourceNotFoundException":
                raise UnreachableError(
                    f"the domain {self.domain} or its object type {self.object_type} does not exist, or these"
                    " credentials may not see it"
                ) from error
            raise explained(error) from error

    def _profiles(self, key: str, value: str) -> list[str]:
        found: list[str] = []
        more: dict[str, Any] = {}
        while True:
            answer = self.client.search_profiles(
                DomainName=self.domain, KeyName=key, Values=[value], MaxResults=PAGE, **more
            )
            found += [profile["ProfileId"] for profile in answer.get("Items", []) if "ProfileId" in profile]
            if not (token := answer.get("NextToken")):
                return found
            more = {"NextToken": token}

    def _listed(self, profile_id: str, wanted: Mapping[str, Any] | None) -> list[Attached]:
        found: list[Attached] = []
        more: dict[str, Any] = {} if wanted is None else {"ObjectFilter": wanted}
        while True:
            answer = self.client.list_profile_objects(
                DomainName=self.domain,
                ObjectTypeName=self.object_type,
                ProfileId=profile_id,
                MaxResults=PAGE,
                **more,
            )
            found += [
                Attached(profile_id, item.get("ProfileObjectUniqueKey", ""), _members(item.get("Object", "")))
                for item in answer.get("Items", [])
            ]
            if not (token := answer.get("NextToken")):
                return found
            more["NextToken"] = token


def _members(text: str) -> Mapping[str, Any]:
    """Return an object's members; none where it is no JSON object, which only another program can have written."""
    try:
        members = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return members if isinstance(members, dict) else {}
