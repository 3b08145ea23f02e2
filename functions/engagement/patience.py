"""The end of patience with one call: whatever answers, and however slowly, the caller goes on in its own time.

A client's time-outs do not bound a call. They hold for each read of the socket, so that an answer which drips in, byte
by byte, outlasts them all; looking up a name has no time-out whatever. So each call is made in a thread of its own, and
left behind there when its time is up.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Generic, Protocol, TypeVar

from engagement.errors import CallOutlastedError, CallsLeftBehindError

Result = TypeVar("Result")

MOST_LEFT_BEHIND = 128
"""Calls left behind at once: with their connections 20 MB, and twice the threads that a writer may have."""


class Patience(Protocol):
    """What ends calls in time."""

    def __call__(self, call: Callable[[], Result]) -> Result:
        """Return what ``call`` returns or raise what it raises, in time."""

    def taken(self) -> int:
        """Return how many calls were ended since this was last asked."""


def tell_to_end(thread: Thread) -> None:
    """Let a thread end as soon as it comes back from the operating system, in which it waits for the next byte.

    Without it an answer that never ends would be read for as long as this environment lives.
    """
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit))


class ThreadPatience:
    """Makes each call in a thread, which it leaves behind after so many seconds.

    Such a thread is told to end at once: the answer's next byte, or the end of the look-up, ends it, and its connection
    is closed and not used again. It ends with the process in any case.

    Args:
        seconds: That a whole call may take.
        most_left_behind: Calls left behind that may still go on when another one starts.
        end: What tells a thread to end. Python 3.11 stands still under a tracer while a thread that was told so waits
            for good, which tests must spare themselves.
    """

    def __init__(
        self,
        seconds: float,
        most_left_behind: int = MOST_LEFT_BEHIND,
        end: Callable[[Thread], None] = tell_to_end,
    ) -> None:
        self._seconds = seconds
        self._end = end
        self._most = most_left_behind
        self._left_behind: list[Thread] = []
        self._lock = Lock()
        self._taken = 0

    def __call__(self, call: Callable[[], Result]) -> Result:
        """Return what ``call`` returns or raise what it raises, in time.

        Raises:
            CallOutlastedError: it goes on: whether it did what it should nobody knows.
            CallsLeftBehindError: too many others go on: this one was not made.
        """
        self._refuse_too_many()
        ends: SimpleQueue[_Returned[Result] | _Raised] = SimpleQueue()
        thread = Thread(target=lambda: ends.put(_end(call)), daemon=True)
        thread.start()
        try:
            end = ends.get(timeout=self._seconds)
        except Empty:
            self._leave(thread)
            raise CallOutlastedError from None
        if isinstance(end, _Raised):
            raise end.error
        return end.result

    def taken(self) -> int:
        """Return how many calls were ended, or not made, since this was last asked."""
        with self._lock:
            taken, self._taken = self._taken, 0
            return taken

    def _refuse_too_many(self) -> None:
        with self._lock:
            self._left_behind = [thread for thread in self._left_behind if thread.is_alive()]
            if len(self._left_behind) >= self._most:
                self._taken += 1
                raise CallsLeftBehindError

    def _leave(self, thread: Thread) -> None:
        with self._lock:
            self._taken += 1
            self._left_behind.append(thread)
        self._end(thread)


@dataclass(frozen=True, slots=True)
class _Returned(Generic[Result]):
    """How a call ended that returned."""

    result: Result


@dataclass(frozen=True, slots=True)
class _Raised:
    """How a call ended that raised."""

    error: BaseException


def _end(call: Callable[[], Result]) -> _Returned[Result] | _Raised:
    try:
        return _Returned(call())
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits, which raises it
        return _Raised(error)
