"""The end of patience: work that hangs is left behind, so that CloudFormation still gets its answer."""

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

from bootstrap.errors import TimeUpError
from engagement.clock import Deadline

Result = TypeVar("Result")


def within(deadline: Deadline, work: Callable[[], Result]) -> Result:
    """Return what ``work`` returns or raise what it raises, but wait no longer than ``deadline``.

    Socket time-outs alone do not bound a call: an answer that drips in, or a name that never resolves, outlasts them.
    The thread that hangs is left behind; it is a daemon, and its own deadline lets it start no further call.

    Raises:
        TimeUpError: the deadline came first.
    """
    ends: SimpleQueue[Result | _Failure] = SimpleQueue()
    Thread(target=lambda: ends.put(_end(work)), daemon=True).start()
    try:
        end = ends.get(timeout=max(0.0, deadline.remaining()))
    except Empty:
        raise TimeUpError(
            "The service did not finish in the time that the bootstrap function has. What was asked of it may or may"
            " not have been done; deploying again is harmless. If it goes on, check the function's network and logs"
        ) from None
    if isinstance(end, _Failure):
        raise end.error
    return end


class _Failure:
    """How work ended that raised."""

    def __init__(self, error: Exception) -> None:
        self.error = error


def _end(work: Callable[[], Result]) -> Result | _Failure:
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - handed to the waiting thread, which raises it
        return _Failure(error)
