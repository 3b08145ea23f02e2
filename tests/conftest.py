"""What holds for every test."""

import signal

import pytest
from hypothesis import HealthCheck, settings

# Nothing is judged by this machine's speed, which others share.
# Always the same cases, so that a run proves what the last one proved; `thorough` looks for new ones:
# pytest --hypothesis-profile=thorough.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("quick", UNTIMED, max_examples=50, derandomize=True, database=None)
settings.register_profile("thorough", UNTIMED, max_examples=1_000)
# For `make mutate`, which runs the tests of a function once for each fault in it.
settings.register_profile("mutation", settings.get_profile("quick"), max_examples=25)
settings.load_profile("quick")

# A shell lets what it starts in the background ignore Ctrl-C, which is inherited: the tests of Ctrl-C would see none.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a worker have whole files, those of the local stack first: they wait, and the others fill the time.

    A file with a mark `xdist_group` of its own shares its worker, and so its stack, with all files of that group.
    """
    items.sort(key=lambda item: "tests/integration/" not in item.path.as_posix())
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.as_posix()))
