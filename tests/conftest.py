"""What holds for every test."""

import signal

from hypothesis import HealthCheck, settings

# Nothing is judged by this machine's speed, which others share.
settings.register_profile("shared machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("shared machine")
# For `make mutate`, which runs the tests of a function once for each fault in it: always the same cases, and fewer.
settings.register_profile("mutation", settings.get_profile("shared machine"), max_examples=25, derandomize=True, database=None)

# A shell lets what it starts in the background ignore Ctrl-C, which is inherited: the tests of Ctrl-C would see none.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
