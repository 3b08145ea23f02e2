"""Batches as the tests of delivery have them delivered."""

from collections.abc import Iterable

from engagement.record import Customer, EngagementRecord
from tests.fakes.clock import FakeClock
from tests.fakes.profiles import DOMAIN, OBJECT_TYPE, FakeCustomerProfiles
from tests.samples import engagement_record
from tests.sqs_events import sqs_event
from writer.delivery import Outcome, Returned, ToPark, Written, deliver
from writer.message import read_event
from writer.profiles import CustomerProfiles

THREADS = 8
OUTCOMES = {Written: "written", ToPark: "parked", Returned: "returned"}


def records(count: int, user: str = "user-1") -> list[EngagementRecord]:
    """Return this many records of one customer, each of another offer."""
    return [
        engagement_record(customer=Customer(user_id=user), offer_name=f"offer {number} of {user}")
        for number in range(count)
    ]


def ids(found: Iterable[EngagementRecord]) -> list[str]:
    """Return the records' ids."""
    return [record.record_id for record in found]


def serve(client: FakeCustomerProfiles, bodies: Iterable[object], threads: int = THREADS) -> list[Outcome]:
    """Deliver these bodies or records as one batch, without retries."""
    return deliver(
        read_event(sqs_event(bodies)), CustomerProfiles(client, DOMAIN, OBJECT_TYPE).put, threads, FakeClock().now
    )


def names(outcomes: Iterable[Outcome]) -> list[str]:
    """Return what became of each message in one word."""
    return [OUTCOMES[type(outcome)] for outcome in outcomes]
