"""How long a campaign takes, what it costs and which settings fit: by arithmetic."""
