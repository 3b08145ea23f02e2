"""The writer's clients as it calls them: each call ends in time, and an answer that cannot be read is told as one."""

from collections.abc import Mapping, Sequence
from typing import Any

from engagement.patience import Patience
from engagement.unreadable import readable
from writer.profiles import PutProfileObject
from writer.visibility import ChangeMessageVisibilityBatch


class PatientWriting:
    """A client of which each write ends in time; `writer.profiles.PutProfileObject`.

    Args:
        client: The client.
        patience: What ends its calls.
    """

    def __init__(self, client: PutProfileObject, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    def put_profile_object(self, *, DomainName: str, ObjectTypeName: str, Object: str) -> Any:  # noqa: ANN401, N803 - boto3's
        """Write one object.

        Raises:
            UnansweredError: no answer came in time, or none that can be read.
        """
        return self._patience(
            lambda: readable(
                lambda: self._client.put_profile_object(
                    DomainName=DomainName, ObjectTypeName=ObjectTypeName, Object=Object
                )
            )
        )

    def close(self) -> None:
        """Close the connections that are not in use."""
        self._client.close()


class PatientHiding:
    """A client of which each change of visibilities ends in time; `writer.visibility.ChangeMessageVisibilityBatch`.

    Args:
        client: The client.
        patience: What ends its calls.
    """

    def __init__(self, client: ChangeMessageVisibilityBatch, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    def change_message_visibility_batch(self, *, QueueUrl: str, Entries: Sequence[Any]) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        """Set the visibility timeout of up to ten messages.

        Raises:
            UnansweredError: no answer came in time, or none that can be read.
        """
        return self._patience(
            lambda: readable(lambda: self._client.change_message_visibility_batch(QueueUrl=QueueUrl, Entries=Entries))
        )
