"""`ops dlq redrive`: sends parked messages through the pipeline again."""
