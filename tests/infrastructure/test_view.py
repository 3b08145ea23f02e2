"""The contract of the view: the dashboard and the alarms name what exists, and all that exists is shown."""

import re
from itertools import combinations
from typing import Any

import pytest

from engagement.telemetry import Metric
from tests.infrastructure.template import FUNCTIONS as FUNCTION_IDS
from tests.infrastructure.template import PARAMETERS, RESOURCES, TEMPLATE, number, of_type, properties
from tests.infrastructure.view import NAMESPACE, OURS, SERVICES, Shown, alarms, body, shown, widgets

QUEUES = {"EngagementQueue.QueueName", "DeadLetterQueue.QueueName", "DomainQueueName"}
INGEST = {"ViewedOfferFunction", "NotViewedOfferFunction"}
FUNCTIONS = INGEST | {"WriterFunction"}
AWS_METRICS: dict[tuple[str, str], tuple[str, set[str]]] = {
    # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    ("AWS/SQS", "ApproximateAgeOfOldestMessage"): ("QueueName", QUEUES),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): ("QueueName", QUEUES),
    ("AWS/SQS", "ApproximateNumberOfMessagesNotVisible"): ("QueueName", QUEUES),
    ("AWS/SQS", "NumberOfMessagesSent"): ("QueueName", QUEUES),
    ("AWS/SQS", "NumberOfMessagesReceived"): ("QueueName", QUEUES),
    ("AWS/SQS", "NumberOfMessagesDeleted"): ("QueueName", QUEUES),
    ("AWS/SQS", "ApproximateNumberOfNoisyGroups"): ("QueueName", {"EngagementQueue.QueueName"}),
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    ("AWS/Lambda", "Invocations"): ("FunctionName", FUNCTIONS),
    ("AWS/Lambda", "Errors"): ("FunctionName", FUNCTIONS),
    ("AWS/Lambda", "Throttles"): ("FunctionName", INGEST),
    ("AWS/Lambda", "Duration"): ("FunctionName", FUNCTIONS),
    ("AWS/Lambda", "ConcurrentExecutions"): ("FunctionName", FUNCTIONS),
    # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
    ("AWS/Logs", "IncomingBytes"): (
        "LogGroupName",
        {"ViewedOfferLogGroup", "NotViewedOfferLogGroup", "WriterLogGroup"},
    ),
}
"""AWS's own metrics that the view may name: the one dimension of each, and whose it may be."""
FUNCTION_NAMES = {"FILL", "IF", "PERIOD", "SEARCH"}
SHOWN = shown()
ALARMS = alarms()
STATISTICS = {"Sum", "Maximum", "Average", "p50", "p95", "p99"}


def names(one: Shown) -> str:
    """Return a test's name for what is shown."""
    return f"{one.place}: {one.name}"


@pytest.mark.parametrize("one", [one for one in SHOWN if one.namespace == OURS], ids=names)
def test_a_metric_of_ours_is_of_the_closed_list_with_its_dimensions(one: Shown) -> None:
    """A widget with a misspelt metric is empty, and an empty widget looks like peace."""
    assert one.name in set(Metric)
    values = dict(one.dimensions)
    if "reason" in values:
        assert set(values) == {"service", "reason"}
        assert one.name in {Metric.RECORDS_PARKED, Metric.RECORDS_IN_DOUBT}
    else:
        assert set(values) == {"service"}
        assert values["service"] in SERVICES


@pytest.mark.parametrize("one", [one for one in SHOWN if one.namespace != OURS], ids=names)
def test_a_metric_of_awss_is_of_the_checked_list_with_its_dimensions(one: Shown) -> None:
    """The names and dimensions are those of AWS's guides; the values are of this stack's own resources."""
    [(dimension, value)] = one.dimensions
    expected, owners = AWS_METRICS[one.namespace, one.name]
    assert dimension == expected
    assert value in owners


@pytest.mark.parametrize("metric", list(Metric))
def test_every_metric_of_ours_is_shown_by_a_widget(metric: Metric) -> None:
    """One that nobody sees is paid for and looked after in vain."""
    titles = {widget["title"] for widget in widgets("metric")}
    assert [one for one in SHOWN if (one.namespace, one.name) == (OURS, metric) and one.place in titles]


