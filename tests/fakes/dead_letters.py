"""A dead-letter queue that keeps what it is sent."""

from customer_profiles_emulator import DeadLetter


class FakeDeadLetterQueue:
    """`customer_profiles_emulator.DeadLetterQueue` in memory; fails when told to."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, DeadLetter]] = []
        self.fails = False

    def send(self, queue_url: str, letter: DeadLetter) -> bool:
        if self.fails:
            return False
        self.sent.append((queue_url, letter))
        return True
