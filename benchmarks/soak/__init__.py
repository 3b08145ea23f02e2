"""The soak: the deployed pipeline under every fault that can be produced here, and then every customer looked for.

The rooms, in the order of a run:

- `command`: arguments to a run, a run to an exit code.
- `catalogue`: the fault profiles. `faults`: how they strike, by `service` (the emulator) and `proxy` (before SQS).
- `traffic`: pure: what is sent, and what must become of it.
- `caller`: the journey's part. `phase`: one profile's turn. `run`: all of them.
- `dead_letters`, `writer_log`: what the pipeline left behind.
- `verification`: pure: every id. `result`: what came of all. `report`: the tables.
"""