def test_the_checked_list_holds_nothing_that_is_not_shown() -> None:
    """It would be checked for nobody."""
    assert set(AWS_METRICS) == {(one.namespace, one.name) for one in SHOWN if one.namespace != OURS}


def test_every_statistic_is_one_that_cloudwatch_knows() -> None:
    """A misspelt one is an empty graph as well."""
    assert {one.stat for one in SHOWN if one.stat} <= STATISTICS
    assert not [one for one in SHOWN if not one.stat and not any(value is None for _, value in one.dimensions)]


@pytest.mark.parametrize("widget", widgets("metric"), ids=lambda widget: widget["title"])
def test_an_expression_uses_ids_that_its_widget_defines(widget: dict[str, Any]) -> None:
    """CloudWatch shows an error in the widget's place, on the day on which somebody looks."""
    options = [row[-1] for row in widget["metrics"] if isinstance(row[-1], dict)]
    ids = [option["id"] for option in options if "id" in option]
    used = set()
    for expression in [option["expression"] for option in options if "expression" in option]:
        used |= set(re.findall(r"[A-Za-z_]\w*", re.sub(r"'[^']*'", "", expression))) - FUNCTION_NAMES
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z]\w*", each) for each in ids)
    assert used <= set(ids)
    hidden = {option["id"] for option in options if option.get("visible") is False}
    assert hidden <= used, "what is hidden is there for an expression"
    assert all("label" in option for option in options if "SEARCH" not in option.get("expression", "SEARCH"))


def test_widgets_neither_overlap_nor_leave_the_page() -> None:
    """CloudWatch would move them, and the rows of the text would mean others."""
    places = [(each["x"], each["y"], each["width"], each["height"]) for each in body()["widgets"]]
    for (x, y, width, height), (other_x, other_y, other_width, other_height) in combinations(places, 2):
        beside = x + width <= other_x or other_x + other_width <= x
        assert beside or y + height <= other_y or other_y + other_height <= y
    assert max(x + width for x, _, width, _ in places) == 24
    for row in {y for _, y, _, _ in places}:
        assert sum(width for _, y, width, _ in places if y == row) == 24


def test_every_row_is_explained_by_the_text() -> None:
    """Who is woken up has not made this dashboard."""
    [text] = widgets("text")
    rows = re.findall(r"^\| \*\*(\w+)", text["markdown"], re.MULTILINE)
    titles = {re.split(r"[: ]", widget["title"])[0] for widget in widgets("metric")}
    assert set(rows) == titles
    for line in text["markdown"].splitlines()[3:]:
        row, means, do = (cell.strip() for cell in line.strip("|").split("|"))
        assert row
        assert len(means) > 20
        assert len(do) > 20


def test_the_failures_are_read_from_every_functions_log() -> None:
    """A function that is left out fails unseen."""
    [log] = widgets("log")
    assert set(re.findall(r"SOURCE '(\w+)'", log["query"])) == set(of_type("AWS::Logs::LogGroup"))
    assert "record parked" in log["query"]


def test_every_alarm_is_on_the_page() -> None:
    """The page is the first thing that is opened when one rings."""
    text, variables = properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    written = text + str(variables["NoTraffic"])
    every = set(ALARMS) | set(of_type("AWS::CloudWatch::CompositeAlarm"))
    assert {
        name for name in every if f"${{{name}.Arn}}" in written or f"${{AWS::StackName}}-{name}" in written
    } == every


@pytest.mark.parametrize("name", [*ALARMS, "PipelineAlarm"])
def test_an_alarm_says_what_to_do_first_and_where_to_read_on(name: str) -> None:
    """The description is the mail's text, at three in the morning."""
    alarm = properties(name)
    description = alarm["AlarmDescription"]
    assert " First: " in description
    assert description.endswith(f" docs/runbook.md, {name}.")
    assert len(description) <= 1024
    # by its name, which is the runbook's heading, an alarm is found in mails, consoles and `ops`
    assert alarm["AlarmName"] == {"Fn::Sub": f"${{AWS::StackName}}-{name}"}


