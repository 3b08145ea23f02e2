"""The error of an id or address that is there and cannot be read."""


class UnreadableError(Exception):
    """An id or address is none that can be meant; ``why`` completes "it ...", and holds nothing of the value."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
