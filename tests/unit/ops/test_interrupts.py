"""What Ctrl-C and SIGTERM do while something must come to its end first."""

import signal
import threading
from collections.abc import Iterator

import pytest

from ops import interrupts


@pytest.fixture(autouse=True)
def _usual_handlers() -> Iterator[None]:
    """A script's background job inherits an ignored SIGINT, and one of nohup an ignored SIGHUP: not so these tests."""
    usual = dict.fromkeys(interrupts.TERMINATION, signal.SIG_DFL) | {signal.SIGINT: signal.default_int_handler}
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", interrupts.TERMINATION)
def test_termination_unwinds_like_an_exception(number: signal.Signals) -> None:
    """`finally` must run, or the servers would be left behind."""
    with pytest.raises(SystemExit) as caught, interrupts.terminating_as_exception():
        signal.raise_signal(number)
    assert caught.value.code == 128 + number


def test_an_interrupt_ends_what_was_started_with_it_ignored() -> None:
    """A shell without job control starts its background jobs so; who then sends `kill -INT` means it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with pytest.raises(KeyboardInterrupt), interrupts.terminating_as_exception():
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_what_was_started_to_outlive_its_terminal_does() -> None:
    """That is what nohup is for."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with interrupts.terminating_as_exception():
        signal.raise_signal(signal.SIGHUP)


def test_a_program_s_own_way_with_interrupts_is_kept() -> None:
    """Only a signal that was ignored gets another handler."""
    heard: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _frame: heard.append(number))
    with interrupts.terminating_as_exception():
        signal.raise_signal(signal.SIGINT)
    assert heard == [signal.SIGINT]


def test_a_deferred_interrupt_comes_after_the_block() -> None:
    """A server that was started and not yet written down would be lost."""
    finished: list[str] = []

    def start_and_write_down() -> None:
        with interrupts.deferred():
            signal.raise_signal(signal.SIGINT)
            finished.append("written down")

    with pytest.raises(KeyboardInterrupt):
        start_and_write_down()
    assert finished


def test_a_second_signal_takes_effect_at_once() -> None:
    """An operator who presses twice means it."""
    steps: list[str] = []

    def press_twice() -> None:
        with interrupts.deferred():
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            steps.append("noted")

    with pytest.raises(KeyboardInterrupt):
        press_twice()
    assert steps == []


def test_no_second_signal_gets_through_while_nothing_else_knows_of_a_process() -> None:
    """A server that was started and not yet written down would be lost."""
    steps: list[str] = []

    def press_twice() -> None:
        with interrupts.deferred(second_at_once=False):
            signal.raise_signal(signal.SIGINT)
            signal.raise_signal(signal.SIGINT)
            steps.append("written down")

    with pytest.raises(KeyboardInterrupt):
        press_twice()
    assert steps


def test_a_deferred_termination_comes_as_what_it_is() -> None:
    """The exit code tells the caller that it was ended."""
    with pytest.raises(SystemExit), interrupts.terminating_as_exception(), interrupts.deferred():
        signal.raise_signal(signal.SIGTERM)


def test_an_ignored_interrupt_does_not_come_at_all() -> None:
    """The second Ctrl-C must not leave half of the processes behind."""
    with interrupts.ignored():
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)


def test_handlers_are_given_back() -> None:
    """The program around has handlers of its own."""
    before = [signal.getsignal(number) for number in interrupts.SIGNALS]
    for block in (interrupts.terminating_as_exception, interrupts.deferred, interrupts.ignored):
        with block():
            pass
    assert [signal.getsignal(number) for number in interrupts.SIGNALS] == before


def test_another_thread_may_use_the_blocks() -> None:
    """Handlers can be set in the main thread only; a stack may be started from any."""
    ran = threading.Event()

    def use() -> None:
        with interrupts.terminating_as_exception(), interrupts.deferred(), interrupts.ignored():
            ran.set()

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert ran.is_set()
