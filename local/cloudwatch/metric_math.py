"""Metric math: the expressions of widgets and alarms, which ministack's GetMetricData does not reckon.

Source of the rules: the CloudWatch user guide, "Using metric math". Between two series, where one has a value at a
moment and the other has none, the missing one is 0; a division by zero has no result. Understood is what a pipeline's
dashboard uses; any other function raises `ExpressionError`, so that a widget says so instead of showing something else.
"""

import ast
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite

from local.cloudwatch.series import Points, Range, Series

Value = float | Points | list[Series] | str
Searching = Callable[[str, str], list[Series]]
"""Finds what SEARCH names: from the search and the statistic. Periods are those of the span."""


class ExpressionError(ValueError):
    """An expression that is not understood here."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression can name.

    Attributes:
        series: by id, stored metrics and expressions.
        stored: the ids of the stored metrics: what METRICS() means.
        span: the time that is looked at.
        search: answers SEARCH.
    """

    series: Mapping[str, Series]
    stored: frozenset[str]
    span: Range
    search: Searching


def evaluate(expression: str, scope: Scope, label: str) -> list[Series]:
    """Return what an expression yields: one series, or those of an array.

    At a moment at which none of its series has a value there is none, and none where the result is not finite.

    Raises:
        ExpressionError: it is not understood, or names an unknown id.
    """
    value = _Evaluation(scope).of(_parsed(expression))
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        raise ExpressionError(f"yields a text: {expression}")
    return [Series(label, _over(value, scope.span) if isinstance(value, float) else value)]


def names(expression: str) -> set[str]:
    """Return every name in an expression, functions among them.

    Raises:
        ExpressionError: it is not understood.
    """
    return {node.id for node in ast.walk(_parsed(expression)) if isinstance(node, ast.Name)}


def _parsed(expression: str) -> ast.expr:
    # the two syntaxes agree on all that is understood but for these signs
    text = re.sub(r"&&", " and ", re.sub(r"\|\|", " or ", expression.strip()))
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError as error:
        raise ExpressionError(f"not understood: {expression}") from error


BINARY: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.BitXor: operator.pow,
    ast.Lt: lambda a, b: float(a < b),
    ast.LtE: lambda a, b: float(a <= b),
    ast.Gt: lambda a, b: float(a > b),
    ast.GtE: lambda a, b: float(a >= b),
    ast.Eq: lambda a, b: float(a == b),
    ast.NotEq: lambda a, b: float(a != b),
    ast.And: lambda a, b: float(bool(a) and bool(b)),
    ast.Or: lambda a, b: float(bool(a) or bool(b)),
}
AGGREGATES: dict[str, Callable[[Sequence[float]], float]] = {
    "SUM": sum,
    "MAX": max,
    "MIN": min,
    "AVG": lambda values: sum(values) / len(values),
}


