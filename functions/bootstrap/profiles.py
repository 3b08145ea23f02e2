"""The adapter to Amazon Connect Customer Profiles: the only place that sees boto3's errors and shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from bootstrap.object_type import Definition, Field, Key
from bootstrap.provisioning import Domain
from bootstrap.service_errors import explain
from custom_resource.service_failure import ServiceFailure
from engagement.aws_errors import AWS_FAILURES

if TYPE_CHECKING:
    from mypy_boto3_customer_profiles import CustomerProfilesClient

    from bootstrap.properties import ObjectTypeId

CONFIG = Config(
    connect_timeout=2,
    read_timeout=6,
    # custom_resource.service_calls is the one layer that retries
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
    """`bootstrap.provisioning.ObjectTypes` over boto3."""

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

    def domain(self, object_type: ObjectTypeId) -> Domain:
        """Return the type's domain."""
        with self._explained("GetDomain", object_type):
            answer = self._client.get_domain(DomainName=object_type.domain_name)
        return _domain(answer)

    def set_queue(self, object_type: ObjectTypeId, queue_url: str) -> Domain:
        """Set the dead-letter queue of the type's domain.

        Nothing else is sent, so nothing else changes: UpdateDomain clears a member that is an empty string (API
        reference), and keeps one that is left out (unverified; Terraform's provider relies on it as well).
        """
        with self._explained("UpdateDomain", object_type):
            answer = self._client.update_domain(DomainName=object_type.domain_name, DeadLetterQueueUrl=queue_url)
        return _domain(answer)

    def get(self, object_type: ObjectTypeId) -> Definition:
        """Return the object type."""
        with self._explained("GetProfileObjectType", object_type):
            answer = self._client.get_profile_object_type(
                DomainName=object_type.domain_name, ObjectTypeName=object_type.name
            )
        # what a put takes can be put again, whether this project has a word for it or not
        return _definition({name: value for name, value in answer.items() if name in self._members})

    def exists(self, object_type: ObjectTypeId) -> bool:
        """Return whether the domain's list of object types has this one."""
        more: dict[str, str] = {}
        while True:
            with self._explained("ListProfileObjectTypes", object_type):
                page = self._client.list_profile_object_types(
                    DomainName=object_type.domain_name, MaxResults=100, **more
                )
            if any(item["ObjectTypeName"] == object_type.name for item in page.get("Items", [])):
                return True
            if not (token := page.get("NextToken")):
                return False
            more = {"NextToken": token}

    def put(self, object_type: ObjectTypeId, wanted: Definition) -> None:
        """Create the object type, or change it in place."""
        with self._explained("PutProfileObjectType", object_type):
            self._client.put_profile_object_type(
                DomainName=object_type.domain_name, ObjectTypeName=object_type.name, **_wire(wanted)
            )

    def tag(self, object_type: ObjectTypeId, arn: str, tags: Mapping[str, str]) -> None:
        """Give the object type, of which ``arn`` is the ARN, these tags beside those that it has."""
        with self._explained("TagResource", object_type):
            self._client.tag_resource(resourceArn=arn, tags=dict(tags))

    def delete(self, object_type: ObjectTypeId) -> None:
        """Delete the object type with all its objects."""
        with self._explained("DeleteProfileObjectType", object_type):
            self._client.delete_profile_object_type(DomainName=object_type.domain_name, ObjectTypeName=object_type.name)

    @contextmanager
    def _explained(self, operation: str, object_type: ObjectTypeId) -> Iterator[None]:
        try:
            yield
        except AWS_FAILURES as error:
            raise explain(ServiceFailure.of(operation, error, self._client.meta.region_name), object_type) from error


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
