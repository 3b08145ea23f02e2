"""A source is one caller's event format; a new one is a module here and a line in `ingest.sources.registry`."""
