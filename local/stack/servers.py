"""The servers: ministack as AWS, the Customer Profiles emulator beside it, and what feeds the local CloudWatch."""

import os
import socket
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.stack import alarms, environment, processes
from local.stack.errors import PortTakenError, ServerError
from local.stack.processes import Program, ServerProcess
from local.stack.tls import Certificate

ROOT = Path(__file__).resolve().parent.parent.parent
READY_SECONDS = 30.0
HEALTH_SECONDS = 1.0
# the emulator answers what is under way and closes its file
EMULATOR_GRACE = 8.0
# ministack has nothing to save, and under load takes ten seconds to join its threads
AWS_GRACE = 1.5
# the feed finishes the update that is under way
FEED_GRACE = 3.0


def free_port() -> int:
    """Return a port of the loopback interface that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def launch_emulator(
    directory: Path, aws_url: str, arguments: Sequence[str], certificate: Certificate | None = None
) -> ServerProcess:
    """Start the Customer Profiles emulator on a free port of its own choice."""
    ready_file(directory).unlink(missing_ok=True)
    program = Program(
        [
            *(sys.executable, "-m", "customer_profiles_emulator"),
            *("--port=0", f"--ready-file={ready_file(directory)}", *arguments),
        ],
        environment.of_emulator(os.environ, aws_url, str(certificate.path) if certificate else ""),
        ROOT,
    )
    log = directory / "logs" / "customer-profiles.log"
    return processes.start("the Customer Profiles emulator", program, log=log, grace=EMULATOR_GRACE)


def emulator_url(emulator: ServerProcess, directory: Path) -> str:
    """Return the emulator's address once it answers.

    Raises:
        ServerError: it does not start.
    """
    return _written(emulator, ready_file(directory))


def campaigns_url(campaigns: ServerProcess, directory: Path) -> str:
    """Return the address of the endpoint of outbound campaigns once it answers.

    Raises:
        ServerError: it does not start.
    """
    return _written(campaigns, campaigns_file(directory))


def _written(server: ServerProcess, file: Path) -> str:
    # the line's end shows that the whole of it was written
    processes.wait_until_ready(
        server, lambda: file.is_file() and file.read_text(encoding="utf-8").endswith("\n"), READY_SECONDS
    )
    return file.read_text(encoding="utf-8").strip()


def launch_campaigns(directory: Path, instance: str, arguments: Sequence[str]) -> ServerProcess:
    """Start the endpoint of Connect's outbound campaigns, in which this instance has them enabled."""
    campaigns_file(directory).unlink(missing_ok=True)
    program = Program(
        [
            *(sys.executable, "-m", "local.connect_campaigns"),
            *(f"--ready-file={campaigns_file(directory)}", f"--instance={instance}", *arguments),
        ],
        environment.isolated(os.environ) | {"PYTHONUNBUFFERED": "1"},
        ROOT,
    )
    log = directory / "logs" / "connect-campaigns.log"
    return processes.start("Connect's outbound campaigns", program, log=log, grace=EMULATOR_GRACE)


def ready_file(directory: Path) -> Path:
    """Return the file in which the emulator writes its address."""
    return directory / "customer-profiles.url"


def campaigns_file(directory: Path) -> Path:
    """Return the file in which the endpoint of outbound campaigns writes its address."""
    return directory / "connect-campaigns.url"


def launch_aws(
    directory: Path, port: int, profiles_url: str, certificate: Certificate | None = None, campaigns_url: str = ""
) -> ServerProcess:
    """Start ministack; with a certificate it speaks TLS and enforces IAM and queue policies."""
    enforcing = environment.enforcing(str(certificate.path), str(certificate.key)) if certificate else {}
    scratch = directory / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    program = Program(
        [sys.executable, "-m", "ministack"],
        environment.of_aws(os.environ, port, profiles_url, scratch)
        | environment.to_campaigns(campaigns_url)
        | enforcing,
        directory,
    )
    log = directory / "logs" / "aws.log"
    return processes.start("the local AWS (ministack)", program, log=log, grace=AWS_GRACE)


def await_aws(aws: ServerProcess, url: str, certificate: Certificate | None = None) -> None:
    """Return when ministack answers.

    Raises:
        PortTakenError: its port was taken meanwhile.
        ServerError: it does not start.
    """
    trusted = ssl.create_default_context(cafile=certificate.path) if certificate else None
    try:
        processes.wait_until_ready(aws, lambda: _answers(f"{url}/_ministack/health", trusted), READY_SECONDS)
    except ServerError as error:
        if "already in use" in str(error):
            raise PortTakenError(aws.name, "found its port taken", aws.log) from error
        raise


def launch_feed(directory: Path, aws_url: str, outputs: Mapping[str, str], certificate: str = "") -> ServerProcess:
    """Start what turns log lines and queues into metrics of the local CloudWatch.

    Args:
        directory: of the stack.
        aws_url: of ministack.
        outputs: of the deployed stack, by key; they name the queues and the metrics' namespace.
        certificate: the file of ministack's certificate, if it speaks TLS.
    """
    program = Program(
        [
            *(sys.executable, "-m", "local.cloudwatch"),
            f"--aws-url={aws_url}",
            f"--certificate={certificate}",
            f"--alarms={alarms.file(directory)}",
            f"--namespace={outputs['MetricsNamespace']}",
            f"--engagement-queue={outputs['EngagementQueueUrl'].rsplit('/', 1)[-1]}",
            f"--dead-letter-queue={outputs['DeadLetterQueueUrl'].rsplit('/', 1)[-1]}",
        ],
        environment.isolated(os.environ)
        | environment.trusting(certificate)
        # functions/ is the functions' CodeUri: its packages are top-level names there
        | {"PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT / "functions")},
        ROOT,
    )
    log = directory / "logs" / "cloudwatch-feed.log"
    return processes.start("the local CloudWatch's feed", program, log=log, grace=FEED_GRACE)


def _answers(url: str, trusted: ssl.SSLContext | None) -> bool:
    # without the environment's proxies, which cannot reach this machine's loopback interface
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusted))
    try:
        with direct.open(url, timeout=HEALTH_SECONDS) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - OK
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
