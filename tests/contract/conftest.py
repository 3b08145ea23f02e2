"""Customer Profiles as the emulator has it, for the contracts of what reads and writes there."""

from collections.abc import Iterator

import pytest

from customer_profiles_emulator import Emulator, Settings
from tests.contract.writer_service import EmulatedService


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """An emulator without quotas."""
    emulator = Emulator(Settings(rates={}))
    emulator.start()
    yield emulator
    emulator.stop()


@pytest.fixture
def service(emulator: Emulator) -> Iterator[EmulatedService]:
    """Customer Profiles with nobody in it."""
    service = EmulatedService(emulator)
    yield service
    service.reset()
    service.close()
