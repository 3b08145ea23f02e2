"""Ctrl-C and SIGTERM wait for what must come to its end, but not for ever."""

import os
import signal

import pytest

from ops.interrupts import deferred


def test_a_signal_takes_effect_when_the_block_has_ended() -> None:
    """A batch that was sent is noted and deleted first."""
    steps: list[str] = []

    def press_once() -> None:
        with deferred():
            os.kill(os.getpid(), signal.SIGINT)
            steps.append("noted")

    with pytest.raises(KeyboardInterrupt):
        press_once()
    assert steps == ["noted"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_signal_takes_effect_at_once() -> None:
    """An operator who presses twice means it."""
    steps: list[str] = []

    def press_twice() -> None:
        with deferred():
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            steps.append("noted")

    with pytest.raises(KeyboardInterrupt):
        press_twice()
    assert steps == []


def test_without_a_signal_nothing_happens() -> None:
    """And the handlers are what they were."""
    before = signal.getsignal(signal.SIGTERM)
    with deferred():
        pass

    assert signal.getsignal(signal.SIGTERM) is before
