"""SEARCH expressions."""

import pytest

from local.cloudwatch.search import Search, SearchError
from local.cloudwatch.series import Metric

NAMESPACE = "JourneyWriteBack"


def parked(**dimensions: str) -> Metric:
    """Return a metric of parked records."""
    return Metric(NAMESPACE, "RecordsParked", tuple(sorted(dimensions.items())))


def test_a_search_means_the_metrics_with_exactly_its_dimensions() -> None:
    """The totals without a reason would count everything twice."""
    wanted = [parked(service="writer", reason="not_json"), parked(service="viewed-offer", reason="no_identity")]
    others = [parked(service="writer"), Metric(NAMESPACE, "RecordsWritten", wanted[0].dimensions)]
    search = Search.parse(f'{{{NAMESPACE},reason,service}} MetricName="RecordsParked"')
    assert search.select([*wanted, *others]) == sorted(wanted, key=lambda metric: metric.dimensions)


def test_a_search_may_name_values_and_alternatives() -> None:
    """One function's own, or two of them."""
    metrics = [parked(service=service, reason="r") for service in ("a", "b", "c")]
    text = f'{{{NAMESPACE},service,reason}} MetricName=RecordsParked AND service=("a" OR "c")'
    assert Search.parse(text).select(metrics) == [metrics[0], metrics[2]]


@pytest.mark.parametrize("text", ["RecordsParked", "{N,a} NOT MetricName=x", "{N} some words"])
def test_a_search_of_another_form_is_refused(text: str) -> None:
    """Guessing would show other metrics than the author meant."""
    with pytest.raises(SearchError):
        Search.parse(text)
