from collections.abc import Iterable

import pytest

from writer.backoff import MAX_VISIBILITY, Backoff

BACKOFF = Backoff(first=30, cap=1_800, systemic=300)
DRAWS = 300


def drawn(receives: int, *, systemic: bool = False, backoff: Backoff = BACKOFF) -> list[int]:
    """Return many a message's visibility at this receive."""
    return [backoff.visibility(receives, systemic=systemic) for _ in range(DRAWS)]


def in_upper_half(seconds: Iterable[int], longest: int) -> bool:
    """Tell whether they fill the upper half below ``longest``, and nothing else."""
    found = sorted(seconds)
    return longest // 2 <= found[0] <= 0.6 * longest and 0.9 * longest <= found[-1] <= longest


@pytest.mark.parametrize(
    ("receives", "longest"), [(1, 30), (2, 60), (3, 120), (4, 240), (6, 960), (7, 1_800), (8, 1_800), (1_000, 1_800)]
)
def test_each_receive_doubles_it_up_to_the_cap(receives: int, longest: int) -> None:
    """A dead service must cost receives slowly; a short fault must cost the customer little time."""
    assert in_upper_half(drawn(receives), longest)


@pytest.mark.parametrize(("receives", "longest"), [(1, 600), (5, 600), (6, 960), (300, 1_800)])
def test_what_somebody_has_to_mend_takes_longer_from_the_first(receives: int, longest: int) -> None:
    """No permission comes back within half a minute."""
    assert in_upper_half(drawn(receives, systemic=True), longest)


def test_the_cap_holds_for_what_somebody_has_to_mend_too() -> None:
    """It is what an operator set."""
    assert max(drawn(1, systemic=True, backoff=Backoff(first=1, cap=4, systemic=300))) == 4


def test_the_shortest_backoff_is_a_second() -> None:
    """With none at all a message would come back at once, and be parked within minutes."""
    assert set(drawn(1, backoff=Backoff(first=1, cap=1, systemic=1))) == {1}


def test_no_receive_count_exceeds_what_sqs_allows() -> None:
    """Beyond twelve hours SQS refuses the call, and the message would come back at once."""
    widest = Backoff(first=3_600, cap=MAX_VISIBILITY, systemic=300)

    assert max(max(drawn(receives, backoff=widest)) for receives in (1, 4, 5, 17, 1_000)) <= MAX_VISIBILITY
