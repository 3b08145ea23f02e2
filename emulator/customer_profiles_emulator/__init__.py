"""An emulator of Amazon Connect Customer Profiles, the part of it that ingests and reads profile objects.

The service's own botocore model decides routes, parameter binding and validation (`model`, `routing`, `binding`,
`validation`); the rest is what AWS's guides say the service does with an object. What no document says is
marked (unverified) where it is decided. Run it with `customer-profiles-emulator` or
`python -m customer_profiles_emulator`.

Public, and kept stable, are the names that this module exports, the command line, the fixtures of
`pytest_customer_profiles`, and what README says of HTTP; every other module is the emulator's own business and may
change at any time.

The rooms, outermost first:

- `__main__`, `emulator`: arguments, wiring; `pytest_customer_profiles`, beside this package: the fixture.
- `server`, `connection`, `framing`, `control`, `worker`: sockets, requests' ends, the control plane, threads.
- `application`: one request to one answer: route, authenticate, faults, quota, bind, validate, execute, count.
- `domain_operations`, `object_type_operations`, `object_operations`, `search_operations`, `tag_operations`: what each
  operation does; `operation_table` says which there are.
- `ingestion`, `dead_letters`, and `store` with its tables (`catalogue`, `profile_table`, `object_table`,
  `dead_letter_table`, `domain_size_table`): state, I/O.
- `object_types`, `acceptance`, `mapping`, `matching`, `searched_key`, `quota`, `fault_rules`, `faults`, `paging`: pure
  rules.
"""

from __future__ import annotations

from customer_profiles_emulator.database import DataFileInUseError
from customer_profiles_emulator.dead_letters import DeadLetter, DeadLetterQueue
from customer_profiles_emulator.emulator import Emulator, Settings, SettingsError
from customer_profiles_emulator.fault_rules import FaultSpecificationError
from customer_profiles_emulator.model import OldBotocoreError
from customer_profiles_emulator.quota import DEFAULT_RATES, TokenBucket
from customer_profiles_emulator.virtual_clock import VirtualClock

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
