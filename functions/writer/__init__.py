"""A batch of engagement records comes in from SQS; each ends written, parked with its reason, or returned."""
