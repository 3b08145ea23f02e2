"""A soak of one stack: profile after profile, then rest, then the verification of every id."""

import json
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.soak import service
from benchmarks.soak.caller import Caller
from benchmarks.soak.catalogue import LARGE, LARGE_EVENT, NONE, PROFILES, Instruments
from benchmarks.soak.phase import POLL, Progress, await_rest, take_turn
from benchmarks.soak.proxy import QueueProxy
from benchmarks.soak.result import Result, Row
from benchmarks.soak.traffic import large_event, traffic
from benchmarks.soak.verification import Found, Verification
from engagement.clock import SystemClock
from local.demo import writer_log
from local.demo.events import Event
from local.demo.invoking import Functions
from local.demo.seeding import seed
from local.demo.writer_log import Batch, WriterCounts, log_group
from local.stack import LocalStack, Reporter
from ops.dlq.message import DlqMessage
from ops.dlq.scan import read_all, threads_for, visibility_for
from ops.queues import Depth, depth

PARAMETERS = {
    # the pace is the machine's: what a budget does is measured by its own benchmark
    "MaxWritesPerSecond": "4000",
    "WriterMaximumConcurrency": "4",
    # a campaign's profiles carry many offers here
    "MaxProfileObjectCount": "1000",
    "ConnectOfferNameFrom": "campaign",
}
BACKOFF = {"FIRST_BACKOFF_SECONDS": "1", "LONGEST_BACKOFF_SECONDS": "4"}
"""What is returned comes back within seconds, which the template's parameters do not allow.

Hours of an outage are simulated elsewhere, in virtual time.
"""
FEWEST_PROFILES = 40
RECORDS_A_PROFILE = 2_000
"""One profile that campaigns of Connect name for so many records in all: about a tenth of these become its objects,
and past 1,000 the service would evict the oldest."""
LONGEST_REST = 280.0
"""Seconds until what a killed writer held is visible again (the queue's 200) and is written."""
LOG_TRIES = 40
SILENT_NAMES = Path(__file__).parent / "silent_names"
"""What the functions' processes run at their start."""
TIME = SystemClock()


class Soak:
    """Drives one stack, which must have been started with `PARAMETERS` and `service.arguments`.

    Args:
        stack: The stack.
        reporter: Receives each step.
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
        self._proxy = QueueProxy(names["AWS_ENDPOINT_URL"], self._queue)
        self._progress = Progress(self._depth, lambda: self._service.counts()["objects_written"], TIME)
        self._silent_names = stack.directory.resolve() / "silent-names"
        self._silent_names.mkdir(exist_ok=True)
        for leftover in self._silent_names.iterdir():
            leftover.unlink()
        self.result = Result()
        self._all: list[Row] = []

    def close(self) -> None:
        """Stop what it started itself."""
        self._proxy.stop()
        self._service.close()

    def run(self, records: int, names: Sequence[str]) -> Result:
        """Give each profile its turn, wait for rest, and verify."""
        self._route_through_proxy()
        profile_ids = self._seed(max(FEWEST_PROFILES, records // RECORDS_A_PROFILE))
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
            answers={event: answers for row in self._all for event, answers in row.caller.answers.items()},
            objects=list(self._service.objects(self._domain, self._object_type)),
            dead_letters=self._parked(),
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
        sent = large_event(name, max(LARGE, records)) if name == LARGE_EVENT else traffic(name, records, profile_ids)
        self._reporter.step(f"{name}: {sent.customers} customers in {len(sent.sendings)} events")
        before, begun = self._service.counts(), time.time()
        caller = Caller(self._functions, self._sqs, self._channel, self._queue, sent)
        turn = take_turn(caller, PROFILES[profile](self._instruments), self._progress)
        counts = self._service.counts() - before
        row = Row(
            name=name,
            traffic=sent,
            caller=turn.caller,
            injected=turn.injected,
            writer=self._logged(begun),
            calls=sum(count for what, count in counts.items() if what.startswith("PutProfileObject/")),
            replaced=counts["objects_replaced"],
            seconds=turn.seconds,
            left=turn.left,
        )
        self.result.rows.append(row)
        self._all.append(row)

    def _route_through_proxy(self) -> None:
        """Send the functions' calls of SQS through the proxy, let a name server fall silent for them, shorten backoffs.

        Nothing else of what is deployed is changed.
        """
        silent = {"PYTHONPATH": str(SILENT_NAMES), "SOAK_SILENT_NAMES": str(self._silent_names)}
        for function in (self._channel.viewed, self._channel.not_viewed, self._writer):
            configuration = self._functions.get_function_configuration(FunctionName=function)
            variables = {
                **configuration["Environment"]["Variables"],
                "AWS_ENDPOINT_URL_SQS": self._proxy.url,
                **silent,
                **BACKOFF,
            }
            self._functions.update_function_configuration(FunctionName=function, Environment={"Variables": variables})
            version = self._functions.publish_version(FunctionName=function)["Version"]
            self._functions.update_alias(FunctionName=function, Name="live", FunctionVersion=version)

    def _seed(self, number: int) -> list[str]:
        """Make the profiles that campaigns of Connect name, and return their ids."""
        customers = [
            {"ProfileId": f"soak-{n}", "CustomerData": json.dumps({"accountNumber": f"soak-account-{n}"})}
            for n in range(number)
        ]
        members = {"Items": {"CustomerProfiles": customers}}
        event = Event("profiles", json.dumps(members), members, viewed=None)
        ids = seed(self._profiles, self._domain, [event], TIME)
        return sorted(ids.values())

    def _depth(self) -> Depth:
        return depth(self._sqs, self._queue)

    def _parked(self) -> list[DlqMessage]:
        held = depth(self._sqs, self._dead_letters).total
        return read_all(self._sqs, self._dead_letters, visibility_for(held), threads_for(held))

    def _logged(self, since: float) -> WriterCounts:
        """Return what the writer has logged; its last lines arrive a little after its last call."""
        batches: list[Batch] = []
        for _ in range(LOG_TRIES):
            before, batches = batches, writer_log.batches(self._logs, self._log_group, since)
            if batches and len(before) == len(batches):
                break
            time.sleep(POLL)
        return writer_log.total(batches)

    @property
    def _instruments(self) -> Instruments:
        aws = next(server for server in self._stack.servers if "ministack" in server.name)
        channels = (self._channel.viewed, self._channel.not_viewed)
        return Instruments(self._service, self._proxy, aws.pid, aws.log, self._writer, channels, self._silent_names)
