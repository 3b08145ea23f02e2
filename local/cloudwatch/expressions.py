"""Metric math and SEARCH: the expressions of the template's widgets and alarms, which ministack does not evaluate.

Source of the rules: the CloudWatch user guide, "Using metric math" and "CloudWatch search expression syntax". Only what
a widget or an alarm of the template uses is here. Anything else raises `ExpressionError`: a wrong figure is worse than
none.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import isfinite

from local.cloudwatch.metrics import Metric, Points, Range

Value = float | Points
Operation = Callable[[float, float], float]
SEARCH = re.compile(r"""^SEARCH\('\{"?([^",}]+)"?((?:,\w+)*)\} MetricName="(\w+)"', '(\w+)', \d+\)$""")
OPERATIONS: dict[type[ast.AST], Operation] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: lambda a, b: float(a > b),
    ast.Lt: lambda a, b: float(a < b),
}


class ExpressionError(ValueError):
    """An expression that is not understood here."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search for the metrics of one name with exactly these dimensions, whatever their values."""

    namespace: str
    dimensions: frozenset[str]
    name: str
    statistic: str

    def select(self, metrics: Iterable[Metric]) -> list[Metric]:
        """Return the metrics that are meant, ordered by their dimensions."""
        meant = [one for one in metrics if one.name == self.name and dict(one.dimensions).keys() == self.dimensions]
        return sorted(meant, key=lambda metric: metric.dimensions)


def search(expression: str) -> Search | None:
    """Return the search that an expression is; None if it is metric math."""
    if (found := SEARCH.match(expression)) is None:
        return None
    namespace, dimensions, name, statistic = found.groups()
    return Search(namespace, frozenset(dimensions.split(",")[1:]), name, statistic)


def names(expression: str) -> set[str]:
    """Return every name in metric math, functions among them.

    Raises:
        ExpressionError: it is not understood.
    """
    return {node.id for node in ast.walk(_parsed(expression)) if isinstance(node, ast.Name)}


def evaluate(expression: str, series: Mapping[str, Points], span: Range) -> Points:
    """Return what metric math yields of other series, by their ids.

    Between two series a missing value is 0, if the other has one; a division by zero has no result.

    Raises:
        ExpressionError: it is not understood, or names an unknown id.
    """
    return _points(_Evaluation(series, span).of(_parsed(expression)), span)


def _parsed(expression: str) -> ast.expr:
    try:  # what is understood of the two syntaxes is the same
        return ast.parse(expression.strip(), mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(f"not understood: {expression}") from error


@dataclass(frozen=True, slots=True)
class _Evaluation:
    series: Mapping[str, Points]
    span: Range

    def of(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name) if name in self.series:
                return self.series[name]
            case (
                ast.BinOp(left=left, op=sign, right=right) | ast.Compare(left=left, ops=[sign], comparators=[right])
            ) if type(sign) in OPERATIONS:
                return _combined(OPERATIONS[type(sign)], self.of(left), self.of(right))
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, [self.of(argument) for argument in arguments])
        raise ExpressionError(f"not understood: {ast.unparse(node)}")

    def _call(self, name: str, arguments: list[Value]) -> Value:
        match name, arguments:
            case "PERIOD", [_]:
                return float(self.span.period)
            case "FILL", [points, float() as filler]:
                return {at: _points(points, self.span).get(at, filler) for at in self.span.moments}
            case "IF", [condition, then, otherwise] if not isinstance(condition, float):
                return self._chosen(condition, then, otherwise)
        raise ExpressionError(f"{name} with these {len(arguments)} arguments is not understood")

    def _chosen(self, condition: Points, then: Value, otherwise: Value) -> Points:
        first, second = _points(then, self.span), _points(otherwise, self.span)
        chosen = {at: first.get(at, 0.0) if holds else second.get(at) for at, holds in condition.items()}
        if isinstance(then, Mapping) and isinstance(otherwise, float):
            # the guide's table for IF(metric1, metric2, scalar3): no value of the condition is not true
            chosen |= dict.fromkeys(first.keys() - condition.keys(), otherwise)
        return {at: value for at, value in sorted(chosen.items()) if value is not None}


def _points(value: Value, span: Range) -> Points:
    return dict.fromkeys(span.moments, value) if isinstance(value, float) else value


def _combined(operation: Operation, left: Value, right: Value) -> Value:
    if isinstance(left, float) and isinstance(right, float):
        return _finite(operation, left, right) or 0.0
    # beside a number a series has no more values than its own
    moments = sorted({at for value in (left, right) if isinstance(value, Mapping) for at in value})
    values = {at: _finite(operation, _at(left, at), _at(right, at)) for at in moments}
    return {at: value for at, value in values.items() if value is not None}


def _at(value: Value, at: int) -> float:
    return value if isinstance(value, float) else value.get(at, 0.0)


def _finite(operation: Operation, left: float, right: float) -> float | None:
    try:
        value = operation(left, right)
    except (ZeroDivisionError, OverflowError):
        return None
    return value if isfinite(value) else None
