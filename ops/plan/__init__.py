"""How long a campaign takes, what it costs and which settings fit: reckoned, and played through in virtual time."""
