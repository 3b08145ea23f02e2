"""The functions' lines under Lambda's own runtime interface client, with every log control that Lambda has.

The local AWS has a runtime of its own, and no log controls.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from local.cloudwatch import emf
from local.cloudwatch.logs import Event
from local.dashboard import log_query
from tests.contract.lambda_runtime import LogControls, Run, run
from tests.contract.sqs_endpoint import sqs_endpoint
from tests.infrastructure.template import FUNCTIONS, environment, properties
from tests.infrastructure.view import OURS, widgets
from tests.samples import engagement_record, pinpoint_event
from tests.sqs_events import sqs_event

PINPOINT = pinpoint_event()

TEMPLATES = LogControls(properties("ViewedOfferFunction")["LoggingConfig"]["LogFormat"])
BY_HAND = [LogControls("JSON", level) for level in ("DEBUG", "WARN", "FATAL")]
"""What somebody can make of it in the console."""


@pytest.fixture(scope="module")
def aws() -> Iterator[str]:
    """The address of an SQS; whatever else is asked of it fails."""
    with sqs_endpoint() as address:
        yield address


def variables(function: str, aws: str, **changes: str) -> dict[str, str]:
    """Return a function's environment as the template's defaults make it, with these variables changed."""
    return {
        **environment(function),
        "POWERTOOLS_METRICS_NAMESPACE": OURS,
        "POWERTOOLS_LOG_LEVEL": "INFO",
        "AWS_ENDPOINT_URL": aws,
        "ENGAGEMENT_QUEUE_URL": f"{aws}/123456789012/engagement",
        "DEAD_LETTER_QUEUE_URL": f"{aws}/123456789012/dead-letters",
        **changes,
    }


def invoked(function: str, event: Any, controls: LogControls, environment: dict[str, str], scratch: Path) -> Run:
    """Return what became of one invocation of a function of the template."""
    return run(properties(function)["Handler"], [event], controls, environment, scratch)


def measured(lines: tuple[str, ...]) -> set[tuple[str, str, tuple[float, ...]]]:
    """Return the metrics that CloudWatch finds in lines."""
    return {(datum.namespace, datum.name, datum.values) for line in lines for datum in emf.extract(line)}


def test_this_lambda_drops_what_the_guide_says(aws: str, tmp_path: Path) -> None:
    """With the format JSON neither LogLevel nor metrics of a usual function survive: the fault that is looked for."""
    usual = variables("WriterFunction", aws, POWERTOOLS_LOG_LEVEL="WARNING")
    by_default, raised, debug = (
        run("lambda_functions.usual.handler", [{"secret": "s3cret"}], LogControls("JSON", level), usual, tmp_path)
        for level in ("INFO", "WARN", "DEBUG")
    )
    assert "as expected" in [line.get("message") for line in by_default.documents()]
    assert measured(by_default.lines) == {(OURS, "Invoked", (1.0,))}
    assert measured(raised.lines) == set()
    assert measured(raised.dropped) == {(OURS, "Invoked", (1.0,))}
    assert "s3cret" in "".join(debug.lines)


@pytest.mark.parametrize(("level", "written"), [("INFO", True), ("WARNING", False)])
def test_loglevel_is_what_is_written(aws: str, tmp_path: Path, level: str, written: bool) -> None:  # noqa: FBT001 - a case
    """As the template is deployed; metrics are no matter of it."""
    quiet = variables("ViewedOfferFunction", aws, POWERTOOLS_LOG_LEVEL=level)
    told = invoked("ViewedOfferFunction", PINPOINT, TEMPLATES, quiet, tmp_path)
    assert ("INFO" in {line.get("level") for line in told.documents()}) is written
    assert (OURS, "RecordsReceived", (float(len(PINPOINT["Endpoints"])),)) in measured(told.lines)
    assert told.dropped == ()
    assert failures("ViewedOfferLogGroup", told.lines) == [], "what went well would hide what did not"


@pytest.mark.parametrize("controls", BY_HAND, ids=lambda controls: controls.level)
def test_no_log_control_drops_a_metric(aws: str, tmp_path: Path, controls: LogControls) -> None:
    """Somebody who finds the logs too long turns a knob in the console; every alarm hangs on these lines."""
    told = invoked("ViewedOfferFunction", PINPOINT, controls, variables("ViewedOfferFunction", aws), tmp_path)
    assert (OURS, "RecordsReceived", (float(len(PINPOINT["Endpoints"])),)) in measured(told.lines)
    assert measured(told.dropped) == set()


@pytest.mark.parametrize("controls", [TEMPLATES, LogControls("JSON", "DEBUG")], ids=["deployed", "by hand"])
def test_no_level_writes_a_customer(aws: str, tmp_path: Path, controls: LogControls) -> None:
    """At DEBUG the SDK writes each request: endpoints, addresses, attributes."""
    ingest = variables("ViewedOfferFunction", aws, POWERTOOLS_LOG_LEVEL="DEBUG")
    told = invoked("ViewedOfferFunction", PINPOINT, controls, ingest, tmp_path)
    assert measured(told.lines) >= {(OURS, "RecordsQueued", (1.0,))}
    [customer] = PINPOINT["Endpoints"].values()
    assert customer["Address"] not in "".join(told.lines)
    assert customer["User"]["UserId"] not in "".join(told.lines)

    sent = engagement_record()
    writer = variables("WriterFunction", aws, POWERTOOLS_LOG_LEVEL="DEBUG")
    told = invoked("WriterFunction", sqs_event([sent]), controls, writer, tmp_path)
    [calls] = [values for _, name, values in measured(told.lines) if name == "WriteCalls"]
    assert calls > (0.0,)
    assert sent.customer.user_id
    assert sent.customer.user_id not in "".join(told.lines)


def failures(group: str, lines: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the rows of "The last failures" for the lines of a log group."""
    [log] = widgets("log")
    return log_query.parse(log["query"]).run([Event(group, at, line) for at, line in enumerate(lines)])


