"""The local stack: the template, deployed on this machine."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local.stack import alarms, deployment, environment, function_logs, servers, startup, state
from local.stack.clients import Clients
from local.stack.errors import AlreadyRunningError, NotRunningError, ServiceError
from local.stack.processes import ServerProcess
from local.stack.progress import Reporter, Silent
from local.stack.startup import StackSettings
from local.stack.state import StackState
from ops import interrupts

DEFAULT_DIRECTORY = servers.ROOT / ".local" / "stack"


class LocalStack:
    """A running stack, found by its directory.

    Attributes:
        directory: where its state, logs and artifacts are. Two stacks in two directories do not disturb one another.
    """

    def __init__(self, directory: Path, running: StackState) -> None:
        self.directory = directory
        self._state = running

    @classmethod
    def start(
        cls,
        directory: Path = DEFAULT_DIRECTORY,
        settings: StackSettings | None = None,
        reporter: Reporter | None = None,
    ) -> "LocalStack":
        """Start the servers, build, deploy, and return when the stack is ready; on failure nothing is left running.

        Raises:
            AlreadyRunningError: a stack is up in this directory.
            StackError: it cannot be started; the message says why.
        """
        report = reporter or Silent()
        directory = directory.resolve()  # the servers run in directories of their own
        with interrupts.terminating_as_exception(), state.exclusive(directory):
            if (old := state.load(directory)) is not None:
                if old.is_ready:
                    raise AlreadyRunningError(directory)
                report.step("Ending what is left of an earlier stack")
                startup.end(directory, old)
            startup.clear(directory)
            try:
                return cls(directory, startup.bring_up(directory, settings or StackSettings(), report))
            except BaseException as error:
                with interrupts.ignored():
                    if (partial := state.load(directory)) is not None:
                        startup.end(directory, partial)
                if isinstance(error, BotoCoreError | ClientError):
                    raise ServiceError(error, directory / "logs") from error
                raise

    @classmethod
    def attach(cls, directory: Path = DEFAULT_DIRECTORY) -> "LocalStack":
        """Return the stack that is up in a directory.

        Raises:
            NotRunningError: none is.
        """
        directory = directory.resolve()
        running = state.load(directory)
        if running is None or not running.is_ready:
            raise NotRunningError(directory)
        return cls(directory, running)

    @classmethod
    @contextlib.contextmanager
    def running(
        cls,
        directory: Path = DEFAULT_DIRECTORY,
        settings: StackSettings | None = None,
        reporter: Reporter | None = None,
    ) -> Iterator["LocalStack"]:
        """Run a stack for a while: it is ended in every case, on Ctrl-C and SIGTERM too.

        Raises:
            StackError: it cannot be started.
        """
        with interrupts.terminating_as_exception():
            ours = True
            try:
                try:
                    stack = cls.start(directory, settings, reporter)
                except AlreadyRunningError:
                    ours = False
                    raise
                yield stack
            finally:
                if ours:
                    cls.end(directory, reporter)

    def stop(self, reporter: Reporter | None = None) -> None:
        """End every process of the stack; its logs stay. Without effect if it has ended."""
        self.end(self.directory, reporter)

    @classmethod
    def end(cls, directory: Path = DEFAULT_DIRECTORY, reporter: Reporter | None = None) -> bool:
        """End whatever runs in a directory, a half-started stack too; return whether anything did."""
        directory = directory.resolve()
        with interrupts.ignored(), state.exclusive(directory):
            if (running := state.load(directory)) is None:
                return False
            (reporter or Silent()).step("Stopping the stack")
            if running.is_ready:
                cls(directory, running).collect_logs()
            startup.end(directory, running)
            return True

    def deploy_again(self, values: Mapping[str, str]) -> None:
        """Deploy the template once more: an update, or after its deletion a new stack of the same name.

        The local CloudWatch's feed, if there is one, goes on with the queues and alarms that it knows.

        Args:
            values: Of the template's parameters; those that are left out keep the value they had.

        Raises:
            SamError: the deployment failed.
        """
        given = {"ProfileDomainName": self.outputs["ProfileDomainName"], **values}
        startup.deploy(self.directory / "build" / alarms.DEPLOYED, self.directory, self._state, given)
        self._state = replace(self._state, outputs=tuple(deployment.outputs(self.clients).items()))
        state.save(self._state, self.directory)

    @property
    def outputs(self) -> dict[str, str]:
        """The template's outputs, by key."""
        return dict(self._state.outputs)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that an AWS client needs, with the names of what it will call."""
        return environment.of_clients(
            self._state.aws_url, self._state.profiles_url, self.outputs, self._state.certificate
        ) | environment.to_campaigns(self._state.campaigns_url)

    @cached_property
    def clients(self) -> Clients:
        """AWS clients of this stack, whose addresses stay the same while it runs."""
        return startup.clients_of(self._state)

    @property
    def servers(self) -> tuple[ServerProcess, ...]:
        """The processes of the servers, in the order of their start."""
        return self._state.servers

    @property
    def profiles_url(self) -> str:
        """The address of the Customer Profiles emulator, whose control plane is beside its API."""
        return self._state.profiles_url

    @property
    def campaigns_url(self) -> str:
        """The address of the endpoint of Connect's outbound campaigns; empty if no instance was named."""
        return self._state.campaigns_url

    @property
    def logs_path(self) -> Path:
        """The directory of all logs: the servers', sam's, and the functions' since the last `collect_logs`."""
        return self.directory / "logs"

    def collect_logs(self) -> Path:
        """Write each function's log lines so far to a file under `logs_path`, and return that."""
        function_logs.collect(self.clients.logs(), self.logs_path)
        return self.logs_path
