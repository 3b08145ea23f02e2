"""The adapter to Amazon Connect Customer Profiles: the only place that sees boto3's errors and shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from bootstrap.object_type import Definition, Field, Key
from bootstrap.refusal import NO_ANSWER, NOT_SENT, Refusal
from bootstrap.refusals import explain
from bootstrap.registration import Domain

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient

    from bootstrap.properties import Target

CONFIG = Config(
    connect_timeout=2,
    read_timeout=6,
    # bootstrap.retrying is the one layer that retries
    retries={"mode": "standard", "total_max_attempts": 1},
)


_OWN = frozenset(
    {
        *("DomainName", "ObjectTypeName", "Description", "ExpirationDays", "MaxProfileObjectCount"),
        *("AllowProfileCreation", "Fields", "Keys", "Tags"),
    }
)
_OWN_OF_FIELD = frozenset({"Source", "Target", "ContentType"})
_OWN_OF_KEY = frozenset({"StandardIdentifiers", "FieldNames"})
_AWS = "aws:"


class CustomerProfiles:
    """`bootstrap.registration.ObjectTypes` over boto3."""

    def __init__(self, client: CustomerProfilesClient) -> None:
        self._client = client
        put = client.meta.service_model.operation_model("PutProfileObjectType").input_shape
        self._members = frozenset(put.members if put is not None else ())

    @classmethod
    def connect(cls) -> CustomerProfiles:
        """Return an adapter for this environment's account and Region.

        Raises:
            BotoCoreError: the environment names no Region.
        """
        return cls(boto3.client("customer-profiles", config=CONFIG))

    def domain(self, target: Target) -> Domain:
        """Return the target's domain."""
        with self._explained("GetDomain", target):
            answer = self._client.get_domain(DomainName=target.domain_name)
        return _domain(answer)

    def give_queue(self, target: Target, queue_url: str) -> Domain:
        """Give the target's domain a dead-letter queue.

        Nothing else is sent, so nothing else changes: UpdateDomain clears a member that is an empty string (API
        reference), and keeps one that is left out (unverified; Terraform's provider relies on it as well).
        """
        with self._explained("UpdateDomain", target):
            answer = self._client.update_domain(DomainName=target.domain_name, DeadLetterQueueUrl=queue_url)
        return _domain(answer)

    def get(self, target: Target) -> Definition:
        """Return the object type."""
        with self._explained("GetProfileObjectType", target):
            answer = self._client.get_profile_object_type(
                DomainName=target.domain_name, ObjectTypeName=target.object_type_name
            )
        # what a put takes can be put again, whether this project has a word for it or not
        return _definition({name: value for name, value in answer.items() if name in self._members})

    def exists(self, target: Target) -> bool:
        """Return whether the domain's list of object types has this one."""
        more: dict[str, str] = {}
        while True:
            with self._explained("ListProfileObjectTypes", target):
                page = self._client.list_profile_object_types(DomainName=target.domain_name, MaxResults=100, **more)
            if any(item["ObjectTypeName"] == target.object_type_name for item in page.get("Items", [])):
                return True
            if not (token := page.get("NextToken")):
                return False
            more = {"NextToken": token}

    def put(self, target: Target, wanted: Definition) -> None:
        """Create the object type, or change it in place."""
        with self._explained("PutProfileObjectType", target):
            self._client.put_profile_object_type(
                DomainName=target.domain_name, ObjectTypeName=target.object_type_name, **_wire(wanted)
            )

    def tag(self, target: Target, arn: str, tags: Mapping[str, str]) -> None:
        """Give the object type, of which ``arn`` is the ARN, these tags beside those that it has."""
        with self._explained("TagResource", target):
            self._client.tag_resource(resourceArn=arn, tags=dict(tags))

    def delete(self, target: Target) -> None:
        """Delete the object type with all its objects."""
        with self._explained("DeleteProfileObjectType", target):
            self._client.delete_profile_object_type(
                DomainName=target.domain_name, ObjectTypeName=target.object_type_name
            )

    @contextmanager
    def _explained(self, operation: str, target: Target) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise explain(_refusal(operation, error, self._client.meta.region_name), target) from error
        except HTTPClientError as error:
            raise explain(Refusal(operation, NO_ANSWER, type(error).__name__), target) from error
        except BotoCoreError as error:
            raise explain(Refusal(operation, NOT_SENT, str(error)), target) from error


def _refusal(operation: str, error: ClientError, region: str) -> Refusal:
    said = error.response.get("Error", {})
    metadata = error.response.get("ResponseMetadata", {})
    return Refusal(
        operation,
        code=said.get("Code", "Unknown"),
        message=said.get("Message", ""),
        status=metadata.get("HTTPStatusCode", 0),
        request_id=metadata.get("RequestId"),
        region=region,
    )


def _domain(answer: Mapping[str, Any]) -> Domain:
    """Return the domain in GetDomain's or UpdateDomain's answer."""
    matching = (answer.get(member) or {} for member in ("Matching", "RuleBasedMatching"))
    return Domain(answer.get("DeadLetterQueueUrl") or None, any(each.get("Enabled", False) for each in matching))


def _wire(wanted: Definition) -> dict[str, Any]:
    """Return PutProfileObjectType's members; what is None or empty is left out.

    Tags that AWS gave are in no request: their keys are reserved, and the service refuses them.
    """
    wire = dict(wanted.others) | {
        "Description": wanted.description,
        "ExpirationDays": wanted.expiration_days,
        "MaxProfileObjectCount": wanted.max_object_count,
        "AllowProfileCreation": wanted.allow_profile_creation,
        "Fields": {name: _wire_field(field) for name, field in wanted.fields.items()},
        "Keys": {name: [_wire_key(key) for key in keys] for name, keys in wanted.keys.items()},
        "Tags": {name: value for name, value in wanted.tags.items() if not name.startswith(_AWS)},
    }
    return {name: value for name, value in wire.items() if value is not None and value != {}}


def _wire_field(field: Field) -> dict[str, Any]:
    wire = dict(field.others) | {"Source": field.source, "Target": field.target, "ContentType": field.content_type}
    return {name: value for name, value in wire.items() if value is not None}


def _wire_key(key: Key) -> dict[str, Any]:
    return dict(key.others) | {"StandardIdentifiers": sorted(key.identifiers), "FieldNames": list(key.fields)}


def _definition(answer: Mapping[str, Any]) -> Definition:
    """Return the definition in GetProfileObjectType's answer, in which every member may be left out."""
    return Definition(
        description=answer.get("Description", ""),
        expiration_days=answer.get("ExpirationDays"),
        max_object_count=answer.get("MaxProfileObjectCount"),
        allow_profile_creation=answer.get("AllowProfileCreation", False),
        fields={name: _field(field) for name, field in answer.get("Fields", {}).items()},
        keys={name: tuple(map(_key, keys)) for name, keys in answer.get("Keys", {}).items()},
        tags=answer.get("Tags", {}),
        others=_beside(answer, _OWN),
    )


def _field(wire: Mapping[str, Any]) -> Field:
    others = _beside(wire, _OWN_OF_FIELD)
    return Field(wire.get("Source", ""), wire.get("Target") or None, wire.get("ContentType", "STRING"), others)


def _key(wire: Mapping[str, Any]) -> Key:
    others = _beside(wire, _OWN_OF_KEY)
    return Key(tuple(wire.get("FieldNames", ())), frozenset(wire.get("StandardIdentifiers", ())), others)


def _beside(wire: Mapping[str, Any], own: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in wire.items() if name not in own}