FORMATS = [TEMPLATES, LogControls("JSON", "ERROR")]


@dataclass(frozen=True)
class Failing:
    """An invocation that fails as a whole.

    Attributes:
        told: What its caller, and the table, must say of it.
        function: By its logical id.
        event: What it is invoked with.
        changes: Of its environment.
        handler: Empty for the template's.
    """

    told: str
    function: str = "ViewedOfferFunction"
    event: Any = field(default_factory=pinpoint_event)
    changes: Mapping[str, str] = field(default_factory=dict)
    handler: str = ""


FAILING = [
    Failing("MAX_WRITES_PER_SECOND has the value 'abc'", "WriterFunction", {}, {"MAX_WRITES_PER_SECOND": "abc"}),
    Failing("No module named 'ingest.gone'", handler="ingest.gone.handler"),
    Failing("UnsentError", changes={"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}),
    Failing("invalid event", event={"neither": "contract"}),
]


@pytest.mark.parametrize("controls", FORMATS, ids=["deployed", "by hand"])
@pytest.mark.parametrize("failing", FAILING, ids=lambda failing: failing.told)
def test_a_failure_is_among_the_last_failures(
    aws: str, tmp_path: Path, controls: LogControls, failing: Failing
) -> None:
    """Who opens the page has no other line to go by."""
    environment = variables(failing.function, aws, **failing.changes)
    handler = failing.handler or properties(failing.function)["Handler"]
    failed = run(handler, [failing.event], controls, environment, tmp_path)
    assert "errorMessage" in failed.answers[0]
    rows = failures(properties(failing.function)["LoggingConfig"]["LogGroup"]["Ref"], failed.lines)
    assert [row for row in rows if failing.told in " ".join(row)]
    assert len(rows) < 4, "one failure does not fill the table"


REPORT = {"type": "platform.report", "record": {"requestId": "8f507cfc", "status": "timeout", "metrics": {}}}
PLATFORM = [
    "2026-11-25T14:00:14.010Z 8f507cfc-3c3a-4d0e-9c0f-0a8b7b6c5d4e Task timed out after 14.00 seconds",
    "RequestId: 8f507cfc-3c3a-4d0e-9c0f-0a8b7b6c5d4e Error: Runtime exited with error: signal: killed",
    json.dumps({"time": "2026-11-25T14:00:14.010Z", **REPORT}),
    json.dumps({**REPORT, "record": {"status": "error", "errorType": "Runtime.ExitError"}}),
]
"""What Lambda itself writes where no code of the function can: out of time or memory, in either format."""


@pytest.mark.parametrize("line", PLATFORM)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_lambda_ends_is_among_the_last_failures(function: str, line: str) -> None:
    """A function that is cut off has no last word of its own."""
    assert len(failures(properties(function)["LoggingConfig"]["LogGroup"]["Ref"], (line,))) == 1
