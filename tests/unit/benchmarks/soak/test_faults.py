"""When faults are injected, and that they count it."""

from benchmarks.soak.faults import QueueFault, ServiceFault
from benchmarks.soak.proxy import QueueProxy, SendFaults
from tests.fakes.steered_emulator import SteeredEmulator as Emulator

RULES = {"throttles": {"kind": "throttle"}, "resets": {"kind": "drop_before_write"}}


def test_rules_are_in_force_until_the_end_and_counted() -> None:
    """A rule that was never applied counts 0, which fails the soak."""
    emulator = Emulator()
    fault = ServiceFault(emulator, RULES)
    fault.begin()
    fault.tick(100)
    assert fault.is_over()
    assert emulator.deeds == ["2 rules"]
    fault.end()
    assert emulator.deeds == ["2 rules", "0 rules"]
    assert fault.injected() == {"throttles": 5, "resets": 0}


def test_a_window_is_lifted_by_itself_and_only_once() -> None:
    """What is in force for eight seconds must not be read again when another's rules are in force."""
    emulator = Emulator()
    fault = ServiceFault(emulator, RULES, seconds=8)
    fault.begin()
    fault.tick(7.9)
    assert not fault.is_over()
    fault.tick(8.0)
    assert fault.is_over()
    fault.end()
    assert emulator.deeds == ["2 rules", "0 rules"]


def test_a_window_of_the_proxys_faults_is_lifted_by_itself() -> None:
    """A caller whose event never fits the time would repeat it for ever."""
    proxy = QueueProxy("http://127.0.0.1:1", "http://127.0.0.1/000000000000/engagement")
    fault = QueueFault(proxy, SendFaults(call_slowed=1.0), seconds=30)
    fault.begin()
    fault.tick(29.9)
    assert not fault.is_over()
    assert proxy.faults.call_slowed == 1.0
    fault.tick(30.0)
    assert fault.is_over()
    assert proxy.faults == SendFaults()
    proxy.stop()
