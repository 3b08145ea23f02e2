"""Feeds the local CloudWatch what AWS would: metrics out of log lines, the queues' and the functions' own figures.

The rooms, outermost first:

- `feed`: one look at everything; `__main__` repeats it as a process of the local stack.
- `logs`, `queues`, `invocations`: where figures come from. `store`: where they go.
- `alarms`: their states. `series`, `queries`: metrics read again.
- `emf`: what CloudWatch extracts from one line. `metric_math`, `search`: the expressions of widgets and alarms.
"""
