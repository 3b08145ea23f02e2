"""The demo: events go through the deployed pipeline, and what came out at its end is shown and accounted for.

Modules, in the order of a run:

- `command`: arguments to a run, a run to an exit code. `run`: one run.
- `events`: files to events. `seeding`: the profiles that a Connect campaign takes for granted.
- `invoking`: events into the functions, and what each answer says of each customer.
- `queues`: waits until the queue is empty. `returns`: why records wait, and until when.
- `profiles`, `writes`, `writer_log`: what the profiles, the emulator, and the writer itself say of the records.
- `dead_letters`, `account`: pure: every customer in exactly one place, or named as missing; and whether the writer's
  log agrees.
- `view`: the result, for a person.
"""
