"""Ctrl-C, SIGTERM and SIGHUP while something must come to its end first."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def deferred() -> Iterator[None]:
    """Hold the first signal back until the block has ended; a second one gets through at once."""
    arrived: list[tuple[int, FrameType | None]] = []
    previous = {number: signal.getsignal(number) for number in SIGNALS}

    def handle(number: int, frame: FrameType | None) -> None:
        if arrived:
            _deliver(previous[signal.Signals(number)], number, frame)
        arrived.append((number, frame))

    for number in SIGNALS:
        signal.signal(number, handle)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
        if arrived:
            _deliver(previous[signal.Signals(arrived[0][0])], *arrived[0])


def _deliver(handler: object, number: int, frame: FrameType | None) -> None:
    if callable(handler):
        handler(number, frame)
