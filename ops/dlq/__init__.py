"""The two dead-letter queues: looked at without consuming, sent back without losing, purged only after an export."""
