"""The call timeout: the caller goes on after so many seconds, whatever answers, and however slowly.

A client's own time-outs do not bound a call. They hold for each read of the socket, so that an answer which drips in,
byte by byte, outlasts them all; looking up a name has no time-out whatever. So each call is made in a thread of its
own, and left behind there when its time is up.
"""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any, Generic, Protocol, TypeVar, cast

from engagement.aws_errors import readable
from engagement.errors import CallOutlastedError, CallsLeftBehindError

Result = TypeVar("Result")
Client = TypeVar("Client")

MAX_LEFT_BEHIND = 128
"""Calls left behind at once: with their connections 20 MB, and twice the threads that a writer may have."""


class CallTimeout(Protocol):
    """Ends calls in time, and counts those that it ended."""

    def __call__(self, call: Callable[[], Result]) -> Result:
        """Return what ``call`` returns or raise what it raises, in time."""

    def take_count(self) -> int:
        """Return how many calls were ended, or not made, since the last call of this method."""


def timed(client: Client, timeout: CallTimeout) -> Client:
    """Return a boto3 client of which each call ends in time and returns an answer that could be read.

    Its calls raise `UnansweredError` beside what the client's own raise.
    """
    return cast("Client", _TimedClient(client, timeout))


class _TimedClient:
    def __init__(self, client: object, timeout: CallTimeout) -> None:
        self._client = client
        self._timeout = timeout

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method: Callable[..., Any] = getattr(self._client, name)
        if name == "close":
            return method  # closes idle connections, and asks no service
        return lambda **arguments: self._timeout(lambda: readable(lambda: method(**arguments)))


def end_thread(thread: Thread) -> None:
    """Let a thread end as soon as it comes back from the operating system, in which it waits for the next byte.

    Without it an answer that never ends would be read for as long as this environment lives.
    """
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(SystemExit))


class ThreadCallTimeout:
    """Makes each call in a thread, which it leaves behind after so many seconds.

    Such a thread is ended at once: by the answer's next byte, or by the end of the look-up. Its connection is closed
    and not used again. It ends with the process in any case.

    Args:
        seconds: The longest that a whole call may take.
        max_left_behind: Calls left behind that may still go on when another one starts.
        end: Ends a thread. Python 3.11 stands still under a tracer while a thread that was ended so waits for good,
            so tests give another function.
    """

    def __init__(
        self,
        seconds: float,
        max_left_behind: int = MAX_LEFT_BEHIND,
        end: Callable[[Thread], None] = end_thread,
    ) -> None:
        self._seconds = seconds
        self._end = end
        self._max_left_behind = max_left_behind
        self._left_behind: list[Thread] = []
        self._lock = Lock()
        self._count = 0

    def __call__(self, call: Callable[[], Result]) -> Result:
        """Return what ``call`` returns or raise what it raises, in time.

        Raises:
            CallOutlastedError: the call goes on: whether it takes effect is unknown.
            CallsLeftBehindError: too many others go on: this one was not made.
        """
        self._refuse_too_many()
        ends: SimpleQueue[_Returned[Result] | _Raised] = SimpleQueue()
        thread = Thread(target=lambda: ends.put(_end(call)), daemon=True)
        thread.start()
        try:
            end = ends.get(timeout=self._seconds)
        except Empty:
            self._leave_behind(thread)
            raise CallOutlastedError from None
        if isinstance(end, _Raised):
            raise end.error
        return end.result

    def take_count(self) -> int:
        """Return how many calls were ended, or not made, since the last call of this method."""
        with self._lock:
            count, self._count = self._count, 0
            return count

    def _refuse_too_many(self) -> None:
        with self._lock:
            self._left_behind = [thread for thread in self._left_behind if thread.is_alive()]
            if len(self._left_behind) >= self._max_left_behind:
                self._count += 1
                raise CallsLeftBehindError

    def _leave_behind(self, thread: Thread) -> None:
        with self._lock:
            self._count += 1
            self._left_behind.append(thread)
        self._end(thread)


@dataclass(frozen=True, slots=True)
class _Returned(Generic[Result]):
    result: Result


@dataclass(frozen=True, slots=True)
class _Raised:
    error: BaseException


def _end(call: Callable[[], Result]) -> _Returned[Result] | _Raised:
    try:
        return _Returned(call())
    except BaseException as error:  # noqa: BLE001 - handed to the thread that waits, which raises it
        return _Raised(error)
