"""The demo: events go through the deployed pipeline, and what came out at its end is shown and accounted for.

The rooms, in the order of a run:

- `command`: arguments to a run, a run to an exit code.
- `events`: files to events.
- `seeding`: the profiles that a Connect campaign takes for granted.
- `invoking`, `handovers`: events into the functions, and what each answer says of each customer.
- `queues`: waits until the queue is empty, and looks into the dead-letter queue without consuming it.
- `returns`: what is told of records that wait to be tried again.
- `identities`: who the customers of the events are, by which their profiles are found.
- `reading`, `writes`, `writer_log`: what the profiles, the emulator, and the writer itself, say became of the records.
- `dead_letters`, `account`: pure: every customer in exactly one place, or named as missing.
- `agreement`: pure: the account against the writer's own log.
- `screen`, `view`: progress, and the result.
"""
