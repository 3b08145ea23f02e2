"""A soak of one stack: profile after profile, then rest, then the verification of every id."""

import json
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.soak import dead_letters, service, writer_log
from benchmarks.soak.caller import Caller, Handed
from benchmarks.soak.catalogue import NONE, PROFILES, Instruments
from benchmarks.soak.phase import POLL, Depth, Progress, await_rest, take_turn
from benchmarks.soak.proxy import QueueProxy
from benchmarks.soak.traffic import Traffic, traffic
from benchmarks.soak.verification import Account, Found, Verification
from benchmarks.soak.writer_log import WriterSaid
from local.demo.events import Event
from local.demo.invoking import Functions
from local.demo.queues import Time
from local.demo.seeding import seed
from local.demo.writer_log import log_group
from local.stack import LocalStack, Reporter

if TYPE_CHECKING:
    from mypy_boto3_sqs.literals import QueueAttributeNameType

PARAMETERS = {
    # the pace is the machine's: what a budget does is measured by its own benchmark
    "MaxWritesPerSecond": "4000",
    "WriterMaximumConcurrency": "4",
    # what is returned comes back within seconds: hours of an outage are simulated elsewhere, in virtual time
    "FirstBackoffSeconds": "1",
    "LongestBackoffSeconds": "4",
    # a campaign's profiles carry many offers here
    "MaxProfileObjectCount": "1000",
    "ConnectOfferNameFrom": "campaign",
}
PROFILES_KNOWN = 40
"""Profiles that campaigns of Connect name."""
LONGEST_REST = 280.0
"""Seconds until what a killed writer held is visible again (the queue's 200) and is written."""
LOG_LOOKS = 40
TIME = Time(time.monotonic, time.sleep)


@dataclass(frozen=True, slots=True)
class Row:
    """What one profile came to.

    Attributes:
        name: The profile's.
        traffic: What was sent.
        handed: What the functions answered.
        struck: Strikes, by what.
        said: What the writer logged during its turn.
        calls: PutProfileObject calls that the service counted.
        replaced: Objects that were written again.
        seconds: From the first event to the last change.
        left: Messages still hidden in the queue at the turn's end; they are delivered during later turns.
    """

    name: str
    traffic: Traffic
    handed: Handed
    struck: Counter[str]
    said: WriterSaid
    calls: int
    replaced: int
    seconds: float
    left: int


@dataclass(slots=True)
class Result:
    """What the soak came to.

    Attributes:
        rows: By profile, in their order.
        accounts: The same, after verification.
        queued: Messages that the queue still held when waiting ended.
        rest_seconds: How long the end was waited for.
        verify_seconds: How long verification took.
        wrong: A sentence for each thing that no profile can be blamed for.
    """

    rows: list[Row] = field(default_factory=list)
    accounts: dict[str, Account] = field(default_factory=dict)
    queued: int = 0
    rest_seconds: float = 0.0
    verify_seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def faults_that_did_not_strike(self) -> list[str]:
        """Return what was to strike and did not: such a run proves nothing."""
        return [
            f"{row.name}: no {what}" for row in self.rows for what, count in sorted(row.struck.items()) if count == 0
        ]

    @property
    def missing(self) -> list[str]:
        """Everybody who is nowhere."""
        return [f"{name}: {one}" for name, account in self.accounts.items() for one in account.missing]

    @property
    def failures(self) -> list[str]:
        """Everything for which the soak has failed."""
        wrong = [f"{name}: {one}" for name, account in self.accounts.items() for one in account.wrong]
        given_up = [f"{row.name}: the caller gave up {event}" for row in self.rows for event in row.handed.given_up]
        queued = [f"{self.queued} messages were still in the queue when waiting ended"] if self.queued else []
        return [
            *(f"missing: {one}" for one in self.missing),
            *wrong,
            *self.wrong,
            *given_up,
            *queued,
            *self.faults_that_did_not_strike(),
        ]


