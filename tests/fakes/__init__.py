"""Hand-written fakes of the pipeline's ports; tests/contract proves them against the real adapters."""
