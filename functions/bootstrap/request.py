"""CloudFormation's request to a custom resource.

Contract: CloudFormation user guide, "Custom resource request objects".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engagement.errors import InvalidEventError

UNKNOWN = "unknown"
_SHOWN = 100


class ResourceType(StrEnum):
    """The resources that the template has this function make."""

    PROFILE_OBJECT_TYPE = "Custom::ProfileObjectType"
    CONNECT_CAMPAIGNS_INTEGRATION = "Custom::ConnectCampaignsIntegration"


class RequestType(StrEnum):
    """What CloudFormation wants done."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


@dataclass(frozen=True, slots=True)
class ReplyTo:
    """Where an answer goes and what it must repeat, read before all else: a broken request is answered too.

    Attributes:
        url: A signed URL, http or https; whoever has it can answer in our place, so it is never logged.
        stack_id: StackId; "unknown" where the request has none, as the three that follow.
        request_id: RequestId.
        logical_id: LogicalResourceId.
        physical_id: PhysicalResourceId; None where the request has none, as a Create.
    """

    url: str
    stack_id: str
    request_id: str
    logical_id: str
    physical_id: str | None


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be done.

    Attributes:
        type: Create, Update or Delete.
        resource_type: Of which resource (ResourceType).
        properties: ResourceProperties, not yet validated.
        old_properties: OldResourceProperties, which only an Update has; not validated at all.
        stack_id: StackId, not yet validated; "unknown" where the request has none.
    """

    type: RequestType
    resource_type: ResourceType
    properties: Mapping[str, object]
    old_properties: object = None
    stack_id: str = UNKNOWN


def read_reply_to(event: object) -> tuple[ReplyTo, Mapping[str, object]]:
    """Return where to answer, and the event as a map.

    Raises:
        InvalidEventError: nobody waits for an answer: the event is no request of CloudFormation.
    """
    if not isinstance(event, dict):
        raise InvalidEventError(f"the event is of type {type(event).__name__}, not CloudFormation's map")
    url = event.get("ResponseURL")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise InvalidEventError(
            "the event is no custom resource request: it has no ResponseURL. CloudFormation calls this function when"
            " the stack is deployed; there is no need to invoke it by hand"
        )
    reply_to = ReplyTo(
        url=url,
        stack_id=_text(event, "StackId") or UNKNOWN,
        request_id=_text(event, "RequestId") or UNKNOWN,
        logical_id=_text(event, "LogicalResourceId") or UNKNOWN,
        physical_id=_text(event, "PhysicalResourceId"),
    )
    return reply_to, event


def read_request(event: Mapping[str, object]) -> Request:
    """Return what is to be done.

    Raises:
        InvalidEventError: the request breaks CloudFormation's contract; the message names the member and its value.
    """
    wanted = event.get("RequestType")
    if wanted not in list(RequestType):
        raise InvalidEventError(f"RequestType is {ascii(wanted)[:_SHOWN]}; expected {', '.join(RequestType)}")
    resource_type = event.get("ResourceType")
    if resource_type not in list(ResourceType):
        raise InvalidEventError(f"ResourceType is {ascii(resource_type)[:_SHOWN]}; expected {', '.join(ResourceType)}")
    properties = event.get("ResourceProperties")
    if not isinstance(properties, dict):
        raise InvalidEventError(f"ResourceProperties is of type {type(properties).__name__}, not a map")
    old_properties = event.get("OldResourceProperties")
    return Request(
        RequestType(str(wanted)),
        ResourceType(str(resource_type)),
        properties,
        old_properties,
        _text(event, "StackId") or UNKNOWN,
    )


def _text(event: Mapping[str, object], name: str) -> str | None:
    value = event.get(name)
    return value if isinstance(value, str) and value else None
