"""The one layer that retries: exponential backoff with full jitter, on an injected clock, within a deadline."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from engagement.clock import Deadline

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class RetryRule:
    """Which failures are retried, how often, and after which pauses.

    Attributes:
        applies: Returns whether a failure falls under this rule.
        first_pause: Seconds; the longest pause before the second call. It doubles with each call that follows.
        longest_pause: Seconds; the longest pause before any call.
        max_failures: Failures under this rule, the last of which is raised.
        max_seconds: Seconds from the start of the first call, within which the last one must start.
    """

    applies: Callable[[BaseException | None], bool]
    first_pause: float
    longest_pause: float
    max_failures: float = inf
    max_seconds: float = inf


_NOT_RETRIED = RetryRule(lambda _: True, first_pause=0, longest_pause=0, max_failures=1)


def retry(call: Callable[[], Result], deadline: Deadline, *rules: RetryRule) -> Result:
    """Return what ``call`` returns, repeating it after each failure that falls under one of the rules.

    The first call is made even after ``deadline``; no other one starts then. A failure falls under the first rule that
    applies to it, and each rule counts its own failures.

    Raises:
        Exception: the last failure of ``call``.
    """
    clock = deadline.clock
    began = clock.monotonic()
    failures: Counter[RetryRule] = Counter()

    def is_exhausted(state: RetryCallState) -> bool:
        rule = _rule(state, rules)
        failures[rule] += 1
        seconds = clock.monotonic() + state.upcoming_sleep - began
        is_late = state.upcoming_sleep >= deadline.remaining()
        return failures[rule] >= rule.max_failures or seconds > rule.max_seconds or is_late

    return Retrying(
        retry=retry_if_exception_type(BaseException),
        wait=lambda state: _pause(_rule(state, rules), state),
        stop=is_exhausted,
        sleep=clock.sleep,
        reraise=True,
    )(call)


def _rule(state: RetryCallState, rules: Sequence[RetryRule]) -> RetryRule:
    error = None if state.outcome is None else state.outcome.exception()
    return next((rule for rule in rules if rule.applies(error)), _NOT_RETRIED)


def _pause(rule: RetryRule, state: RetryCallState) -> float:
    return wait_random_exponential(multiplier=rule.first_pause, max=rule.longest_pause)(state)
