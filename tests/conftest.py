"""What holds for every test."""

from hypothesis import HealthCheck, settings

# Nothing is judged by this machine's speed, which others share.
settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")
