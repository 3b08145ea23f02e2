"""Puts what can never be written into the dead-letter queue, with its original body and its reason."""

from collections.abc import Sequence

from engagement.clock import Deadline
from engagement.parking import Parked, Stage
from engagement.sqs_sender import Sender, Unsent
from writer.delivery import Outcome, Returned, ToPark


def park(outcomes: Sequence[Outcome], dead_letters: Sender, deadline: Deadline) -> list[Outcome]:
    """Park what is to be parked; what the dead-letter queue does not take is returned instead, and so not lost."""
    to_park = [outcome for outcome in outcomes if isinstance(outcome, ToPark)]
    if not to_park:
        return list(outcomes)
    unsent = dead_letters.send([_parked(outcome).entry() for outcome in to_park], deadline)
    answers = iter(unsent)
    return [_settled(outcome, next(answers)) if isinstance(outcome, ToPark) else outcome for outcome in outcomes]


def _settled(outcome: ToPark, unsent: Unsent | None) -> Outcome:
    if unsent is None:
        return outcome
    return Returned(outcome.message, f"NotParked: {unsent.code}", outcome.record_id)


def _parked(outcome: ToPark) -> Parked:
    message = outcome.message
    return Parked(
        body=message.body,
        reason=outcome.reason,
        detail=outcome.detail,
        stage=Stage.WRITER,
        first_seen=message.first_seen,
        record_id=outcome.record_id,
        viewed=message.viewed,
        receives=message.receives,
        redrives=message.redrives,
    )
