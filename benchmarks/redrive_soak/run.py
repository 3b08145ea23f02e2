"""A soak of one stack: trial after trial, each verified by the ids of its customers."""

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from benchmarks.redrive_soak.catalogue import OF_PROFILES, TRIALS, Trial, stages_of
from benchmarks.redrive_soak.operators import Operator
from benchmarks.redrive_soak.parked import Places, World
from benchmarks.redrive_soak.proxy import NO_FAULT, Fault, OperatorProxy
from local.stack import LocalStack, Reporter

FAULT_OF_OPS = 70
"""The exit code of a fault of ops itself."""


@dataclass(slots=True)
class Row:
    """What one trial came to.

    Attributes:
        name: The trial's.
        users: Its customers.
        injected: Calls that got the fault, or processes that were killed.
        ended: The exit codes of the runs, in their order.
        left: Messages still parked after the first run.
        places: Where the customers were found at last.
        queued: Messages that the engagement queue still held then.
        seconds: All of it.
        problems: A sentence for each other thing that is wrong.
    """

    name: str
    users: Sequence[str]
    injected: int = 0
    ended: list[int] = field(default_factory=list)
    left: int = 0
    places: Places = field(default_factory=Places)
    queued: int = 0
    seconds: float = 0.0
    problems: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """Customers who are nowhere."""
        return [user for user in self.users if not self.places.objects[user] and not self.places.parked[user]]

    @property
    def doubled(self) -> list[str]:
        """Customers who are found more than once."""
        return [user for user in self.users if self.places.objects[user] + self.places.parked[user] > 1]

    @property
    def failures(self) -> list[str]:
        """A sentence for each thing for which the trial has failed."""
        still = [user for user in self.users if self.places.parked[user] and not self.places.objects[user]]
        return [
            *(f"{self.name}: {user} is missing" for user in self.missing),
            *(f"{self.name}: {user} is there more than once" for user in self.doubled),
            *(f"{self.name}: {user} is parked still, after --resend-in-doubt" for user in still),
            *(f"{self.name}: {one}" for one in [*self.places.wrong, *self.problems]),
        ]


class RedriveSoak:
    """Drives one stack.

    Args:
        stack: The stack, in which nothing is parked.
        directory: For the operators' journals.
        reporter: Receives each step.
    """

    def __init__(self, stack: LocalStack, directory: Path, reporter: Reporter) -> None:
        names = stack.environment
        self.world = World(stack)
        self._directory = directory / "journals"
        self._reporter = reporter
        self._aws = OperatorProxy(names["AWS_ENDPOINT_URL"])
        self._profiles = OperatorProxy(names["AWS_ENDPOINT_URL_CUSTOMER_PROFILES"])
        self._environment = names | {
            "AWS_ENDPOINT_URL_SQS": self._aws.url,
            "AWS_ENDPOINT_URL_LAMBDA": self._aws.url,
            "AWS_ENDPOINT_URL_CUSTOMER_PROFILES": self._profiles.url,
        }
        self.rows: list[Row] = []

    def close(self) -> None:
        """Stop what it started itself."""
        self._aws.stop()
        self._profiles.stop()

    def run(self, customers: int, names: Sequence[str]) -> list[Row]:
        """Try each of the trials, with so many customers at each stage."""
        shutil.rmtree(self._directory, ignore_errors=True)
        self._directory.mkdir(parents=True)
        for name in names:
            self._reporter.step(name)
            self.rows.append(self._try(name, TRIALS[name], customers))
        return self.rows

    def verify(self, row: Row) -> None:
        """Look for every customer of a trial by id."""
        row.queued = self.world.await_rest()
        row.places = self.world.look_for(row.users)
        if row.queued:
            row.problems.append(f"{row.queued} messages are in the engagement queue still")

    def _try(self, name: str, trial: Trial, customers: int) -> Row:
        begun, prefix = time.monotonic(), uuid4().hex[:12]
        row = Row(name, [user for stage in stages_of(name) for user in self.world.park(prefix, stage, customers)])
        if trial.operation == "ListProfileObjects":
            self.world.know(row.users)
        journals = [self._directory / f"{prefix}-{number}.sqlite3" for number in range(max(1, trial.journals))]
        if trial.journals:
            self._two(row, journals)
        else:
            self._first(row, trial, journals[0])
        row.left = self.world.parked()
        self._again(row, journals)
        if self.world.parked():
            self._again(row, journals, "--resend-in-doubt")
        self.verify(row)
        self._clear()
        row.seconds = time.monotonic() - begun
        return row

    def _first(self, row: Row, trial: Trial, journal: Path) -> None:
        operator = Operator(self._environment, journal)
        proxy = self._profiles if trial.operation in OF_PROFILES else self._aws
        kills = {"before": operator.kill if trial.kill == "before" else None}
        kills["after"] = operator.kill if trial.kill == "after" else None
        proxy.set(Fault(trial.operation, trial.answer, skip=trial.skip, **kills))
        self._note(row, operator.run("--rate", "2") if trial.skip else operator.run())
        row.injected = proxy.injected
        if trial.operation and not row.injected:
            row.problems.append("the fault was not injected, so that nothing is proved")
        proxy.set(NO_FAULT)

    def _two(self, row: Row, journals: Sequence[Path]) -> None:
        operators = [Operator(self._environment, journals[number % len(journals)]) for number in range(2)]
        for operator in operators:
            operator.start()
        for operator in operators:
            self._note(row, operator.end())
        row.injected = len(operators)

    def _again(self, row: Row, journals: Sequence[Path], *options: str) -> None:
        """Type the command again, with each journal, once all that is hidden is visible again."""
        for journal in journals:
            self.world.await_rest()
            self.world.let_time_pass(self._aws.handles)
            self._note(row, Operator(self._environment, journal).run(*options))

    def _note(self, row: Row, ended: tuple[int, str]) -> None:
        code, said = ended
        row.ended.append(code)
        if code == FAULT_OF_OPS or "Traceback" in said:
            row.problems.append(f"a fault of ops: {said.strip().splitlines()[-1]}")

    def _clear(self) -> None:
        """Let no trial find what another has left."""
        self.world.let_time_pass(self._aws.handles)
        self._aws.handles.clear()
        self.world.sqs.purge_queue(QueueUrl=self.world.dead_letters)
