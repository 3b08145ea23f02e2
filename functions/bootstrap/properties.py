"""The properties of Custom::ProfileObjectType, and the resource's id."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from custom_resource.errors import CustomResourceError
from custom_resource.request import texts
from engagement import settings
from engagement.errors import SettingsError
from engagement.writer_settings import DeliverySettings

MAX_EXPIRATION_DAYS = 1098
"""Days (Customer Profiles model: expirationDaysInteger)."""
MAX_OBJECTS = 1000
"""Objects of all types that one profile holds (Customer Profiles quotas)."""
# No FIFO queue, which takes no message without a group. The sum keeps to the 255 characters of the Customer Profiles
# model's sqsQueueUrl.
STANDARD_QUEUE_URL = re.compile(r"https?://[^\s/]{1,150}/[0-9]{12}/[a-zA-Z0-9_-]{1,80}")

WRITER_SETTINGS: Mapping[str, str] = MappingProxyType(
    {
        "MaxWritesPerSecond": "MAX_WRITES_PER_SECOND",
        "WriterMaximumConcurrency": "MAXIMUM_CONCURRENCY",
        "WriterBatchSize": "BATCH_SIZE",
        "MaxReceives": "MAX_RECEIVES",
        "FirstBackoffSeconds": "FIRST_BACKOFF_SECONDS",
        "LongestBackoffSeconds": "LONGEST_BACKOFF_SECONDS",
        "ParkWithoutLimit": "PARK_WITHOUT_LIMIT",
    }
)
"""The writer's settings by the properties that carry them, which are named as the template's parameters."""


class ConflictingSettingsError(CustomResourceError):
    """The settings of the writer contradict one another, so that it would not start."""


@dataclass(frozen=True, slots=True)
class ObjectTypeId:
    """Which object type: its domain and its name."""

    domain_name: str
    name: str

    @property
    def physical_id(self) -> str:
        """The PhysicalResourceId: another name is another resource, which CloudFormation then replaces."""
        return f"{self.domain_name}/{self.name}"

    @classmethod
    def of_physical_id(cls, physical_id: str | None) -> "ObjectTypeId | None":
        """Return the object type that ``physical_id`` names; None for an id that no successful Create has given."""
        domain_name, _, name = (physical_id or "").partition("/")
        is_ours = settings.PROFILE_NAME.fullmatch(domain_name) and settings.OBJECT_TYPE_NAME.fullmatch(name)
        return cls(domain_name, name) if is_ours else None


@dataclass(frozen=True, slots=True)
class Properties:
    """What distinguishes one object type of ours from another, and what its domain is given.

    Attributes:
        object_type: The domain and the type's name (DomainName, ObjectTypeName).
        expiration_days: Days that an object is kept, fixed when it is ingested (ExpirationDays).
        max_object_count: Objects of this type on one profile; past it the oldest goes (MaxProfileObjectCount).
        delete_with_stack: Whether Delete deletes the type and all its objects (DeleteObjectTypeOnStackDelete).
        domain_queue_url: The dead-letter queue to give the domain; None: leave it as it is (DomainDeadLetterQueueUrl).
        may_adopt: Whether a type that this stack did not make may be taken over (AdoptObjectType).
    """

    object_type: ObjectTypeId
    expiration_days: int
    max_object_count: int
    delete_with_stack: bool
    domain_queue_url: str | None = None
    may_adopt: bool = False

    @classmethod
    def read(cls, raw: Mapping[str, object]) -> "Properties":
        """Return the properties that ``raw`` holds; it may hold others, such as ServiceToken.

        Raises:
            SettingsError: one is missing or out of range; the message names it and its value.
            ConflictingSettingsError: the writer would not start on the settings that are given for it.
        """
        words = texts(raw)
        _check_writer_settings(words)
        return cls(
            object_type=ObjectTypeId(
                domain_name=settings.text(
                    words, "DomainName", settings.PROFILE_NAME, "1 to 64 letters, digits, underscores or hyphens"
                ),
                name=settings.text(
                    words,
                    "ObjectTypeName",
                    settings.OBJECT_TYPE_NAME,
                    settings.OBJECT_TYPE_NAME_EXPECTED,
                ),
            ),
            expiration_days=settings.whole_number(words, "ExpirationDays", 1, MAX_EXPIRATION_DAYS),
            max_object_count=settings.whole_number(words, "MaxProfileObjectCount", 1, MAX_OBJECTS),
            delete_with_stack=delete_with_stack(raw),
            domain_queue_url=_domain_queue_url(words),
            # a stack of an earlier version, rolled back to, has no such property
            may_adopt=settings.flag({"AdoptObjectType": "false", **words}, "AdoptObjectType"),
        )


def delete_with_stack(raw: Mapping[str, object]) -> bool:
    """Return DeleteObjectTypeOnStackDelete, the one property that Delete needs; absent means false.

    Raises:
        SettingsError: it is neither true nor false.
    """
    return settings.flag({"DeleteObjectTypeOnStackDelete": "false", **texts(raw)}, "DeleteObjectTypeOnStackDelete")


def _check_writer_settings(words: Mapping[str, str]) -> None:
    given = {setting: words[name] for name, setting in WRITER_SETTINGS.items() if name in words}
    if not given:  # a stack of an earlier version, rolled back to
        return
    try:
        DeliverySettings.of(given)
    except SettingsError as error:
        raise ConflictingSettingsError(
            f"The writer would not start on these parameters, so that nothing was changed. {error}. Correct the"
            " parameters of these names in the template, and deploy again"
        ) from error


def _domain_queue_url(words: Mapping[str, str]) -> str | None:
    name = "DomainDeadLetterQueueUrl"
    if not words.get(name):
        return None
    return settings.text(words, name, STANDARD_QUEUE_URL, "the URL of a standard SQS queue, or nothing")
