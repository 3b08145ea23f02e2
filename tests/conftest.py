"""What holds for every test."""

import signal

from hypothesis import HealthCheck, settings

# Nothing is judged by this machine's speed, which others share.
settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")

# A shell lets what it starts in the background ignore Ctrl-C, which is inherited: the tests of Ctrl-C would see none.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
