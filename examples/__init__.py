"""Sample journeys, as their senders would send them; every customer in them is fictitious."""
