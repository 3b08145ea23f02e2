"""`sam build` and `sam deploy` of the template against the local AWS."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from local.stack import environment
from local.stack.clients import Clients
from local.stack.environment import ACCOUNT, REGION, STACK_NAME
from local.stack.errors import SamError
from local.stack.servers import ROOT

ARTIFACTS = "artifacts"
DOMAIN_DEAD_LETTERS = "customer-profiles-domain-dead-letters"
# what the domain keeps objects for where their type does not say
DOMAIN_EXPIRATION_DAYS = 366
# an Amazon Connect instance reaches no domain whose name begins otherwise
DEFAULT_DOMAIN = "amazon-connect-anycompany"
CONNECT_INSTANCE = f"arn:aws:connect:{REGION}:{ACCOUNT}:instance/0f7a3b1c-1111-4222-8333-444455556666"
"""A Connect instance of the local account, for stacks whose functions its campaigns may call."""


class Build:
    """A `sam build` under way; it needs no server, so that the servers start meanwhile."""

    def __init__(self, directory: Path) -> None:
        self._log = directory / "logs" / "sam-build.log"
        self._log.parent.mkdir(parents=True, exist_ok=True)
        # a build directory for each stack: two at once would overwrite one another's artifacts
        self.template = directory / "build" / "template.yaml"
        with self._log.open("wb") as output:
            self._process = subprocess.Popen(
                [*sam("build"), f"--build-dir={self.template.parent}"],
                cwd=ROOT,
                env=environment.of_sam(os.environ, "http://127.0.0.1:9"),  # discard: a build calls nobody
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def finish(self) -> Path:
        """Wait for it and return the built template.

        Raises:
            SamError: the build failed.
        """
        if code := self._process.wait():
            raise SamError("build", code, self._log)
        return self.template

    def abandon(self) -> None:
        """End it, if it has not ended."""
        if self._process.poll() is None:
            self._process.terminate()
            self._process.wait()


def deploy(  # noqa: PLR0913, PLR0917 - what a deployment consists of
    template: Path,
    directory: Path,
    aws_url: str,
    parameters: Mapping[str, str],
    certificate: str = "",
    stack: str = STACK_NAME,
) -> None:
    """Deploy the built template, as a stack of this name.

    Raises:
        SamError: the deployment failed; its log says which resource, and why.
    """
    log = directory / "logs" / "sam-deploy.log"
    command = [*sam("deploy"), f"--template-file={template}", f"--stack-name={stack}"]
    if parameters:
        command += ["--parameter-overrides", *(f"{name}='{value}'" for name, value in parameters.items())]
    with log.open("wb") as output:
        ended = subprocess.run(
            command,
            cwd=ROOT,
            env=environment.of_sam(os.environ, aws_url, certificate),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if ended.returncode:
        raise SamError("deploy", ended.returncode, log)


def sam(command: str) -> list[str]:
    """Return the start of a `sam` command line; samconfig.toml's environment `local` has the rest."""
    return [sys.executable, "-m", "samcli", command, "--config-env=local", f"--config-file={ROOT / 'samconfig.toml'}"]


def prepare(clients: Clients, domain: str) -> None:
    """Make what the template expects to exist: the bucket for artifacts, and the Customer Profiles domain.

    The domain gets a dead-letter queue: what it accepts and cannot match ends there, or nowhere.
    """
    clients.s3().create_bucket(Bucket=ARTIFACTS)
    queue_url = clients.sqs().create_queue(QueueName=DOMAIN_DEAD_LETTERS)["QueueUrl"]
    clients.customer_profiles().create_domain(
        DomainName=domain, DefaultExpirationDays=DOMAIN_EXPIRATION_DAYS, DeadLetterQueueUrl=queue_url
    )


def roles(clients: Clients) -> list[str]:
    """Return the names of the roles that the deployed stack made."""
    pages = clients.cloudformation().get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    return [
        resource["PhysicalResourceId"]
        for page in pages
        for resource in page["StackResourceSummaries"]
        if resource["ResourceType"] == "AWS::IAM::Role"
    ]


def outputs(clients: Clients, stack: str = STACK_NAME) -> dict[str, str]:
    """Return a deployed stack's outputs by key."""
    deployed = clients.cloudformation().describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in deployed.get("Outputs", [])}


def restate_mappings(clients: Clients) -> None:
    """Set each queue mapping's maximum concurrency, and whether it is on, to what was deployed.

    CloudFormation passes a Number parameter as text; AWS reads it as a number, ministack 1.5.33 keeps the text and
    its poller then fails on the comparison. A mapping that is deployed switched off, it says to be switched on.
    """
    stack = clients.cloudformation().describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    values = {given["ParameterKey"]: given["ParameterValue"] for given in stack.get("Parameters", [])}
    functions = clients.functions()
    for mapping in functions.list_event_source_mappings()["EventSourceMappings"]:
        if (limit := mapping.get("ScalingConfig", {}).get("MaximumConcurrency")) is not None:
            functions.update_event_source_mapping(
                UUID=mapping["UUID"],
                Enabled=values["WriterEnabled"] == "true",
                ScalingConfig={"MaximumConcurrency": int(limit)},
            )
