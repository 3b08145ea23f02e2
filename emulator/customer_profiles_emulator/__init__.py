"""An emulator of Amazon Connect Customer Profiles, the part of it that ingests and reads profile objects.

The service's own botocore model decides routes, parameter binding and validation; the rest is what AWS's guides say the
service does with an object. What no document says is marked (unverified) where it is decided. Run it with
`customer-profiles-emulator` or `python -m customer_profiles_emulator`.

Public, and kept stable, are the names that this module and its module `wire` export, the command line, the fixtures of
`pytest_customer_profiles`, and what README says of HTTP; every other module may change at any time.

The rooms, outermost first; each imports only those below it:

- `__main__`, `emulator`: arguments, wiring; `pytest_customer_profiles`, beside this package: the fixture.
- `control`: the control plane's routes that only this service has.
- `operations`: what each operation does.
- `ingestion`, with `acceptance`, `matching` and `worker`: the way of an object to its profile.
- `store`: the state, in SQLite.
- `dead_letters`: the domain's queue in SQS.
- `standard_profile`: the fields of a profile and the keys that they give it.
- `object_types`, with `handlebars`: a definition in, what reads an object out.
- `service_model`: the model in botocore and the quotas; `virtual_clock`: time for tests.
- `wire`: any service of botocore's with the rest-json protocol: its model, faults, permissions, quotas, counts.
- `transport`: HTTP.
"""

from __future__ import annotations

from customer_profiles_emulator.dead_letters import DeadLetter, DeadLetterQueue
from customer_profiles_emulator.emulator import Emulator, Settings, SettingsError
from customer_profiles_emulator.service_model import DEFAULT_RATES, OldBotocoreError
from customer_profiles_emulator.store.database import DataFileInUseError
from customer_profiles_emulator.virtual_clock import VirtualClock
from customer_profiles_emulator.wire.fault_rules import FaultSpecificationError
from customer_profiles_emulator.wire.quotas import TokenBucket

__version__ = "0.1.0"

__all__ = [
    "DEFAULT_RATES",
    "DataFileInUseError",
    "DeadLetter",
    "DeadLetterQueue",
    "Emulator",
    "FaultSpecificationError",
    "OldBotocoreError",
    "Settings",
    "SettingsError",
    "TokenBucket",
    "VirtualClock",
]
