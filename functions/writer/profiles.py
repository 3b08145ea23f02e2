"""The adapter to Amazon Connect Customer Profiles."""

from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError

from engagement.errors import PermanentError, TransientError
from writer.service_errors import delivery_error


class PutProfileObject(Protocol):
    """The one call of a Customer Profiles client that is needed here."""

    def put_profile_object(self, *, DomainName: str, ObjectTypeName: str, Object: str) -> Any:  # noqa: ANN401, N803 - boto3's
        """Write one object."""


class CustomerProfiles:
    """One object type of one domain, as a place that profile objects can be put into.

    Args:
        client: A client that makes each call once: retrying is the business of `writer.retry` alone.
        domain_name: The domain.
        object_type_name: The profile object type.
    """

    def __init__(self, client: PutProfileObject, domain_name: str, object_type_name: str) -> None:
        self._client = client
        self._domain_name = domain_name
        self._object_type_name = object_type_name

    def put(self, profile_object: str) -> None:
        """Write one object. Writing the same record again replaces its object.

        Returning means accepted, not attached: matching comes after, and what then fails goes to the domain's own
        dead-letter queue.

        Raises:
            PermanentError: the service will never take this object.
            TransientError: it may take it later.
            SystemicError: it takes none at present.
        """
        try:
            self._client.put_profile_object(
                DomainName=self._domain_name, ObjectTypeName=self._object_type_name, Object=profile_object
            )
        except ClientError as error:
            details = error.response.get("Error", {})
            metadata = error.response.get("ResponseMetadata", {})
            raise delivery_error(
                details.get("Code", "Unknown"),
                details.get("Message", ""),
                metadata.get("HTTPStatusCode", 0),
                metadata.get("RequestId"),
            ) from error
        except ParamValidationError as error:
            raise PermanentError(type(error).__name__) from error
        except BotoCoreError as error:
            # The connection was refused, cut or too slow: whether the object was written is unknown, and a repeat
            # is harmless.
            raise TransientError(type(error).__name__) from error
