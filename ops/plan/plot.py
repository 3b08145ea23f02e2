"""The backlog over time, drawn with plain characters: it looks the same in a pipe, a log and a terminal."""

from collections.abc import Sequence

from ops.plan.simulation import Sample
from ops.text import duration

HEIGHT = 10
FEWEST_COLUMNS = 10
MOST_COLUMNS = 100
MARK = "#"


def plot(samples: Sequence[Sample], width: int) -> list[str]:
    """Return lines of at most ``width`` characters, or of what the axis needs; a column is the most of its time."""
    peak = max(sample.backlog for sample in samples)
    label = len(f"{peak:,.0f}")
    columns = max(FEWEST_COLUMNS, min(MOST_COLUMNS, width - label - 2))
    # what is not nothing is seen
    heights = [max(1, round(most / peak * HEIGHT)) if most > 0 else 0 for most in _columns(samples, columns)]
    lines = []
    for row in range(HEIGHT, 0, -1):
        name = f"{peak:,.0f}" if row == HEIGHT else ""
        bars = "".join(MARK if height >= row else " " for height in heights)
        lines.append(f"{name:>{label}} |{bars}".rstrip())
    lines.append(f"{'0':>{label}} +{'-' * columns}")
    end = duration(samples[-1].at)
    lines.append(f"{'':>{label}}  0 s{end:>{columns - 3}}")
    return lines


def _columns(samples: Sequence[Sample], columns: int) -> list[float]:
    """Return the largest backlog of each column's time."""
    end = samples[-1].at
    most = [0.0] * columns
    for sample in samples:
        column = min(columns - 1, int(sample.at / end * columns)) if end else 0
        most[column] = max(most[column], sample.backlog)
    return most
