"""What became of one customer's record: its way from ingest to the profile, with times and attempts."""
