"""The adapter to Amazon Connect Customer Profiles: one call, and the type of error that its answer means."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from engagement.aws_errors import ErrorKind, error_kind
from engagement.errors import (
    DeliveryError,
    PermanentError,
    SystemicError,
    ThrottledError,
    TransientError,
    UnansweredError,
    UnreadableAnswerError,
)

REFUSALS = frozenset({"BadRequestException", "ValidationException", "SerializationException"})
"""The service's own words for a record at fault, with status 400."""
REFUSED = 400
CONCURRENT_UPDATE = "concurrent update in progress"
"""The one BadRequestException that is transient says so in its text, and nowhere else: its letters, in lower case."""

_CODE = re.compile("[A-Za-z0-9_.]{1,100}")


class PutProfileObject(Protocol):
    """What is needed here of a Customer Profiles client."""

    def put_profile_object(self, *, DomainName: str, ObjectTypeName: str, Object: str) -> Any:  # noqa: ANN401, N803 - boto3's
        """Write one object."""

    def close(self) -> None:
        """Close the connections that are not in use; the next call opens one."""


class CustomerProfiles:
    """One object type of one domain, as a place that profile objects can be put into.

    Args:
        client: A client that makes each call once, in time: only `writer.calls` retries.
        domain_name: The domain.
        object_type_name: The profile object type.
    """

    def __init__(self, client: PutProfileObject, domain_name: str, object_type_name: str) -> None:
        self._client = client
        self._domain_name = domain_name
        self._object_type_name = object_type_name

    def put(self, profile_object: str) -> str:
        """Write one object and return the service's own key of it. Writing the same record again replaces its object.

        A return means accepted, not attached: matching comes after, and an object that it fails for goes to the
        domain's own dead-letter queue.

        Raises:
            PermanentError: the service will never take this object.
            TransientError: it may take it later.
            SystemicError: it takes none at present.
        """
        try:
            answer = self._client.put_profile_object(
                DomainName=self._domain_name, ObjectTypeName=self._object_type_name, Object=profile_object
            )
            return _unique_key(answer)
        except ClientError as error:
            raise _delivery_error(error.response) from error
        except ParamValidationError as error:
            raise PermanentError(type(error).__name__) from error
        except UnreadableAnswerError as error:
            self.distrust_connections()
            raise TransientError(type(error).__name__) from error
        except (BotoCoreError, UnansweredError) as error:
            # The connection was refused, cut or too slow: whether the object was written is unknown, and a repeat
            # is harmless.
            raise TransientError(type(error).__name__) from error

    def distrust_connections(self) -> None:
        """Let the next calls open new connections: on a kept one, a surplus answer would answer the wrong call."""
        self._client.close()


def _unique_key(answer: object) -> str:
    """Return the one member that the service's model requires: a success without it is another sender's page."""
    key = answer.get("ProfileObjectUniqueKey") if isinstance(answer, dict) else None
    if not isinstance(key, str) or not key.strip():
        raise UnreadableAnswerError
    return key


def _delivery_error(response: Mapping[str, Any]) -> DeliveryError:
    details, metadata = response.get("Error", {}), response.get("ResponseMetadata", {})
    return delivery_error(
        str(details.get("Code", "Unknown")),
        str(details.get("Message", "")),
        metadata.get("HTTPStatusCode", 0),
        metadata.get("RequestId"),
    )


def delivery_error(code: str, message: str, status: int, request_id: str | None) -> DeliveryError:
    """Return the error whose type decides what becomes of the record.

    A record is parked only if the service itself says that the record is at fault, in its own words and with its own
    status: a 400 that anybody else answers, such as a proxy, is transient. So is whatever neither its code nor its
    status explains.
    """
    # AWS's JSON protocols put a namespace before a code and a URL behind it.
    code = code.partition(":")[0].rpartition("#")[2].strip()
    if _CODE.fullmatch(code) is None:
        code = "Unknown"  # A proxy's page may hold anything, and the code is logged.
    if _is_concurrent_update(code, message):
        return TransientError("ConcurrentUpdate", request_id)
    if code in REFUSALS:
        return PermanentError(code, request_id) if status == REFUSED else TransientError(code, request_id)
    match error_kind(code, status):
        case ErrorKind.THROTTLED:
            return ThrottledError(code, request_id)
        case ErrorKind.UNAVAILABLE | None:
            return TransientError(code, request_id)
        case _:  # The credentials, a permission, a key, the domain: every record meets it.
            return SystemicError(code, request_id)


def _is_concurrent_update(code: str, message: str) -> bool:
    words = " ".join(re.findall("[a-z]+", message.lower()))
    return code == "BadRequestException" and CONCURRENT_UPDATE in words
