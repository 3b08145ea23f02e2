"""The local stack, deployed."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from local.stack import AlreadyRunningError, LocalStack, NotRunningError, SamError, ServiceError, StackSettings

COMMAND = [sys.executable, "-m", "local"]


def local(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as the Makefile does."""
    return subprocess.run([*COMMAND, *arguments], check=False, capture_output=True, text=True)


def test_every_name_of_the_environment_means_something_that_is_deployed(stack: LocalStack) -> None:
    """What `make up` prints must work as it is in any AWS client."""
    environment = stack.environment
    for function in ("VIEWED_FUNCTION", "NOT_VIEWED_FUNCTION"):
        configuration = stack.clients.functions().get_function(FunctionName=environment[function])["Configuration"]
        assert configuration["Handler"] == "ingest.handler.handler"
    for queue in ("ENGAGEMENT_QUEUE_URL", "DEAD_LETTER_QUEUE_URL"):
        stack.clients.sqs().get_queue_attributes(QueueUrl=environment[queue], AttributeNames=["QueueArn"])


def test_the_deployment_registered_the_object_type(stack: LocalStack) -> None:
    """The custom resource ran against the emulator."""
    registered = stack.clients.customer_profiles().get_profile_object_type(
        DomainName=stack.environment["PROFILE_DOMAIN_NAME"],
        ObjectTypeName=stack.environment["PROFILE_OBJECT_TYPE_NAME"],
    )
    assert registered["ExpirationDays"] == 1000


def test_parameters_with_spaces_and_percent_signs_arrive_whole(stack: LocalStack) -> None:
    """The sample's default offer is '30% Off Renewal'."""
    function = stack.clients.functions().get_function(FunctionName=stack.environment["VIEWED_FUNCTION"])
    assert function["Configuration"]["Environment"]["Variables"]["OFFER_NAME"] == "30% Off Renewal"


def test_the_mapping_keeps_the_templates_settings(stack: LocalStack) -> None:
    """The local AWS needs the concurrency as a number; nothing else about the mapping may change."""
    [mapping] = stack.clients.functions().list_event_source_mappings()["EventSourceMappings"]
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BatchSize"] == 50
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}


def test_the_domain_has_a_dead_letter_queue(stack: LocalStack) -> None:
    """What a domain accepts and cannot match ends there, or nowhere."""
    domain = stack.clients.customer_profiles().get_domain(DomainName=stack.environment["PROFILE_DOMAIN_NAME"])
    assert domain["DeadLetterQueueUrl"].endswith("customer-profiles-domain-dead-letters")
    assert stack.outputs["DomainDeadLetterQueueUrl"] == domain["DeadLetterQueueUrl"]


def test_everything_listens_on_the_loopback_interface_only(stack: LocalStack) -> None:
    """A developer's machine may be in a café."""
    pids = {server.pid for server in stack.servers if "feed" not in server.name}  # which calls, and is not called
    listening = [
        connection.laddr.ip
        for pid in pids
        for connection in psutil.Process(pid).net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= len(pids)
    assert set(listening) == {"127.0.0.1"}


def test_the_functions_log_lines_are_kept_in_files(stack: LocalStack) -> None:
    """The local CloudWatch forgets everything when it ends."""
    names = {path.name for path in stack.collect_logs().iterdir()}
    assert {"aws.log", "customer-profiles.log", "sam-deploy.log"} <= names
    assert any(name.startswith("journeys-write-back-bootstrap-") for name in names)


def test_a_running_stack_is_found_by_its_directory(stack: LocalStack) -> None:
    """`make down`, the demo and the tests are different processes."""
    assert LocalStack.attach(stack.directory).environment == stack.environment


def test_a_second_start_in_the_same_directory_is_refused(stack: LocalStack) -> None:
    """Two stacks would overwrite one another's state, and one of them would be lost."""
    with pytest.raises(AlreadyRunningError, match="make down"):
        LocalStack.start(stack.directory)


def test_up_again_prints_the_same_exports_and_nothing_else(stack: LocalStack) -> None:
    """`eval "$(make -s up)"` in a second shell must give it the same stack."""
    again = local("up", "--directory", str(stack.directory))
    assert again.returncode == 0
    assert "already up" in again.stderr
    lines = again.stdout.splitlines()
    assert all(line.startswith("export ") for line in lines)
    assert f"export VIEWED_FUNCTION={stack.environment['VIEWED_FUNCTION']}" in lines


def test_a_domain_that_the_service_refuses_is_told_in_a_sentence(tmp_path: Path) -> None:
    """The domain is made before the template's own patterns are asked."""
    with pytest.raises(ServiceError, match="a local service refused"):
        LocalStack.start(tmp_path, StackSettings(parameters={"ProfileDomainName": "no such name"}))
    assert not (tmp_path / "state.json").exists()


def test_neither_proxy_nor_profile_of_the_shell_matters(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who develops on AWS has both, and the local stack is reached by neither."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_PROFILE", "no-such-profile")
    assert stack.clients.sqs().list_queues()["QueueUrls"]


def test_down_without_up_is_no_error(tmp_path: Path) -> None:
    """Whoever cleans up need not know what ran."""
    result = local("down", "--directory", str(tmp_path))
    assert result.returncode == 0
    assert "Nothing is up" in result.stderr
    with pytest.raises(NotRunningError, match="make up"):
        LocalStack.attach(tmp_path)


def test_a_failed_deployment_says_why_and_leaves_nothing_running(tmp_path: Path) -> None:
    """A refused parameter is the commonest failure; the template's own words must reach the reader."""
    with pytest.raises(SamError, match="ProfileObjectTypeName"):
        LocalStack.start(tmp_path, StackSettings(parameters={"ProfileObjectTypeName": "1 bad name"}))
    assert not [
        process
        for process in psutil.process_iter(["environ"])
        if (process.info["environ"] or {}).get("TMPDIR", "").startswith(str(tmp_path))
    ]
    assert not (tmp_path / "state.json").exists()
    assert (tmp_path / "logs" / "sam-deploy.log").exists()
