"""The pipeline on one machine: an embedded AWS and the Customer Profiles emulator beside it."""
