"""The local stack: the template, deployed on this machine."""

import contextlib
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from local.stack import (
    alarms,
    deployment,
    function_logs,
    interrupts,
    log_controls,
    parameters,
    role_policies,
    servers,
    state,
    surroundings,
)
from local.stack.clients import Clients
from local.stack.errors import AlreadyRunningError, NotRunningError, PortTakenError, ServiceError
from local.stack.processes import ServerProcess
from local.stack.progress import Reporter, Silent
from local.stack.state import StackState
from local.stack.tls import Certificate, make_certificate

START_TRIES = 3
DEFAULT_DIRECTORY = servers.ROOT / ".local" / "stack"


@dataclass(frozen=True, slots=True)
class StackSettings:
    """What may differ from stack to stack.

    Attributes:
        parameters: of the template, by name; its defaults otherwise.
        emulator_arguments: for the Customer Profiles emulator: quotas, faults, a file for its data.
        campaigns_arguments: for Connect's outbound campaigns, which run where `parameters` name an instance: faults.
        enforce_permissions: whether IAM and queue policies are checked, over TLS.
        feed_metrics: whether log lines and queues become metrics of the local CloudWatch.
    """

    parameters: Mapping[str, str] = field(default_factory=dict)
    emulator_arguments: tuple[str, ...] = ()
    campaigns_arguments: tuple[str, ...] = ()
    enforce_permissions: bool = False
    feed_metrics: bool = False

    @property
    def domain(self) -> str:
        """The Customer Profiles domain."""
        return self.parameters.get("ProfileDomainName", deployment.DEFAULT_DOMAIN)

    @property
    def connect_instance(self) -> str:
        """The id of the Connect instance whose campaigns may call; empty for none."""
        return self.parameters.get("ConnectInstanceArn", "").rpartition("/")[2]


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
                _end(directory, old)
            _clear(directory)
            try:
                return cls(directory, _bring_up(directory, settings or StackSettings(), report))
            except BaseException as error:
                with interrupts.ignored():
                    if (partial := state.load(directory)) is not None:
                        _end(directory, partial)
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
        """End every process of the stack; its logs stay. Without effect where it has ended."""
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
            _end(directory, running)
            return True

    def deploy_again(self, values: Mapping[str, str]) -> None:
        """Deploy the template once more: an update, or after its deletion a new stack of the same name.

        The local CloudWatch's feed, where there is one, goes on with the queues and alarms that it knows.

        Args:
            values: Of the template's parameters; those that are left out keep the value they had.

        Raises:
            SamError: the deployment failed.
        """
        given = {"ProfileDomainName": self.outputs["ProfileDomainName"], **values}
        _deploy(self.directory / "build" / alarms.DEPLOYED, self.directory, self._state, given)
        self._state = replace(self._state, outputs=tuple(deployment.outputs(self.clients).items()))
        state.save(self._state, self.directory)

    @property
    def outputs(self) -> dict[str, str]:
        """The template's outputs, by key."""
        return dict(self._state.outputs)

    @property
    def environment(self) -> dict[str, str]:
        """The variables that an AWS client needs, with the names of what it will call."""
        return surroundings.of_clients(
            self._state.aws_url, self._state.profiles_url, self.outputs, self._state.certificate
        ) | surroundings.to_campaigns(self._state.campaigns_url)

    @property
    def clients(self) -> Clients:
        """AWS clients of this stack."""
        return _clients(self._state)

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
        """The address of the endpoint of Connect's outbound campaigns; empty where no instance was named."""
        return self._state.campaigns_url

    @property
    def logs_path(self) -> Path:
        """The directory of all logs: the servers', sam's, and the functions' since the last `collect_logs`."""
        return self.directory / "logs"

    def collect_logs(self) -> Path:
        """Write each function's log lines so far to a file under `logs_path`, and return that."""
        function_logs.collect(self.clients.logs(), self.logs_path)
        return self.logs_path


