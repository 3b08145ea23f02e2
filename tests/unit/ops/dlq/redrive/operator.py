"""An operator who types `ops dlq redrive` at a stack in memory."""

from typing import Any

from engagement.record import Customer
from engagement.wire import encode
from ops import application
from ops.exits import Exit
from tests.fakes.channel_functions import FakeFunctions
from tests.fakes.deployment import FakeContext
from tests.fakes.queues import ENGAGEMENT, FakeSqsService
from tests.fakes.shown_profiles import FakeShownProfiles
from tests.fakes.terminal import FakeScreen
from tests.samples import engagement_record
from tests.unit.ops.dlq.parked import park


def stack_in_memory(**changes: Any) -> FakeContext:
    """Return a stack whose services are in memory, with JSON on the screen."""
    place = FakeContext(profiles=FakeShownProfiles(), screen=FakeScreen(as_json=True), **changes)
    place.account.lambda_ = FakeFunctions(place.queues)
    return place


def redrive(place: FakeContext, *arguments: str) -> Exit:
    """Type `ops dlq redrive`."""
    options = application.parse(["dlq", "redrive", *arguments])
    stack: Any = place
    ended: Exit = options.run(stack)
    return ended


def park_customers(queues: FakeSqsService, number: int) -> list[str]:
    """Park the records of different customers, and return their bodies."""
    records = [engagement_record(customer=Customer(user_id=f"user-{one}")) for one in range(number)]
    for record in records:
        park(queues, record=record)
    return [encode(record) for record in records]


def later(place: FakeContext) -> FakeContext:
    """Return the same stack as another process finds it, after every visibility timeout has passed."""
    again = stack_in_memory(clock=place.clock, deployment=place.deployment)
    again.profiles.objects = place.profiles.objects
    again.queues.queues = place.queues.queues
    again.queues._sent = 1000 + len(again.queues.queues[ENGAGEMENT])  # noqa: SLF001 - ids stay distinct
    again.account.lambda_ = FakeFunctions(again.queues)
    place.clock.advance(43_200)
    return again
