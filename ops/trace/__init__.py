"""What became of a record: its way from ingest to the profile, with times and attempts."""
