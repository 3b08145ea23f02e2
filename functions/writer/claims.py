"""Tells an answer that belongs to another record: no two records have the same key of an object.

The service answers a write with its key of the object, and nothing of the request. On a kept connection a proxy that
answers twice, or swaps two answers, makes a write look done that was not.
"""

from collections.abc import Sequence

from writer.delivery import Outcome, Returned, Written

MOST = 10_000
"""Keys that an environment remembers, some ten of the largest batches: an answer that is late is late by one or two."""
CAUSE = "AnswerOfAnotherRecord"


class Claims:
    """Which record each key was last answered for, in this environment."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}

    def review(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes, those written replaced by returned ones where two records were answered the same key.

        Nobody can tell whose the answer was: neither of the two counts as written. To write again is harmless.
        """
        disputed = {
            record_id
            for outcome in outcomes
            if isinstance(outcome, Written) and outcome.unique_key is not None
            for record_id in self._disputed(outcome.unique_key, outcome.record_id)
        }
        return [
            Returned(outcome.message, CAUSE, outcome.record_id)
            if isinstance(outcome, Written) and outcome.record_id in disputed
            else outcome
            for outcome in outcomes
        ]

    def _disputed(self, unique_key: str, record_id: str) -> set[str]:
        """Note a key's record, and return the two that it was answered for, where there are two.

        Such a key is forgotten: the record that it belongs to is still to be answered with it.
        """
        owner = self._owners.pop(unique_key, record_id)
        if owner != record_id:
            return {owner, record_id}
        self._owners[unique_key] = record_id
        if len(self._owners) > MOST:
            del self._owners[next(iter(self._owners))]
        return set()