def _bring_up(directory: Path, settings: StackSettings, report: Reporter) -> StackState:
    report.step("Building the template (sam build); the first time its layer is downloaded")
    build = deployment.Build(directory)
    try:
        running = _start_servers(directory, settings, report)
        clients = _clients(running)
        deployment.prepare(clients, settings.domain)
        template = build.finish()
    finally:
        build.abandon()
    report.step("Deploying the template (sam deploy)")
    deployed = alarms.stand_in(template)
    log_controls.tell(deployed)
    _deploy(deployed, directory, running, {"ProfileDomainName": settings.domain, **settings.parameters})
    if settings.enforce_permissions:
        for policy in list(role_policies.read(clients.iam(), deployment.roles(clients))):
            role_policies.put(clients.iam(), policy)
    ready = replace(running, outputs=tuple(deployment.outputs(clients).items()))
    if settings.feed_metrics:
        alarms.take_over(clients.cloudwatch(), directory)
        with interrupts.deferred():
            feed = servers.launch_feed(directory, ready.aws_url, dict(ready.outputs), ready.certificate)
            ready = ready.with_server(feed)
            state.save(ready, directory)
    state.save(ready, directory)
    report.step("Ready")
    return ready


def _deploy(template: Path, directory: Path, running: StackState, values: Mapping[str, str]) -> None:
    parameters.fill_in(template, values, surroundings.REGION)
    deployment.deploy(template, directory, running.aws_url, values, running.certificate)
    deployment.restate_mappings(Clients(running.aws_url, running.profiles_url, running.certificate))


def _start_servers(directory: Path, settings: StackSettings, report: Reporter) -> StackState:
    for attempt in range(1, START_TRIES + 1):
        port = servers.free_port()
        report.step(f"Starting the local AWS on port {port} and the Customer Profiles emulator")
        try:
            return _start_servers_on(port, directory, settings)
        except PortTakenError:
            if (taken := state.load(directory)) is not None:
                _end(directory, taken)
            if attempt == START_TRIES:
                raise
    raise AssertionError("unreachable: the last attempt raises")  # pragma: no cover


def _start_servers_on(port: int, directory: Path, settings: StackSettings) -> StackState:
    """Start both servers; each is in the state file before anything can interrupt, so that none is lost sight of."""
    certificate = make_certificate(directory / "tmp" / "tls") if settings.enforce_permissions else None
    running = _nothing_running_on(port, certificate)
    with interrupts.deferred():
        emulator = servers.launch_emulator(directory, running.aws_url, settings.emulator_arguments, certificate)
        running = running.with_server(emulator)
        state.save(running, directory)
    running = _start_campaigns(running, directory, settings)
    running = replace(running, profiles_url=servers.emulator_url(emulator, directory))
    with interrupts.deferred():
        aws = servers.launch_aws(directory, port, running.profiles_url, certificate, running.campaigns_url)
        running = running.with_server(aws)
        state.save(running, directory)
    servers.await_aws(aws, running.aws_url, certificate)
    return running


def _start_campaigns(running: StackState, directory: Path, settings: StackSettings) -> StackState:
    """Start the endpoint of Connect's outbound campaigns where the settings name an instance."""
    if not settings.connect_instance:
        return running
    with interrupts.deferred():
        campaigns = servers.launch_campaigns(directory, settings.connect_instance, settings.campaigns_arguments)
        running = running.with_server(campaigns)
        state.save(running, directory)
    return replace(running, campaigns_url=servers.campaigns_url(campaigns, directory))


def _clients(running: StackState) -> Clients:
    return Clients(running.aws_url, running.profiles_url, running.certificate, campaigns_url=running.campaigns_url)


def _nothing_running_on(port: int, certificate: Certificate | None) -> StackState:
    if certificate is None:
        return StackState(f"http://127.0.0.1:{port}")
    return StackState(f"https://127.0.0.1:{port}", certificate=str(certificate.path))


def _end(directory: Path, running: StackState) -> None:
    """End the servers in the reverse order of their start, and forget them."""
    for server in reversed(running.servers):
        server.stop()
    state.forget(directory)
    for scratch in ("tmp", "build"):
        shutil.rmtree(directory / scratch, ignore_errors=True)


def _clear(directory: Path) -> None:
    for leftover in ("tmp", "build", "logs"):
        shutil.rmtree(directory / leftover, ignore_errors=True)
