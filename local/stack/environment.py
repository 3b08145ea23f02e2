"""The environment variables of the local stack: what its processes get, and what its clients need."""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

REGION = "us-east-1"
ACCOUNT = "000000000000"
# ministack takes any; it must be the same for all, or they would see different accounts' resources
ACCESS_KEY = "test"
STACK_NAME = "journeys-write-back"


def isolated(environment: Mapping[str, str]) -> dict[str, str]:
    """Return ``environment`` without the user's AWS settings and with the local stack's instead.

    Nothing that runs here may ever reach a real account by a profile, an endpoint or credentials left in the shell.
    Bytecode settings go too: `sam` compiles itself anew at every start where bytecode may not be written, and the
    layer's bytecode is found only in its default place.
    """
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(("AWS_", "SAM_CLI_")) and name not in {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
    }
    direct = ",".join(filter(None, (environment.get("no_proxy") or environment.get("NO_PROXY"), "127.0.0.1,localhost")))
    return kept | {
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # a proxy must not be asked for what is on this machine, and still is for the layer's packages
        "NO_PROXY": direct,
        "no_proxy": direct,
        "LAYER_PYTHON": sys.executable,
    }


def trusting(certificate: str) -> dict[str, str]:
    """Return what makes AWS's SDKs, and all else that uses Python's own TLS, trust the local AWS; empty for none."""
    return {"AWS_CA_BUNDLE": certificate, "SSL_CERT_FILE": certificate} if certificate else {}


def enforcing(certificate: str, key: str) -> dict[str, str]:
    """Return what makes ministack check IAM and queue policies, and speak TLS, without which the latter refuse all."""
    return trusting(certificate) | {
        "AUTH": "true",
        "USE_SSL": "1",
        "MINISTACK_SSL_CERT": certificate,
        "MINISTACK_SSL_KEY": key,
    }


def of_sam(environment: Mapping[str, str], aws_url: str, certificate: str = "") -> dict[str, str]:
    """Return what `sam` runs with: the local endpoint, no telemetry, quick polls, the layer for this Python."""
    return (
        isolated(environment)
        | trusting(certificate)
        | {
            "AWS_ENDPOINT_URL": aws_url,
            "SAM_CLI_TELEMETRY": "0",
            "SAM_CLI_CHECK_NEWER_VERSION": "0",
            "SAM_CLI_POLL_DELAY": "0.2",
            "LAYER_BYTECODE_PYTHON": sys.executable,
        }
    )


def of_emulator(environment: Mapping[str, str], aws_url: str, certificate: str = "") -> dict[str, str]:
    """Return what the Customer Profiles emulator runs with; it sends to domains' dead-letter queues."""
    return isolated(environment) | trusting(certificate) | {"AWS_ENDPOINT_URL": aws_url, "PYTHONUNBUFFERED": "1"}


def to_campaigns(url: str) -> dict[str, str]:
    """Return what leads AWS's SDKs to the endpoint of Connect's outbound campaigns; empty if none runs."""
    return {"AWS_ENDPOINT_URL_CONNECTCAMPAIGNSV2": url} if url else {}


def of_aws(environment: Mapping[str, str], port: int, profiles_url: str, scratch: Path) -> dict[str, str]:
    """Return what ministack runs with. Its functions inherit all of it, the emulator's address among it."""
    return isolated(environment) | {
        "AWS_ENDPOINT_URL_CUSTOMER_PROFILES": profiles_url,
        "BIND_HOST": "127.0.0.1",
        # by number: clients address buckets of a numbered host by path, which needs no name service
        "MINISTACK_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "GATEWAY_PORT": str(port),
        # listeners on fixed ports of every interface, which two stacks could not share and nobody here needs
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "TMPDIR": str(scratch),
        "STATE_DIR": str(scratch / "state"),
        "S3_DATA_DIR": str(scratch / "s3"),
        "PYTHONUNBUFFERED": "1",
    }


def of_clients(aws_url: str, profiles_url: str, outputs: Mapping[str, str], certificate: str = "") -> dict[str, str]:
    """Return what an AWS client needs to use the stack, and the names that `make up` promises."""
    return {
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_ENDPOINT_URL_CUSTOMER_PROFILES": profiles_url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,  # what the SDKs for Go, Java and JavaScript read
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ACCESS_KEY,
        "VIEWED_FUNCTION": outputs["ViewedOfferFunctionName"],
        "NOT_VIEWED_FUNCTION": outputs["NotViewedOfferFunctionName"],
        "ENGAGEMENT_QUEUE_URL": outputs["EngagementQueueUrl"],
        "DEAD_LETTER_QUEUE_URL": outputs["DeadLetterQueueUrl"],
        "PROFILE_DOMAIN_NAME": outputs["ProfileDomainName"],
        "PROFILE_OBJECT_TYPE_NAME": outputs["ProfileObjectTypeName"],
        **trusting(certificate),
    }


def exports(variables: Mapping[str, str]) -> str:
    """Return shell lines that set the variables, each value quoted where the shell needs it."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items())
