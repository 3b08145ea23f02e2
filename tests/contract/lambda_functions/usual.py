"""A function as they are usually written, with Powertools' defaults: what the test's own Lambda does to it is known."""

import os
from typing import Any

import boto3
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit


def handler(event: dict[str, Any], _context: object) -> None:
    """Log a line, emit a metric, and send what came."""
    Logger().info("as expected")
    metrics = Metrics()
    metrics.add_metric(name="Invoked", unit=MetricUnit.Count, value=1)
    metrics.flush_metrics()
    boto3.client("sqs").send_message(QueueUrl=os.environ["ENGAGEMENT_QUEUE_URL"], MessageBody=event["secret"])
