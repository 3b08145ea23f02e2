"""CloudFormation's request to a custom resource.

Contract: CloudFormation user guide, "Custom resource request objects".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from engagement.errors import InvalidEventError

UNKNOWN = "unknown"
MAX_SHOWN = 300
"""Characters of a property's value: more than any valid one has, so that a clipped one is refused too."""
_SHOWN = 100


class ResourceType(StrEnum):
    """The custom resources of the template."""

    PROFILE_OBJECT_TYPE = "Custom::ProfileObjectType"
    CONNECT_CAMPAIGNS_INTEGRATION = "Custom::ConnectCampaignsIntegration"


class RequestType(StrEnum):
    """What CloudFormation wants done."""

    CREATE = "Create"
    UPDATE = "Update"
    DELETE = "Delete"


@dataclass(frozen=True, slots=True)
class RequestEnvelope:
    """Where the response goes and what it must repeat: read first, so that a malformed request is answered too.

    Attributes:
        response_url: ResponseURL, a signed URL, http or https; anybody who has it can answer: never log it.
        stack_id: StackId; "unknown" if the request has none, as the next two.
        request_id: RequestId.
        logical_resource_id: LogicalResourceId.
        physical_resource_id: PhysicalResourceId; None if the request has none, as a Create.
    """

    response_url: str
    stack_id: str
    request_id: str
    logical_resource_id: str
    physical_resource_id: str | None


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be done.

    Attributes:
        type: RequestType.
        resource_type: ResourceType.
        properties: ResourceProperties, not yet validated.
        old_properties: OldResourceProperties, which only an Update has; not validated.
        stack_id: StackId, not yet validated; "unknown" if the request has none.
        physical_resource_id: PhysicalResourceId; None if the request has none, as a Create.
    """

    type: RequestType
    resource_type: ResourceType
    properties: Mapping[str, object]
    old_properties: object = None
    stack_id: str = UNKNOWN
    physical_resource_id: str | None = None


def read_envelope(event: object) -> tuple[RequestEnvelope, Mapping[str, object]]:
    """Return where to answer, and the event as a map.

    Raises:
        InvalidEventError: the event has no ResponseURL, so that it is no request of CloudFormation.
    """
    if not isinstance(event, dict):
        raise InvalidEventError(f"the event is of type {type(event).__name__}, not CloudFormation's map")
    url = event.get("ResponseURL")
    if not isinstance(url, str) or not url.startswith(("https://", "http://")):
        raise InvalidEventError(
            "the event is no custom resource request: it has no ResponseURL. CloudFormation calls this function when"
            " the stack is deployed; there is no need to invoke it by hand"
        )
    envelope = RequestEnvelope(
        response_url=url,
        stack_id=_text(event, "StackId") or UNKNOWN,
        request_id=_text(event, "RequestId") or UNKNOWN,
        logical_resource_id=_text(event, "LogicalResourceId") or UNKNOWN,
        physical_resource_id=_text(event, "PhysicalResourceId"),
    )
    return envelope, event


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
    return Request(
        type=RequestType(str(wanted)),
        resource_type=ResourceType(str(resource_type)),
        properties=properties,
        old_properties=event.get("OldResourceProperties"),
        stack_id=_text(event, "StackId") or UNKNOWN,
        physical_resource_id=_text(event, "PhysicalResourceId"),
    )


def texts(properties: Mapping[str, object]) -> dict[str, str]:
    """Return every property as text, which is how CloudFormation sends numbers and booleans as well.

    A list, a map or null becomes text that no reader takes, so that it is refused with its value.
    """
    return {
        name: value[:MAX_SHOWN] if isinstance(value, str) else ascii(value)[:MAX_SHOWN]
        for name, value in properties.items()
    }


def _text(event: Mapping[str, object], name: str) -> str | None:
    value = event.get(name)
    return value if isinstance(value, str) and value else None
