"""Ctrl-C, SIGTERM and a closed terminal: when they end a block, when they wait, when they are not heard.

Only a process's main thread may set handlers; in any other these blocks change nothing.
"""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

TERMINATION = (signal.SIGTERM, signal.SIGHUP)
ALL = (signal.SIGINT, *TERMINATION)

Handler = Callable[[int, FrameType | None], object] | signal.Handlers


@contextlib.contextmanager
def terminating_as_exception() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block as Ctrl-C does, by an exception, so that what it holds is given back.

    SIGINT is heard within, even by a process that inherited deafness to it, as a script's background job does: nobody
    who says `kill -INT` means nothing. A SIGHUP that was to be ignored still is: that is what nohup is for.

    Raises:
        SystemExit: with the code that a shell gives to a process ended by that signal.
    """

    def unwind(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    terminating = tuple(
        number for number in TERMINATION if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN
    )
    deaf = (signal.SIGINT,) if signal.getsignal(signal.SIGINT) == signal.SIG_IGN else ()
    with _handling(terminating, unwind), _handling(deaf, signal.default_int_handler):
        yield


@contextlib.contextmanager
def deferred() -> Iterator[None]:
    """Let all wait until the block has ended: a process that was started must be written down before anything else.

    The handlers are Python's own, so that what is started within does not inherit deafness.
    """
    arrived: list[int] = []
    try:
        with _handling(ALL, lambda number, _frame: arrived.append(number)):
            yield
    finally:
        for number in arrived:
            signal.raise_signal(number)


@contextlib.contextmanager
def ignored() -> Iterator[None]:
    """Finish the block even when an impatient second Ctrl-C follows the first."""
    with _handling(ALL, signal.SIG_IGN):
        yield


@contextlib.contextmanager
def _handling(numbers: tuple[signal.Signals, ...], handler: Handler) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)
