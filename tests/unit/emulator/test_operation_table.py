"""What README says is emulated is what is emulated."""

from pathlib import Path

import botocore.session

from customer_profiles_emulator.application import Application
from customer_profiles_emulator.faults import Faults
from customer_profiles_emulator.ingestion import Ingestion
from customer_profiles_emulator.operation_table import EMULATED, markdown
from customer_profiles_emulator.quota import Quotas
from customer_profiles_emulator.stats import Stats
from customer_profiles_emulator.store import Store
from tests.fakes.clock import FakeClock
from tests.fakes.dead_letters import FakeDeadLetterQueue

README = Path(__file__).parents[3] / "emulator" / "README.md"


def test_every_implementation_is_in_the_table_and_nothing_else() -> None:
    """Who adds an operation says what it lacks, in `operation_table.EMULATED`; an empty text is "done"."""
    clock, stats, store = FakeClock(), Stats(), Store()
    ingestion = Ingestion(store, stats, FakeDeadLetterQueue(), clock.monotonic)
    application = Application(
        store=store,
        ingestion=ingestion,
        quotas=Quotas({}, clock.monotonic),
        stats=stats,
        faults=Faults({}, ()),
        clock=clock.monotonic,
    )

    assert sorted(EMULATED) == sorted(application.emulated)
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
