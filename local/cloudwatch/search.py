"""SEARCH expressions: which metrics one of them means.

Source of the syntax: the CloudWatch user guide, "CloudWatch search expression syntax". Understood is the form with a
schema, `{Namespace,Dimension,...} MetricName="name" Dimension="value"`, joined by AND or a space, exact values only.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from local.cloudwatch.series import Metric

SCHEMA = re.compile(r"^\s*\{([^}]*)\}(.*)$", re.DOTALL)
TERM = re.compile(r"""\s*(?:AND\s+)?(\w+)\s*=\s*(?:"([^"]*)"|\(\s*"([^)]*)"\s*\)|([^\s"()]+))""")
ALTERNATIVE = re.compile(r'"\s+OR\s+"')


class SearchError(ValueError):
    """A search that is not of the form understood here."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search, parsed.

    Attributes:
        namespace: of the metrics.
        dimensions: the names of all dimensions that a metric has.
        terms: what a name (MetricName or a dimension) must be: one of the values.
    """

    namespace: str
    dimensions: frozenset[str]
    terms: dict[str, frozenset[str]]

    @classmethod
    def parse(cls, text: str) -> "Search":
        """Return the search that a text means.

        Raises:
            SearchError: it has another form.
        """
        schema = SCHEMA.match(text)
        if schema is None:
            raise SearchError(f"a search without a schema: {text}")
        namespace, *dimensions = [part.strip().strip('"') for part in schema[1].split(",")]
        rest, terms = schema[2].strip(), dict[str, frozenset[str]]()
        while rest:
            term = TERM.match(rest)
            if term is None:
                raise SearchError(f"a search with more than names and values: {text}")
            terms[term[1]] = frozenset(ALTERNATIVE.split(term[2] or term[3] or term[4] or ""))
            rest = rest[term.end() :].strip()
        return cls(namespace, frozenset(dimensions), terms)

    def select(self, metrics: Iterable[Metric]) -> list[Metric]:
        """Return those of the metrics that are meant, in the order of their dimensions."""
        return sorted(filter(self._means, metrics), key=lambda metric: (metric.name, metric.dimensions))

    def _means(self, metric: Metric) -> bool:
        dimensions = dict(metric.dimensions)
        if metric.namespace != self.namespace or dimensions.keys() != self.dimensions:
            return False
        named = dimensions | {"MetricName": metric.name}
        return all(named.get(name) in values for name, values in self.terms.items())
