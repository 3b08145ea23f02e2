"""Notices an answer that belongs to another record: no two records have the same key of an object.

The service answers a write with its key of the object, and nothing of the request. On a kept connection a proxy that
answers twice, or swaps two answers, makes a write look done that was not.
"""

from collections.abc import Sequence

from writer.delivery import Outcome, Returned, Written, replace

MAX_KEYS = 10_000
"""Keys that an environment remembers, some ten of the largest batches: an answer that is late is late by one or two."""
CAUSE = "AnswerOfAnotherRecord"


class SwappedAnswers:
    """Remembers for which record each key was last the answer, in this environment."""

    def __init__(self) -> None:
        self._record_ids: dict[str, str] = {}

    def return_swapped(self, outcomes: Sequence[Outcome]) -> list[Outcome]:
        """Return the outcomes, with two written records as returned if both were answered with the same key.

        Whose the answer was is unknown, so neither of the two counts as written. To write again is harmless.
        """
        swapped = {
            record_id
            for outcome in outcomes
            if isinstance(outcome, Written) and outcome.unique_key is not None
            for record_id in self._sharing(outcome.unique_key, outcome.record_id)
        }

        def checked(outcome: Written) -> Outcome:
            if outcome.record_id not in swapped:
                return outcome
            return Returned(outcome.message, CAUSE, outcome.record_id)

        return replace(Written, checked, outcomes)

    def _sharing(self, unique_key: str, record_id: str) -> set[str]:
        """Remember a key's record; return both records if the key was already the answer for another one."""
        earlier = self._record_ids.pop(unique_key, record_id)
        if earlier != record_id:
            return {earlier, record_id}  # The key stays forgotten: its own record is still to be answered with it.
        self._record_ids[unique_key] = record_id
        if len(self._record_ids) > MAX_KEYS:
            del self._record_ids[next(iter(self._record_ids))]
        return set()
