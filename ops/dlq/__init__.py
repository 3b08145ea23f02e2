"""The two dead-letter queues: scanned without consuming, sent back without losing, purged only after an export."""
