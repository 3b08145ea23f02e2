"""Which packages are mutated, and which unit tests must notice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """A package and its net.

    Attributes:
        package: Its folder, from the root of the repository.
        tests: Folders or files of tests, from the root of the repository.
        ignored: Files among them that are not run: simulations of hours, for which one run a fault is too long.
    """

    package: str
    tests: tuple[str, ...]
    ignored: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The package as it is imported: ``functions/`` is a root of imports, not a package."""
        return self.package.removeprefix("functions/")

    @property
    def module(self) -> str:
        """The package's dotted name, which begins the name of each of its mutants."""
        return self.source.replace("/", ".")


AREAS = {
    "writer": Area(
        "functions/writer",
        ("tests/unit/writer",),
        ("tests/unit/writer/test_outages.py", "tests/unit/writer/test_budget_simulation.py"),
    ),
    "ingest": Area("functions/ingest", ("tests/unit/ingest",)),
    "dlq": Area("ops/dlq", ("tests/unit/ops/dlq",)),
    "doctor": Area("ops/doctor", ("tests/unit/ops/doctor",)),
}
