"""The thread that attaches what is due."""

import threading

from customer_profiles_emulator.worker import Worker


def test_it_works_again_at_once_while_there_is_work() -> None:
    """A backlog must not wait for the pause."""
    left, done = iter([3, 2, 1]), threading.Event()

    def work() -> int:
        found = next(left, 0)
        if found == 0:
            done.set()
        return found

    worker = Worker(work, pause=3600)
    worker.start()

    assert done.wait(5)
    worker.stop()


def test_a_stop_ends_the_pause() -> None:
    """A stop must not wait an hour for an idle thread."""
    looked = threading.Event()

    def work() -> int:
        looked.set()
        return 0

    worker = Worker(work, pause=3600)
    worker.start()
    assert looked.wait(5)

    worker.stop()

    assert "indexing" not in {thread.name for thread in threading.enumerate()}
