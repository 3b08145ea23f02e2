"""The table of a trial."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from benchmarks.least_privilege.trial import Verdict


def show(console: Console, verdicts: Sequence[Verdict]) -> None:
    """Print one line for each part of the policies that was taken away."""
    table = Table("Role", "Statement", "Without", "What failed", "", title="Least privilege")
    for verdict in verdicts:
        mutation = verdict.mutation
        table.add_row(mutation.role, mutation.statement, mutation.removed, _words(verdict), _sign(verdict))
    console.print(table)


def _words(verdict: Verdict) -> str:
    if verdict.mutation.not_provable and not verdict.failed:
        return f"not provable here: {verdict.mutation.not_provable}"
    if not verdict.failed:
        return "nothing: this part is not needed"
    failed = "\n".join(f"{capability}: {words}" for capability, words in verdict.failed.items())
    missing = sorted(verdict.expected - set(verdict.failed))
    return failed + "".join(f"\n{capability}: did not fail, though it should have" for capability in missing)


def _sign(verdict: Verdict) -> str:
    if not verdict.is_as_expected:
        return "NOT AS EXPECTED"
    return "-" if verdict.mutation.not_provable else "ok"
