"""An emulator of Amazon Connect Customer Profiles, the part of it that ingests and reads profile objects.

The service's own botocore model decides routes, parameter binding and validation (`model`, `routing`, `binding`,
`validation`); the rest is what AWS's guides say the service does with an object. What no document says is
marked (unverified) where it is decided. Run it with `python -m customer_profiles_emulator --port 0`.

The rooms, outermost first:

- `__main__`, `emulator`, `server`, `control`: arguments, wiring, sockets and threads, the control plane.
- `application`: one request to one answer: route, authenticate, faults, quota, bind, validate, execute, count.
- `domain_operations`, `object_type_operations`, `object_operations`, `search_operations`: what each operation does.
- `ingestion`, `dead_letters`, and `store` with its tables (`catalogue`, `profile_table`, `object_table`): state, I/O.
- `object_types`, `acceptance`, `mapping`, `matching`, `quota`, `fault_rules`, `faults`, `paging`: pure rules.
"""
