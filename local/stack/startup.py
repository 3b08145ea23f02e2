"""Starts a stack: the servers, `sam build`, `sam deploy`; and ends what was started."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from local.stack import (
    alarms,
    deployed_template,
    deployment,
    environment,
    role_policies,
    servers,
    state,
)
from local.stack.clients import Clients
from local.stack.errors import PortTakenError
from local.stack.progress import Reporter
from local.stack.state import StackState
from local.stack.tls import Certificate, make_certificate
from ops import interrupts

START_TRIES = 3


@dataclass(frozen=True, slots=True)
class StackSettings:
    """What may differ from stack to stack.

    Attributes:
        parameters: of the template, by name; its defaults otherwise.
        emulator_arguments: for the Customer Profiles emulator: quotas, faults, a file for its data.
        campaigns_arguments: for Connect's outbound campaigns, which run if `parameters` name an instance: faults.
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


def bring_up(directory: Path, settings: StackSettings, report: Reporter) -> StackState:
    """Start the servers, build and deploy; each server is in the state file before anything can interrupt.

    Raises:
        StackError: it cannot be started; what runs is in the state file.
    """
    report.step("Building the template (sam build); the first time its layer is downloaded")
    build = deployment.Build(directory)
    try:
        running = _start_servers(directory, settings, report)
        clients = clients_of(running)
        deployment.prepare(clients, settings.domain)
        template = build.finish()
    finally:
        build.abandon()
    report.step("Deploying the template (sam deploy)")
    deployed = alarms.stand_in(template)
    deployed_template.add_log_controls(deployed)
    deploy(deployed, directory, running, {"ProfileDomainName": settings.domain, **settings.parameters})
    if settings.enforce_permissions:
        for policy in list(role_policies.read(clients.iam(), deployment.roles(clients))):
            role_policies.put(clients.iam(), policy)
    ready = replace(running, outputs=tuple(deployment.outputs(clients).items()))
    if settings.feed_metrics:
        alarms.take_over(clients.cloudwatch(), directory)
        with interrupts.deferred(second_at_once=False):
            feed = servers.launch_feed(directory, ready.aws_url, dict(ready.outputs), ready.certificate)
            ready = ready.with_server(feed)
            state.save(ready, directory)
    state.save(ready, directory)
    report.step("Ready")
    return ready


def deploy(template: Path, directory: Path, running: StackState, values: Mapping[str, str]) -> None:
    """Deploy a template with these values of its parameters.

    Raises:
        SamError: the deployment failed.
    """
    deployed_template.fill_in(template, values, environment.REGION)
    deployment.deploy(template, directory, running.aws_url, values, running.certificate)
    deployment.restate_mappings(clients_of(running))


def _start_servers(directory: Path, settings: StackSettings, report: Reporter) -> StackState:
    for attempt in range(1, START_TRIES + 1):
        port = servers.free_port()
        report.step(f"Starting the local AWS on port {port} and the Customer Profiles emulator")
        try:
            return _start_servers_on(port, directory, settings)
        except PortTakenError:
            if (taken := state.load(directory)) is not None:
                end(directory, taken)
            if attempt == START_TRIES:
                raise
    raise AssertionError("unreachable: the last attempt raises")  # pragma: no cover


def _start_servers_on(port: int, directory: Path, settings: StackSettings) -> StackState:
    """Start both servers; each is in the state file before anything can interrupt, so that none is lost sight of."""
    certificate = make_certificate(directory / "tmp" / "tls") if settings.enforce_permissions else None
    running = _nothing_running_on(port, certificate)
    with interrupts.deferred(second_at_once=False):
        emulator = servers.launch_emulator(directory, running.aws_url, settings.emulator_arguments, certificate)
        running = running.with_server(emulator)
        state.save(running, directory)
    running = _start_campaigns(running, directory, settings)
    running = replace(running, profiles_url=servers.emulator_url(emulator, directory))
    with interrupts.deferred(second_at_once=False):
        aws = servers.launch_aws(directory, port, running.profiles_url, certificate, running.campaigns_url)
        running = running.with_server(aws)
        state.save(running, directory)
    servers.await_aws(aws, running.aws_url, certificate)
    return running


def _start_campaigns(running: StackState, directory: Path, settings: StackSettings) -> StackState:
    """Start the endpoint of Connect's outbound campaigns if the settings name an instance."""
    if not settings.connect_instance:
        return running
    with interrupts.deferred(second_at_once=False):
        campaigns = servers.launch_campaigns(directory, settings.connect_instance, settings.campaigns_arguments)
        running = running.with_server(campaigns)
        state.save(running, directory)
    return replace(running, campaigns_url=servers.campaigns_url(campaigns, directory))


def clients_of(running: StackState) -> Clients:
    """Return AWS clients of a stack."""
    return Clients(running.aws_url, running.profiles_url, running.certificate, campaigns_url=running.campaigns_url)


def _nothing_running_on(port: int, certificate: Certificate | None) -> StackState:
    if certificate is None:
        return StackState(f"http://127.0.0.1:{port}")
    return StackState(f"https://127.0.0.1:{port}", certificate=str(certificate.path))


def end(directory: Path, running: StackState) -> None:
    """End the servers in the reverse order of their start, and forget them."""
    for server in reversed(running.servers):
        server.stop()
    state.forget(directory)
    for scratch in ("tmp", "build"):
        shutil.rmtree(directory / scratch, ignore_errors=True)


def clear(directory: Path) -> None:
    """Remove what an earlier stack left in a directory."""
    for leftover in ("tmp", "build", "logs"):
        shutil.rmtree(directory / leftover, ignore_errors=True)