@pytest.mark.parametrize("name", list(ALARMS))
def test_an_alarm_bears_a_quiet_night(name: str) -> None:
    """No traffic is no failure, unless somebody expects some."""
    expected = "breaching" if name == "NoTrafficAlarm" else "notBreaching"
    assert ALARMS[name]["TreatMissingData"] == expected
    assert ALARMS[name]["ComparisonOperator"] in {
        "GreaterThanThreshold",
        "GreaterThanOrEqualToThreshold",
        "LessThanThreshold",
    }


@pytest.mark.parametrize("name", [*ALARMS, "PipelineAlarm"])
def test_an_alarm_mails_where_an_address_was_given_and_tells_the_topic_that_was(name: str) -> None:
    """Each one by itself: behind the composite alone, a second cause would stay silent while the first lasts."""
    told = [
        {"Fn::If": ["SendsMail", {"Ref": "AlarmTopic"}, {"Ref": "AWS::NoValue"}]},
        {"Fn::If": ["TellsTopic", {"Ref": "AlarmTopicArn"}, {"Ref": "AWS::NoValue"}]},
    ]
    assert properties(name)["AlarmActions"] == told
    assert TEMPLATE["Conditions"]["SendsMail"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]}
    assert TEMPLATE["Conditions"]["TellsTopic"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmTopicArn"}, ""]}]}


def test_all_is_over_is_told_to_the_same() -> None:
    """Whoever was woken wants to hear that they may sleep."""
    assert properties("PipelineAlarm")["OKActions"] == properties("PipelineAlarm")["AlarmActions"]


def test_the_composite_alarm_is_of_all_of_them() -> None:
    """One that is left out is one that the wallboard does not know."""
    text, variables = properties("PipelineAlarm")["AlarmRule"]["Fn::Sub"]
    assert set(re.findall(r'ALARM\("\$\{(\w+)\}"\)', text + str(variables["NoTraffic"]))) == set(ALARMS)
    assert text.split()[-1] == "${NoTraffic}"


def test_no_traffic_is_no_alarm_unless_it_was_asked_for() -> None:
    """Most journeys rest for days."""
    assert PARAMETERS["NoTrafficHours"]["Default"] == 0
    assert TEMPLATE["Conditions"]["ExpectsTraffic"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "NoTrafficHours"}, 0]}]}
    assert [name for name in ALARMS if RESOURCES[name].get("Condition")] == ["NoTrafficAlarm"]


def expression(wanted: str) -> str:
    """Return the dashboard's one expression with this id."""
    rows = [row[0] for widget in widgets("metric") for row in widget["metrics"] if isinstance(row[0], dict)]
    [found] = [row["expression"] for row in rows if row["id"] == wanted]
    return str(found)


def test_the_writers_alarm_rings_before_its_time_out() -> None:
    """Cut off by Lambda, a batch comes again as a whole; the dashboard shows the share of the same time-out."""
    timeout = properties("WriterFunction")["Timeout"] * 1000
    assert 0.8 * timeout < ALARMS["WriterDurationAlarm"]["Threshold"] < timeout
    share = expression("time")
    assert share.endswith(f"/ {timeout}")


def test_the_limits_leave_room_for_a_million_customers() -> None:
    """An alarm that rings with every campaign is switched off."""
    seconds = 1_000_000 / number({"Ref": "MaxWritesPerSecond"})
    assert number({"Ref": "OldestRecordSeconds"}) > seconds
    assert number({"Ref": "DrainTimeSeconds"}) > seconds


def test_drained_never_means_after_the_queues_retention() -> None:
    """Where nothing leaves the queue the time to drain is the time after which its records are gone."""
    retention = str(properties("EngagementQueue")["MessageRetentionPeriod"])
    [drain] = [one["Expression"] for one in ALARMS["DrainTimeAlarm"]["Metrics"] if "Expression" in one]
    assert retention in drain
    assert retention in expression("drain")


