"""The note that a person reads while records wait to be tried again."""

from collections import Counter

from local.demo.queues import PATIENCE
from local.demo.returns import Backoff, next_try
from local.demo.writer_log import Batch, WriterCounts
from writer.backoff import Backoff as WritersBackoff
from writer.handler import SYSTEMIC_BACKOFF

BACKOFF = Backoff(first=30, longest=1800)
DENIED = Counter({"AccessDeniedException": 5})


def batch(at: float, causes: Counter[str]) -> Batch:
    """Return a batch that returned messages for these causes."""
    return Batch(at, WriterCounts(1, returned=causes.total(), causes=causes))


def test_the_cause_and_the_next_try_are_named() -> None:
    """A person who waits wants to know for what, and how long."""
    said = next_try([batch(1000.0, DENIED)], waiting=5, now=1010.0, backoff=BACKOFF)
    assert said == "5 returned (AccessDeniedException), next try in about 340 s"


def test_several_causes_are_counted() -> None:
    """The rarer one may be the one to fix."""
    batches = [batch(1000.0, Counter({"ThrottlingException": 1, "InternalServerException": 3}))]
    said = next_try(batches, 4, 1000.0, BACKOFF)
    assert said == "4 returned (3 InternalServerException, 1 ThrottlingException), next try in about 19 s"


def test_a_record_that_was_returned_again_is_counted_once_and_waits_longer() -> None:
    """The queue holds one message of it, and the writer doubles the wait."""
    batches = [batch(1000.0, Counter({"InternalServerException": 1})), batch(1020.0, Counter({"Throttling": 1}))]
    assert next_try(batches, 1, 1020.0, BACKOFF) == "1 returned (Throttling), next try in about 45 s"


def test_those_that_came_through_meanwhile_do_not_lengthen_the_wait_of_the_others() -> None:
    """Forty were returned and thirty-nine written since: the last one was hardly returned forty times in 20 s."""
    batches = [batch(1000.0, Counter({"Throttling": 40})), batch(1020.0, Counter({"Throttling": 1}))]
    assert next_try(batches, 1, 1020.0, BACKOFF) == "1 returned (Throttling), next try in about 45 s"


def test_a_try_that_is_due_is_named_so() -> None:
    """The writer draws each wait; nobody outside knows it exactly."""
    assert next_try([batch(0.0, DENIED)], 5, 1000.0, BACKOFF) == "5 returned (AccessDeniedException), next try is due"


def test_there_is_no_note_if_nothing_was_returned() -> None:
    """Records that simply have their turn to come are no news."""
    assert next_try([], 5, 0.0, BACKOFF) == ""
    assert next_try([batch(0.0, DENIED)], 0, 0.0, BACKOFF) == ""


def test_the_demo_knows_the_writer_s_backoff() -> None:
    """It names waits that the writer draws."""
    writers = WritersBackoff(BACKOFF.first, BACKOFF.longest, SYSTEMIC_BACKOFF)
    for receives in range(1, 12):
        for cause, systemic in (("AccessDeniedException", True), ("InternalServerException", False)):
            longest = BACKOFF.most(receives, cause)
            drawn = [writers.seconds(receives, systemic=systemic) for _ in range(200)]
            assert longest // 2 <= min(drawn) <= max(drawn) <= longest


def test_the_demo_knows_which_causes_an_operator_must_fix() -> None:
    """The writer's backoff is longer then."""
    for cause in ("ExpiredToken", "ParkingSuspended", "ResourceNotFoundException", "KMSAccessDeniedException"):
        assert BACKOFF.most(1, cause) == 2 * SYSTEMIC_BACKOFF
    assert BACKOFF.most(1, "SlowDown") == BACKOFF.most(1, "CallOutlastedError") == BACKOFF.first


def test_patience_outlasts_the_first_wait_of_any_record() -> None:
    """Every record is tried a second time before the demo gives up."""
    assert BACKOFF.patience > BACKOFF.most(1, "AccessDeniedException") == 600
    assert BACKOFF.patience == PATIENCE
