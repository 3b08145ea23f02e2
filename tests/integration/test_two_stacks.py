"""Two stacks of this template in one account and Region, as staging is beside production."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.cloudwatch.alarms import Alarm
from local.dashboard import command
from local.stack import LocalStack, StackSettings, alarms, deployment
from tests.integration.waiting import total, until

TOPIC = "arn:aws:sns:us-east-1:000000000000:on-call"
STAGING = "journeys-write-back-staging"
NOBODY = json.dumps({"Endpoints": {"nobody": {"ChannelType": "EMAIL"}}}).encode()


@dataclass(frozen=True)
class Both:
    """The local stack, which is production, and a second one in the same local AWS."""

    production: LocalStack
    staging: dict[str, str]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """Deploy both, let staging's writer refuse to start, and send it somebody whom nobody can identify."""
    settings = StackSettings(parameters={"LogLevel": "WARNING", "AlarmTopicArn": TOPIC}, feed_metrics=True)
    with LocalStack.running(tmp_path_factory.mktemp("both"), settings) as stack:
        template = stack.directory / "build" / "deployed.yaml"
        # production's type is production's own, and would be refused; the template's defaults here are its parameters
        own = {"ProfileObjectTypeName": "StagingOffers", "AlarmTopicArn": ""}
        deployment.deploy(template, stack.directory, stack.environment["AWS_ENDPOINT_URL"], own, stack=STAGING)
        staging = deployment.outputs(stack.clients, STAGING)
        functions = stack.clients.functions()
        functions.invoke(FunctionName=staging["NotViewedOfferFunctionName"], Payload=NOBODY)
        functions.invoke(FunctionName=stack.outputs["ViewedOfferFunctionName"], Payload=b'{"Endpoints": {}}')
        variables = functions.get_function_configuration(FunctionName=stack.outputs["WriterFunctionName"])
        changed = {**variables["Environment"]["Variables"], "MAX_WRITES_PER_SECOND": "abc"}
        functions.update_function_configuration(
            FunctionName=stack.outputs["WriterFunctionName"], Environment={"Variables": changed}
        )
        functions.invoke(FunctionName=stack.outputs["WriterFunctionName"], Payload=b'{"Records": []}')
        until(lambda: parked(stack, staging["MetricsNamespace"]) > 0)
        yield Both(stack, staging)


def parked(stack: LocalStack, namespace: str) -> float:
    """Return the customers that a namespace says were parked by the function of offers not viewed."""
    return total(stack, namespace, "RecordsParked", service="not-viewed-offer")


def status(stack: LocalStack, name: str) -> dict[str, Any]:
    """Return what `ops status` tells of a stack."""
    ended = subprocess.run(
        [sys.executable, "-m", "ops", "status", "--json", f"--stack={name}"],
        check=False,
        capture_output=True,
        text=True,
        env=stack.environment,
    )
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_what_one_stack_parks_is_in_its_own_metrics_alone(both: Both) -> None:
    """In one namespace staging's failures ring production's alarms."""
    own = both.production.outputs["MetricsNamespace"]
    assert own != both.staging["MetricsNamespace"]
    until(lambda: total(both.production, own, "RecordsReceived", service="viewed-offer") == 0)
    assert parked(both.production, own) == 0
    assert parked(both.production, both.staging["MetricsNamespace"]) == 1


def test_status_counts_each_stack_by_itself(both: Both) -> None:
    """Whoever looks at production must not see staging's customers."""
    assert status(both.production, "journeys-write-back")["counts"]["parked at ingest"] == 0
    assert status(both.production, STAGING)["counts"]["parked at ingest"] == 1


def test_an_alarm_looks_at_its_own_stack(both: Both) -> None:
    """Production's is quiet; staging's, of the same template, would ring."""
    watched = [Alarm.of(found) for found in json.loads(alarms.file(both.production.directory).read_text("utf-8"))]
    looked_at = {query.metric.namespace for alarm in watched for query in alarm.queries if query.metric is not None} - {
        "AWS/SQS",
        "AWS/Lambda",
    }
    assert looked_at == {both.production.outputs["MetricsNamespace"]}
    ringing = both.production.clients.cloudwatch().describe_alarms(StateValue="ALARM", AlarmTypes=["MetricAlarm"])
    assert [alarm for alarm in ringing["MetricAlarms"] if "FreshParking" in alarm["AlarmName"]] == []


def test_every_alarm_of_the_stack_with_a_topic_tells_it_alone(both: Both) -> None:
    """The template has two in whose place nothing stands where neither is given."""
    described = both.production.clients.cloudwatch().describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    told = {
        alarm["AlarmName"]: alarm["AlarmActions"]
        for alarm in (*described["MetricAlarms"], *described["CompositeAlarms"])
    }
    staging = {name for name in told if name.startswith(f"{STAGING}-")}
    assert {tuple(told[name]) for name in staging} == {()}
    assert {tuple(told[name]) for name in told.keys() - staging} == {(TOPIC,)}


def test_loglevel_holds_on_the_local_stack(both: Both) -> None:
    """With the log format JSON, Lambda's own level would be obeyed instead, and INFO lines written."""
    [log] = both.production.collect_logs().glob("journeys-write-back-viewed-offer-*.log")
    lines = log.read_text(encoding="utf-8")
    assert '"CloudWatchMetrics"' in lines
    assert '"level":"INFO"' not in lines


def test_a_setting_that_is_refused_is_among_the_last_failures(both: Both) -> None:
    """It is raised, not logged: the line is the runtime's own."""
    page = command.render(both.production)
    assert "[ERROR] SettingsError: MAX_WRITES_PER_SECOND has the value" in page