@pytest.mark.parametrize(
    ("parameter", "alarm", "queue"),
    [
        ("OldestRecordSeconds", "OldestRecordAlarm", "EngagementQueue"),
        ("DrainTimeSeconds", "DrainTimeAlarm", "EngagementQueue"),
        ("OldestParkedDays", "OldestParkedAlarm", "DeadLetterQueue"),
    ],
)
def test_a_limit_is_one_that_can_be_exceeded(parameter: str, alarm: str, queue: str) -> None:
    """No message is older than its queue keeps it, and `more than` the oldest there is never holds."""
    retention = properties(queue)["MessageRetentionPeriod"] / (86_400 if parameter.endswith("Days") else 1)
    assert ALARMS[alarm]["Threshold"] == {"Ref": parameter}
    assert ALARMS[alarm]["ComparisonOperator"] == "GreaterThanThreshold"
    assert PARAMETERS[parameter]["MaxValue"] < retention


def test_what_sqs_moved_is_told_of_before_it_is_gone() -> None:
    """Its age begins anew where it was moved to, and its days with its first queue."""
    days = [properties(queue)["MessageRetentionPeriod"] / 86_400 for queue in ("DeadLetterQueue", "EngagementQueue")]
    assert number({"Ref": "OldestParkedDays"}) < days[0] - days[1]


def test_two_regions_of_an_account_have_a_page_each() -> None:
    """A dashboard's name is the account's, not the Region's: the second deployment would replace the first one's."""
    assert properties("Dashboard")["DashboardName"] == {"Fn::Sub": "${AWS::StackName}-${AWS::Region}"}


@pytest.mark.parametrize("address", ["", "ops@example.com", "on.call+pager@mail.example.co.uk"])
def test_an_address_is_taken(address: str) -> None:
    """Or none at all."""
    assert re.search(PARAMETERS["AlarmEmail"]["AllowedPattern"], address)


@pytest.mark.parametrize("address", ["ops", "ops@example", "a@b.c, d@e.f", "@example.com", "ops @example.com"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """SNS would take it, and its mail would reach nobody."""
    assert not re.search(PARAMETERS["AlarmEmail"]["AllowedPattern"], address)


@pytest.mark.parametrize(
    "arn", ["", "arn:aws:sns:eu-west-1:123456789012:on-call", "arn:aws-us-gov:sns:us-gov-west-1:123456789012:a_b"]
)
def test_a_topic_is_taken(arn: str) -> None:
    """Or none at all; of another account too, and of every partition."""
    assert re.search(PARAMETERS["AlarmTopicArn"]["AllowedPattern"], arn)


@pytest.mark.parametrize(
    "arn",
    [
        "on-call",
        "arn:aws:sns:eu-west-1:123456789012:on-call.fifo",
        "arn:aws:sqs:eu-west-1:123456789012:on-call",
        "arn:aws:sns:eu-west-1:123456789012:on-call:6b0e71bd-7e97-4d97-80ce-4a0994e55286",
    ],
)
def test_what_is_no_topic_for_alarms_is_refused(arn: str) -> None:
    """A subscription's ARN looks like one, and CloudWatch cannot tell a FIFO topic."""
    assert not re.search(PARAMETERS["AlarmTopicArn"]["AllowedPattern"], arn)


@pytest.mark.parametrize("function", FUNCTION_IDS)
def test_a_functions_lines_are_kept_as_it_writes_them(function: str) -> None:
    """With LogFormat JSON Lambda filters them by a level that LogLevel does not set; test_lambda_runtime shows it."""
    logging = properties(function)["LoggingConfig"]
    assert logging["LogFormat"] == "Text"
    assert set(logging) == {"LogFormat", "LogGroup"}


def test_metrics_are_the_stacks_own() -> None:
    """Two stacks in one account and Region must not ring each other's alarms."""
    variables = TEMPLATE["Globals"]["Function"]["Environment"]["Variables"]
    assert variables["POWERTOOLS_METRICS_NAMESPACE"] == NAMESPACE
    assert TEMPLATE["Outputs"]["MetricsNamespace"]["Value"] == NAMESPACE
    assert {one.namespace for one in SHOWN} == {OURS, "AWS/SQS", "AWS/Lambda", "AWS/Logs"}
