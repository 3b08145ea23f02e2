"""Whatever happens, in whatever order: every record is written, parked or still in the queue, and in the end written.

The real writer on models of SQS and of Customer Profiles, in virtual time. One thread, so that what fails fails again;
what threads can change is asked in test_outcomes.py.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engagement.record import Customer, EngagementRecord
from engagement.wire import encode
from tests.fakes.clock import FakeClock
from tests.fakes.event_source import CrashError, EventSource
from tests.fakes.profiles import FakeCustomerProfiles
from tests.fakes.queue import FakeQueue
from tests.fakes.sqs import FakeSqs
from tests.fakes.writer import FakeWriter
from tests.samples import engagement_record
from writer.calls import MAX_ATTEMPTS
from writer.profile_object import profile_object

MAX_RECEIVES = 6
CUSTOMERS = 8
HOUR = 3_600.0
ROUNDS = 100
"""Polls that empty any queue which these rules can fill."""
OUTAGES = ("throttle", "server_error", "unavailable", "access_denied", "bad_request", "concurrent_update")
DROPS = ("drop_before_write", "drop_after_write")


class MortalProfiles(FakeCustomerProfiles):
    """Customer Profiles, seen by a writer that is ended before or after one of its calls."""

    calls_to_live = float("inf")
    dies_after_the_write = False

    def put_profile_object(self, *, DomainName: str, ObjectTypeName: str, Object: str) -> Mapping[str, str]:  # noqa: N803 - boto3's names
        """Answer, or end the writer."""
        self.calls_to_live -= 1
        if self.calls_to_live == 0 and not self.dies_after_the_write:
            raise CrashError
        answer = super().put_profile_object(DomainName=DomainName, ObjectTypeName=ObjectTypeName, Object=Object)
        if self.calls_to_live == 0:
            raise CrashError
        return answer


class OneOutcome(RuleBasedStateMachine):
    """The pipeline from the queue on, and all that can befall it."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.profiles = MortalProfiles()
        self.dead_letters = FakeQueue()
        self.queue = FakeSqs()
        self.good: dict[str, EngagementRecord] = {}
        self.bad: set[str] = set()
        self.received: Counter[str] = Counter()
        self.unclear: set[str] = set()
        """Bodies of which a call was done and its answer lost: these may be found in two places."""
        self.answers_get_lost = False
        self.deploy(park_without_limit=False)

    def deploy(self, *, park_without_limit: bool) -> None:
        """Start a new environment."""
        self.writer = FakeWriter(
            threads=1,
            max_receives=MAX_RECEIVES,
            park_without_limit=park_without_limit,
            clock=self.clock,
            profiles=self.profiles,
            queue=self.queue,
            dead_letters=self.dead_letters,
        )

    # What is sent

    @rule(count=st.integers(1, 12))
    def send_good_records(self, count: int) -> None:
        """A journey sends customers."""
        for number in range(len(self.good), len(self.good) + count):
            customer = Customer(user_id=f"user-{number % CUSTOMERS}")
            record = engagement_record(customer=customer, offer_name=f"offer {number}")
            self.good[encode(record)] = record
            self.queue.send(encode(record))

    @precondition(lambda self: self.good)
    @rule(data=st.data())
    def send_a_record_again(self, data: st.DataObject) -> None:
        """A journey repeats its call."""
        body = data.draw(st.sampled_from(sorted(self.good)))
        self.unclear.add(body)
        self.queue.send(body)

    @rule(count=st.integers(1, 3))
    def send_poison(self, count: int) -> None:
        """Somebody else's messages, or a defect's."""
        for _ in range(count):
            body = f'{{"poison": {len(self.bad)}}}'
            self.bad.add(body)
            self.queue.send(body)

    @rule(count=st.integers(1, 3))
    def send_records_that_the_service_refuses(self, count: int) -> None:
        """A record can be well formed, and still not to the service's taste."""
        for _ in range(count):
            record = engagement_record(customer=Customer(user_id=f"refused-{len(self.bad)}"))
            self.profiles.refused.add(record.record_id)
            self.bad.add(encode(record))
            self.queue.send(encode(record))

    # What goes wrong

    @rule(fault=st.sampled_from([*OUTAGES, *DROPS]))
    def start_an_outage(self, fault: str) -> None:
        """Every call fails from now on."""
        self.profiles.fail_always(fault)
        self.answers_get_lost |= fault in DROPS

    @rule(faults=st.lists(st.sampled_from([*OUTAGES, *DROPS]), min_size=1, max_size=8))
    def fail_some_calls(self, faults: list[str]) -> None:
        """A bad moment."""
        self.profiles.fail(*faults)
        self.answers_get_lost |= not set(DROPS).isdisjoint(faults)

    @rule(times=st.integers(1, 6), lost=st.booleans())
    def fail_the_dead_letter_queue(self, times: int, *, lost: bool) -> None:
        """Whole calls fail: before, or after they were done."""
        if lost:
            self.dead_letters.lose_answers(times)
            self.answers_get_lost = True
        else:
            self.dead_letters.fail("ServiceUnavailable", times)

    @rule(ending=st.sampled_from(["0}", "1}", "2}", "}"]))
    def let_the_dead_letter_queue_refuse_some(self, ending: str) -> None:
        """Calls succeed, and some of their entries do not."""
        self.dead_letters.refuse(lambda body: body.endswith(ending), "InternalError", sender_fault=False, times=5)

    @rule(whole=st.booleans())
    def fail_to_change_visibilities(self, *, whole: bool) -> None:
        """Messages then come back after the queue's own timeout."""
        if whole:
            self.queue.change_error = "ServiceUnavailable"
        else:
            self.queue.unchangeable = lambda body: len(body) % 2 == 0

    @rule()
    def end_the_faults(self) -> None:
        """All services are well again."""
        self.profiles.mend()
        self.dead_letters.mend()
        self.queue.change_error = None
        self.queue.unchangeable = lambda _: False
        self.answers_get_lost = False

    # What happens

    @rule(seconds=st.sampled_from([1.0, 20.0, 200.0, HOUR]))
    def let_time_pass(self, seconds: float) -> None:
        """Visibility timeouts end."""
        self.clock.advance(seconds)

    @rule(batch_size=st.sampled_from([1, 10, 50]), polls=st.integers(1, 5))
    def work(self, batch_size: int, polls: int) -> None:
        """The event source hands over what is visible."""
        for _ in range(polls):
            EventSource(self.queue, batch_size).poll(self.invoke)

    @rule(calls=st.integers(1, 8), after=st.booleans())
    def work_and_crash_in_mid_batch(self, calls: int, *, after: bool) -> None:
        """Killed before or after a write: Lambda learns nothing, and the batch comes again."""
        self.profiles.calls_to_live, self.profiles.dies_after_the_write = calls, after
        EventSource(self.queue).poll(lambda event: self.invoke(event, answers_get_lost=True))
        self.profiles.calls_to_live = float("inf")

    @rule()
    def work_and_crash_before_the_answer(self) -> None:
        """All is done, visibilities and parking included, and Lambda does not learn of it."""

        def crashing(event: Mapping[str, Any]) -> Sequence[str]:
            self.invoke(event, answers_get_lost=True)
            raise CrashError

        EventSource(self.queue).poll(crashing)

    @rule(park_without_limit=st.booleans())
    def deploy_anew(self, *, park_without_limit: bool) -> None:
        """What the environment remembered is gone."""
        self.deploy(park_without_limit=park_without_limit)

    @rule()
    def redrive(self) -> None:
        """An operator sends back whatever is parked, as any redrive tool does: with its attributes."""
        parked, self.dead_letters.messages = self.dead_letters.messages, []
        for message in parked:
            self.queue.send(message.body, message.attributes)

    def invoke(self, event: Mapping[str, Any], *, answers_get_lost: bool = False) -> list[str]:
        """Invoke the writer, and note what it was handed."""
        bodies = [message["body"] for message in event["Records"]]
        self.received.update(bodies)
        if answers_get_lost or self.answers_get_lost:
            self.unclear.update(bodies)
        return self.writer.invoke(event)

    # What holds

    @property
    def written(self) -> set[str]:
        """The bodies of which the object is there."""
        return {body for body, record in self.good.items() if record.record_id in self.profiles.objects}

    @invariant()
    def every_record_is_in_a_place_and_in_one_alone(self) -> None:
        """Written, parked, or still in the queue."""
        places = Counter(set(self.queue.bodies))
        places.update(set(self.dead_letters.bodies))
        places.update(self.written)
        sent = {*self.good, *self.bad}
        assert set(places) == sent, "lost, or made up"
        assert not [body for body, count in places.items() if count > 1 and body not in self.unclear]

    @invariant()
    def only_what_was_sent_is_written_and_as_it_was_sent(self) -> None:
        """No object is made up, mixed up or cut."""
        sent = {record.record_id: json.loads(profile_object(record)) for record in self.good.values()}
        assert all(written == sent[written["recordId"]] for written in self.profiles.accepted)

    @invariant()
    def writes_are_bounded_by_receives(self) -> None:
        """One invocation makes so many attempts and no more, and a receive is one invocation."""
        calls = Counter(self.profiles.calls)
        for body, record in self.good.items():
            assert calls[record.record_id] <= MAX_ATTEMPTS * self.received[body]

    def teardown(self) -> None:
        """Once all is well, everything ends written; parked is only what really is bad."""
        self.end_the_faults()
        self.deploy(park_without_limit=True)
        self.drain()
        self.redrive()
        self.drain()

        assert self.queue.bodies == []
        assert self.written == set(self.good)
        assert set(self.dead_letters.bodies) == self.bad

    def drain(self) -> None:
        """Let the writer work until nothing is left."""
        for _ in range(ROUNDS):
            if self.queue.next_due is None:
                return
            self.clock.advance(HOUR)
            while EventSource(self.queue).poll(self.invoke):
                pass


OneOutcome.TestCase.settings = settings(stateful_step_count=40)
test_one_outcome = OneOutcome.TestCase
