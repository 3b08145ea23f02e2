"""The pipeline at a glance: what waits, what is parked, what was written lately."""
