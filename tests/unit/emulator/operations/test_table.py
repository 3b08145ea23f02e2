"""What README says is emulated is what is emulated."""

from pathlib import Path

import botocore.session

from customer_profiles_emulator.ingestion import Ingestion
from customer_profiles_emulator.operations.table import EMULATED, handlers, markdown
from customer_profiles_emulator.store import Store
from customer_profiles_emulator.wire.quotas import Quotas
from customer_profiles_emulator.wire.stats import Stats
from tests.fakes.clock import FakeClock
from tests.fakes.dead_letters import FakeDeadLetterQueue

README = Path(__file__).parents[4] / "emulator" / "README.md"


def test_every_implementation_is_in_the_table_and_nothing_else() -> None:
    """A handler that is added says what it lacks, in `table.EMULATED`; an empty text is "done"."""
    clock, stats, store = FakeClock(), Stats(), Store()
    ingestion = Ingestion(store, stats, FakeDeadLetterQueue(), clock.monotonic)
    made = handlers(
        store=store,
        ingestion=ingestion,
        clock=clock.monotonic,
        quotas=Quotas({}, clock.monotonic),
        item_fault=lambda _: None,
        stats=stats,
    )

    assert sorted(EMULATED) == sorted(made)
    store.close()


def test_the_table_has_every_operation_of_the_service() -> None:
    """Each once, in its order, and in one of three states."""
    service = botocore.session.get_session().get_service_model("customer-profiles")
    rows = [line.strip("| ").split(" | ") for line in markdown().splitlines()[2:]]

    assert [row[0] for row in rows] == sorted(service.operation_names)
    assert {row[1] for row in rows} == {"done", "partly", "not"}
    assert all(len(row) == (3 if row[1] == "partly" else 2) for row in rows)


def test_readme_shows_the_table() -> None:
    """When this fails, paste what `customer-profiles-emulator --operations` prints."""
    assert markdown() in README.read_text(encoding="utf-8")
