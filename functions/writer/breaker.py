"""Tells a failure of the whole service from a bad record, and then stops calling for the rest of the invocation."""

from threading import Lock

from engagement.errors import TransientError

THRESHOLD = 5
"""Records in a row, over all threads, that end in a failure which is not their own."""


class Breaker:
    """One invocation's memory of what the service answered last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._failures = 0
        self._opened_by: TransientError | None = None

    @property
    def opened_by(self) -> TransientError | None:
        """The failure that stopped the calls; None while they go on."""
        return self._opened_by

    def check(self) -> None:
        """Refuse the call when the service has failed too often in a row.

        Raises:
            SystemicError, TransientError: the failure that opened the breaker: the record was not tried.
        """
        if self._opened_by is not None:
            raise self._opened_by

    def succeeded(self) -> None:
        """Note that the service answered for a record, be it with a refusal of that record alone."""
        with self._lock:
            self._failures = 0

    def failed(self, error: TransientError) -> None:
        """Note that a record, its retries included, met a failure that is not its own."""
        with self._lock:
            self._failures += 1
            if self._failures >= THRESHOLD and self._opened_by is None:
                self._opened_by = error
