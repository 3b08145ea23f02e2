"""The property of `ops dlq redrive`: whatever ends it, at whatever call, no record is lost and none is sent twice."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engagement.parking import Stage
from engagement.reasons import Reason
from engagement.record import Customer
from engagement.wire import decode
from ops import application
from ops.dlq.redrive.journal import Journal
from ops.errors import OpsError
from tests.fakes.channel_functions import FakeFunctions
from tests.fakes.clock import START
from tests.fakes.deployment import FakeContext, deployment
from tests.fakes.queues import DEAD, ENGAGEMENT, client_error
from tests.fakes.shown_profiles import FakeShownProfiles
from tests.fakes.terminal import FakeScreen
from tests.samples import endpoint, engagement_record, pinpoint_event
from tests.unit.ops.dlq.parked import park

RECORDS = 13
EVENTS = 2


class KilledError(BaseException):
    """The process is gone: from here on nothing it does reaches anybody."""


class World:
    """Queues, functions, profiles and a disk that outlive the processes that work on them."""

    def __init__(self, directory: Path) -> None:
        parameters = {"MaxWritesPerSecond": "80", "OfferName": "30% Off Renewal"}
        self.place = FakeContext(profiles=FakeShownProfiles(), deployment=deployment(parameters=parameters))
        self.place.account.lambda_ = FakeFunctions(self.place.queues)
        self.journal = directory / "journal"
        for number in range(RECORDS):
            park(self.place.queues, record=engagement_record(customer=Customer(user_id=f"customer-{number}")))
        for number in range(EVENTS):
            body = json.dumps(pinpoint_event({f"endpoint-{number}": endpoint(number)}))
            park(self.place.queues, body, reason=Reason.REFUSED_BY_QUEUE, stage=Stage.INGEST, viewed=True)
        self.sent: Counter[str] = Counter()

    def run(
        self, *options: str, cut: int | None = None, after: bool = False, error: BaseException | None = None
    ) -> bool:
        """Run one process; ``cut`` is the call at which it is killed, or fails, before or after it took effect.

        Returns:
            Whether it came to its end.
        """
        queues = self.place.queues
        self.place.screen = FakeScreen(as_json=True)
        calls = iter(range(10_000))
        dead = False

        def count(_: str) -> None:
            nonlocal dead
            if dead:
                raise KilledError
            if next(calls) == cut:
                dead = error is None
                raise error or KilledError

        def survive(_: str) -> None:
            if dead:
                raise KilledError

        queues.before, queues.after = (survive, count) if after else (count, survive)
        place: Any = self.place
        given_options = application.parse(["dlq", "redrive", "--yes", "--journal", str(self.journal), *options])
        try:
            given_options.run(place)
        except (KilledError, KeyboardInterrupt, OpsError):
            ended = False
        else:
            ended = True
        queues.before = queues.after = lambda _: None
        # whoever was killed gave nothing back: SQS does so when the visibility timeout has passed
        self.place.clock.advance(43_200)
        return ended

    def work_off(self) -> None:
        """Let the writer write what was sent, and count it."""
        for body in self.place.queues.bodies(ENGAGEMENT):
            self.sent[decode(body).record_id] += 1
        self.place.profiles.work_off(self.place.queues)

    @property
    def nothing_is_in_doubt(self) -> bool:
        """Whether the journal leaves nothing to decide; after fourteen days it is gone altogether."""
        with Journal(self.journal, DEAD, START) as journal:
            in_doubt = set(journal.in_doubt)
        with Journal(self.journal, DEAD, START + timedelta(days=60)):
            pass
        return not in_doubt and not self.journal.exists()

    @property
    def parked(self) -> int:
        """Messages in the dead-letter queue."""
        return len(self.place.queues.bodies(DEAD))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Thirteen records and two events, parked."""
    return World(tmp_path)


def _calls() -> Iterator[int]:
    """Yield every call of a run that nothing disturbs."""
    with TemporaryDirectory() as directory:
        world = World(Path(directory))
        calls: list[str] = []
        world.place.queues.before = calls.append
        place: Any = world.place
        options = application.parse(["dlq", "redrive", "--yes", "--journal", str(world.journal)])
        options.run(place)
        yield from range(len(calls))


CALLS = list(_calls())


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("cut", CALLS)
def test_a_kill_at_any_call_loses_nothing_and_sends_nothing_twice(world: World, cut: int, *, after: bool) -> None:
    """The next run finishes; what is in doubt is settled by the profiles, and else by the operator."""
    world.run(cut=cut, after=after)
    world.run()
    world.work_off()
    assert max(world.sent.values(), default=0) <= 1
    assert world.parked + world.sent.total() >= RECORDS + EVENTS

    world.run()  # now the profiles show what had arrived
    assert world.parked + world.sent.total() == RECORDS + EVENTS
    world.run("--resend-in-doubt")
    world.work_off()
    assert world.parked == 0
    assert world.sent.total() == RECORDS + EVENTS
    assert set(world.sent.values()) == {1}
    assert world.nothing_is_in_doubt


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("cut", CALLS)
def test_ctrl_c_at_any_call_loses_nothing_and_sends_nothing_twice(world: World, cut: int, *, after: bool) -> None:
    """What was received is given back at once, so that the next run can follow at once."""
    world.run(cut=cut, after=after, error=KeyboardInterrupt())
    world.run()
    world.work_off()
    world.run()
    world.run("--resend-in-doubt")
    world.work_off()

    assert world.parked == 0
    assert set(world.sent.values()) == {1}
    assert world.sent.total() == RECORDS + EVENTS


Makes = Callable[[], BaseException | None]
ERRORS: list[tuple[Makes, bool]] = [
    (lambda: None, True),
    (KeyboardInterrupt, True),
    (lambda: client_error("InternalFailure", status=500), True),
    # a service that refuses a call has not made it
    (lambda: client_error("RequestThrottled"), False),
    (lambda: client_error("AccessDenied", status=403), False),
]


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(CALLS)), st.booleans(), st.sampled_from(ERRORS), st.booleans()), max_size=6)
)
def test_any_sequence_of_interruptions_loses_nothing_and_sends_nothing_twice(
    cuts: list[tuple[int, bool, tuple[Makes, bool], bool]],
) -> None:
    """Killed, interrupted, throttled, refused, resumed, with the writer at work in between or not."""
    with TemporaryDirectory() as directory:
        world = World(Path(directory))
        for cut, after, (error, may_come_after), works in cuts:
            world.run(cut=cut, after=after and may_come_after, error=error())
            assert max(world.sent.values(), default=0) <= 1
            assert len(set(world.place.queues.bodies(ENGAGEMENT))) == len(world.place.queues.bodies(ENGAGEMENT))
            if works:
                world.work_off()
        world.work_off()
        world.run()
        world.work_off()
        world.run("--resend-in-doubt")
        world.work_off()

        assert world.parked == 0
        assert set(world.sent.values()) == {1}
        assert world.sent.total() == RECORDS + EVENTS
        assert world.nothing_is_in_doubt