class _Evaluation:
    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def of(self, node: ast.expr) -> Value:  # noqa: C901, PLR0911 - one line a form of the syntax
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Constant(value=str() as text):
                return text
            case ast.Name(id="REPEAT" | "LINEAR" as word):
                return word
            case ast.Name(id=name):
                return self._named(name).points
            case ast.List(elts=elements):
                return [series for element in elements for series in self._as_series(element)]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._binary(operator.sub, 0.0, self.of(operand))
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in BINARY:
                return self._binary(BINARY[type(sign)], self.of(left), self.of(right))
            case ast.Compare(left=left, ops=[sign], comparators=[right]) if type(sign) in BINARY:
                return self._binary(BINARY[type(sign)], self.of(left), self.of(right))
            case ast.BoolOp(op=sign, values=[first, *others]):
                value = self.of(first)
                for other in others:
                    value = self._binary(BINARY[type(sign)], value, self.of(other))
                return value
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, arguments)
        raise ExpressionError(f"not understood: {ast.unparse(node)}")

    def _named(self, name: str) -> Series:
        if name not in self._scope.series:
            raise ExpressionError(f"no metric has the id {name}")
        return self._scope.series[name]

    def _stored(self, part: str) -> list[Series]:
        return [series for key, series in self._scope.series.items() if key in self._scope.stored and part in key]

    def _as_series(self, node: ast.expr) -> list[Series]:
        if isinstance(node, ast.Name):
            return [self._named(node.id)]
        value = self.of(node)
        if isinstance(value, list):
            return value
        return [Series(ast.unparse(node), self._points(value))]

    def _points(self, value: Value) -> Points:
        if isinstance(value, float):
            return _over(value, self._scope.span)
        if isinstance(value, Mapping):
            return value
        raise ExpressionError("an array or a text where one series belongs")

    def _binary(self, function: Callable[[float, float], float], left: Value, right: Value) -> Value:
        if isinstance(left, list) or isinstance(right, list):
            return self._with_array(function, left, right)
        if isinstance(left, float) and isinstance(right, float):
            return _finite(function, left, right) or 0.0
        first, second = self._points(left), self._points(right)
        # beside a number a series has no more values than its own; between two series a missing value is 0
        moments = [set(value) for value in (left, right) if isinstance(value, Mapping)]
        told = sorted(set().union(*moments))
        reckoned = {at: _finite(function, first.get(at, 0.0), second.get(at, 0.0)) for at in told}
        return {at: value for at, value in reckoned.items() if value is not None}

    def _with_array(self, function: Callable[[float, float], float], left: Value, right: Value) -> Value:
        if isinstance(left, list):
            return [Series(s.label, self._points(self._binary(function, s.points, right))) for s in left]
        assert isinstance(right, list)  # noqa: S101 - one of the two is
        return [Series(s.label, self._points(self._binary(function, left, s.points))) for s in right]

    def _call(self, name: str, arguments: list[ast.expr]) -> Value:  # noqa: C901, PLR0911, PLR0912 - one line a function
        match name, arguments:
            case "PERIOD", [_]:
                return float(self._scope.span.period)
            case "METRICS", []:
                return self._stored("")
            case "METRICS", [ast.Constant(value=str() as part)]:
                return self._stored(part)
            case (("SUM" | "MAX" | "MIN" | "AVG"), _):
                return self._aggregate(AGGREGATES[name], arguments)
            case "FILL", [what, filler]:
                return self._fill(self.of(what), self.of(filler))
            case "IF", [condition, then, *otherwise]:
                return self._if(self.of(condition), self.of(then), self.of(otherwise[0]) if otherwise else {})
            case "RATE", [what]:
                return _change(self._points(self.of(what)), per_second=True)
            case "DIFF", [what]:
                return _change(self._points(self.of(what)), per_second=False)
            case "RUNNING_SUM", [what]:
                return _running_sum(self._points(self.of(what)))
            case "ABS", [what]:
                return self._binary(lambda value, _: abs(value), self.of(what), 0.0)
            case "TIME_SERIES", [what]:
                return self._points(self.of(what))
            case "REMOVE_EMPTY", [what]:
                return [series for series in self._as_series(what) if series.points]
            case "SEARCH", [ast.Constant(value=str() as text), ast.Constant(value=str() as statistic), *_]:
                return self._scope.search(text, statistic)
        raise ExpressionError(f"{name} with {len(arguments)} arguments is not understood")

    def _aggregate(self, function: Callable[[Sequence[float]], float], arguments: list[ast.expr]) -> Value:
        if len(arguments) != 1:
            raise ExpressionError("an aggregate takes one array or one series")
        value = self.of(arguments[0])
        if isinstance(value, list):  # of several series: a series
            moments = sorted({at for series in value for at in series.points})
            return {at: function([s.points[at] for s in value if at in s.points]) for at in moments}
        points = self._points(value)  # of one series: a number
        return float(function(list(points.values()))) if points else {}

    def _fill(self, value: Value, filler: Value) -> Value:
        if isinstance(value, list):
            return [Series(series.label, self._points(self._fill(series.points, filler))) for series in value]
        points = self._points(value)
        if isinstance(filler, float):
            return {at: points.get(at, filler) for at in self._scope.span.moments}
        if filler != "REPEAT":
            raise ExpressionError("FILL takes a number or REPEAT here")
        filled, last = dict[int, float](), None
        for at in self._scope.span.moments:
            last = points.get(at, last)
            if last is not None:
                filled[at] = last
        return filled

    def _if(self, condition: Value, then: Value, otherwise: Value) -> Value:
        if isinstance(condition, float):
            return self._points(then if condition else otherwise)
        decided, first, second = self._points(condition), self._points(then), self._points(otherwise)
        chosen = {at: first.get(at, 0.0) if decided[at] else second.get(at) for at in decided}
        if isinstance(then, Mapping) and isinstance(otherwise, float):
            # the guide's table for IF(metric1, metric2, scalar3): what is not decided is not true
            chosen |= dict.fromkeys(first.keys() - decided.keys(), otherwise)
        return {at: value for at, value in sorted(chosen.items()) if value is not None}


def _over(number: float, span: Range) -> dict[int, float]:
    return dict.fromkeys(span.moments, number)


def _finite(function: Callable[[float, float], float], left: float, right: float) -> float | None:
    try:
        value = function(left, right)
    except (ZeroDivisionError, OverflowError):
        return None
    return value if isfinite(value) else None


def _change(points: Points, *, per_second: bool) -> dict[int, float]:
    moments = sorted(points)
    return {
        now: (points[now] - points[before]) / ((now - before) if per_second else 1) for before, now in pairwise(moments)
    }


def _running_sum(points: Points) -> dict[int, float]:
    total, sums = 0.0, dict[int, float]()
    for at in sorted(points):
        total += points[at]
        sums[at] = total
    return sums