class Soak:
    """Drives one stack, which must have been started with `settings`.

    Args:
        stack: The stack.
        reporter: Hears each step.
    """

    def __init__(self, stack: LocalStack, reporter: Reporter) -> None:
        self._stack = stack
        self._reporter = reporter
        names, clients = stack.environment, stack.clients
        self._functions, self._sqs, self._logs = clients.functions(), clients.sqs(), clients.logs()
        self._profiles = clients.customer_profiles()
        self._queue, self._dead_letters = names["ENGAGEMENT_QUEUE_URL"], names["DEAD_LETTER_QUEUE_URL"]
        self._domain, self._object_type = names["PROFILE_DOMAIN_NAME"], names["PROFILE_OBJECT_TYPE_NAME"]
        self._channel = Functions(names["VIEWED_FUNCTION"], names["NOT_VIEWED_FUNCTION"])
        self._writer = stack.outputs["WriterFunctionName"]
        self._log_group = log_group(self._functions, self._writer)
        self._service = service.Service(stack)
        self._proxy = QueueProxy(names["AWS_ENDPOINT_URL"])
        self._progress = Progress(self._depth, lambda: self._service.counts()["objects_written"], TIME)
        self.result = Result()
        self._all: list[Row] = []

    def close(self) -> None:
        """Stop what it started itself."""
        self._proxy.stop()
        self._service.close()

    def run(self, records: int, names: Sequence[str]) -> Result:
        """Give each profile its turn, wait for rest, and verify."""
        self._route_through_proxy()
        profile_ids = self._seed()
        self._turn("warm-up", NONE, 100, profile_ids)
        self.result.rows.clear()
        each = max(100, records // len(names))
        for name in names:
            self._turn(name, name, each, profile_ids)
        self.rest()
        self.verify()
        return self.result

    def shorten_visibility(self, seconds: int) -> None:
        """Let what a killed function held come back after ``seconds``, not after the template's 200.

        For a soak that has no 200 seconds. What is in work for longer is then delivered twice.
        """
        self._sqs.set_queue_attributes(QueueUrl=self._queue, Attributes={"VisibilityTimeout": str(seconds)})

    def rest(self) -> None:
        """Wait until the queue is empty, what killed functions held included."""
        left = self._depth().total
        self._reporter.step(f"All sent; waiting for rest ({left} messages in the queue)")
        begun = time.monotonic()
        self.result.queued = await_rest(self._progress, LONGEST_REST)
        self.result.rest_seconds = time.monotonic() - begun

    def verify(self) -> None:
        """Look for every customer by id."""
        begun = time.monotonic()
        found = Found(
            answers={event: answers for row in self._all for event, answers in row.handed.answers.items()},
            objects=list(self._service.objects(self._domain, self._object_type)),
            dead_letters=list(dead_letters.read(self._sqs, self._dead_letters)),
            bodies=self._proxy.bodies,
            queued=self.result.queued,
        )
        self._reporter.step(f"Verifying {len(found.objects)} objects and {len(found.dead_letters)} parked messages")
        verification = Verification(found)
        accounts = {row.name: verification.account(row.traffic.sendings, row.traffic.poison) for row in self._all}
        self.result.wrong = list(verification.rest())
        self.result.accounts = {row.name: accounts[row.name] for row in self.result.rows}
        warm_up = accounts["warm-up"]
        self.result.wrong += [f"warm-up: {one}" for one in [*warm_up.missing, *warm_up.wrong]]
        counts = self._service.counts()
        for event in ("objects_unmatched", "objects_lost", "objects_evicted"):
            if counts[event]:
                self.result.wrong.append(f"the service counts {counts[event]} {event.replace('_', ' ')}")
        self.result.verify_seconds = time.monotonic() - begun

    def lose_one_object(self) -> str:
        """Delete an object behind the pipeline's back and return its record id: the verification must find out."""
        stored = next(
            one
            for one in self._service.objects(self._domain, self._object_type)
            if not str(one.members["journeyId"]).startswith("warm-up")
        )
        self._profiles.delete_profile_object(
            DomainName=self._domain,
            ObjectTypeName=self._object_type,
            ProfileId=stored.profile_id,
            ProfileObjectUniqueKey=stored.unique_key,
        )
        return str(stored.members["recordId"])

    def _turn(self, name: str, profile: str, records: int, profile_ids: Sequence[str]) -> None:
        sent = traffic(name, records, profile_ids)
        self._reporter.step(f"{name}: {sent.customers} customers in {len(sent.sendings)} events")
        before, begun = self._service.counts(), time.time()
        caller = Caller(self._functions, self._sqs, self._channel, self._queue, sent)
        turn = take_turn(caller, PROFILES[profile](self._instruments), self._progress)
        counts = self._service.counts() - before
        row = Row(
            name=name,
            traffic=sent,
            handed=turn.handed,
            struck=turn.struck,
            said=self._said(begun),
            calls=sum(count for what, count in counts.items() if what.startswith("PutProfileObject/")),
            replaced=counts["objects_replaced"],
            seconds=turn.seconds,
            left=turn.left,
        )
        self.result.rows.append(row)
        self._all.append(row)

    def _route_through_proxy(self) -> None:
        """Send the functions' calls of SQS through the proxy; nothing else of what is deployed is changed."""
        for function in (self._channel.viewed, self._channel.not_viewed, self._writer):
            configuration = self._functions.get_function_configuration(FunctionName=function)
            variables = {**configuration["Environment"]["Variables"], "AWS_ENDPOINT_URL_SQS": self._proxy.url}
            self._functions.update_function_configuration(FunctionName=function, Environment={"Variables": variables})

    def _seed(self) -> list[str]:
        """Make the profiles that campaigns of Connect name, and return their ids."""
        customers = [
            {"ProfileId": f"soak-{n}", "CustomerData": json.dumps({"accountNumber": f"soak-account-{n}"})}
            for n in range(PROFILES_KNOWN)
        ]
        members = {"Items": {"CustomerProfiles": customers}}
        event = Event("profiles", json.dumps(members), members, viewed=None)
        ids = seed(self._profiles, self._domain, [event], TIME)
        return sorted(ids.values())

    def _depth(self) -> Depth:
        names: list[QueueAttributeNameType] = [
            "ApproximateNumberOfMessages",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ]
        told = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=names)["Attributes"]
        visible, *others = (int(told[name]) for name in names)
        return Depth(visible, visible + sum(others))

    def _said(self, since: float) -> WriterSaid:
        """Return what the writer has logged; its last lines arrive a little after its last deed."""
        logged: list[str] = []
        for _ in range(LOG_LOOKS):
            before, logged = logged, writer_log.lines(self._logs, self._log_group, since)
            if logged and len(before) == len(logged):
                break
            time.sleep(POLL)
        return writer_log.read(logged)

    @property
    def _instruments(self) -> Instruments:
        aws = next(server for server in self._stack.servers if "ministack" in server.name)
        channels = (self._channel.viewed, self._channel.not_viewed)
        return Instruments(self._service, self._proxy, aws.pid, aws.log, self._writer, channels)
