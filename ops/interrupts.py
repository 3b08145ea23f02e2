"""Ctrl-C, SIGTERM and a closed terminal: when they end a block, when they wait, and when they are ignored.

Only a process's main thread may set handlers; in any other these blocks change nothing.
"""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import Any

TERMINATION = (signal.SIGTERM, signal.SIGHUP)
SIGNALS = (signal.SIGINT, *TERMINATION)

Handler = Callable[[int, FrameType | None], object] | signal.Handlers


@contextlib.contextmanager
def terminating_as_exception() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the block as Ctrl-C does, by an exception, so that what it holds is given back.

    SIGINT is handled within even if the process was started with it ignored, as a script's background job is: who sends
    `kill -INT` means it. A SIGHUP that was ignored still is: that is what nohup is for.

    Raises:
        SystemExit: with the code that a shell gives to a process ended by that signal.
    """

    def unwind(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    terminating = tuple(
        number for number in TERMINATION if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN
    )
    ignored_interrupt = (signal.SIGINT,) if signal.getsignal(signal.SIGINT) == signal.SIG_IGN else ()
    with _handling(terminating, unwind), _handling(ignored_interrupt, signal.default_int_handler):
        yield


@contextlib.contextmanager
def deferred(*, second_at_once: bool = True) -> Iterator[None]:
    """Hold signals back until the block has ended.

    The handlers are Python's own, so that a process that is started within does not inherit ignored signals.

    Args:
        second_at_once: Whether a second signal gets through; not while a process is started that nothing else knows of.
    """
    arrived: list[int] = []
    before: Mapping[signal.Signals, Any] = {}

    def hold(number: int, _frame: FrameType | None) -> None:
        if arrived and second_at_once:
            _restore(before)
            signal.raise_signal(number)
        arrived.append(number)

    try:
        with _handling(SIGNALS, hold) as before:
            yield
    finally:
        for number in arrived:
            signal.raise_signal(number)


@contextlib.contextmanager
def ignored() -> Iterator[None]:
    """Finish the block even if an impatient second Ctrl-C follows the first."""
    with _handling(SIGNALS, signal.SIG_IGN):
        yield


@contextlib.contextmanager
def _handling(numbers: tuple[signal.Signals, ...], handler: Handler) -> Iterator[Mapping[signal.Signals, Any]]:
    if threading.current_thread() is not threading.main_thread():
        yield {}
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield before
    finally:
        _restore(before)


def _restore(handlers: Mapping[signal.Signals, Any]) -> None:
    for number, earlier in handlers.items():
        signal.signal(number, earlier)
