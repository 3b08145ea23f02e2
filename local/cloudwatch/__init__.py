"""Feeds the local CloudWatch what AWS would: metrics out of log lines, the queues' and the functions' own figures.

Modules, outermost first:

- `feed`: all that is new, as metrics; `__main__` repeats it as a process of the local stack.
- `logs`, `emf`, `queues`, `invocations`: where figures come from. `metrics`: put, and read again.
- `alarms`: their states. `queries`, `expressions`: what widgets and alarms ask for.
"""
