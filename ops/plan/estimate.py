"""How a campaign goes, by arithmetic: records arrive evenly, the writers write at one pace, and the rest waits.

An outage is not in it: records then wait for as long as it lasts, and no more (docs/guarantees.md).
"""

from dataclasses import dataclass

from ops.plan.campaign import Campaign, Settings, pace


@dataclass(frozen=True, slots=True)
class Estimate:
    """How a campaign goes.

    Attributes:
        finished: Seconds from the start until the last record is written; None: never.
        longest_wait: Seconds that a record waits at most, if they are written in the order of their arrival.
        peak: The largest backlog, in records.
    """

    finished: float | None
    longest_wait: float
    peak: float


def estimate(campaign: Campaign, settings: Settings) -> Estimate:
    """Return how a campaign goes with these settings."""
    rate = pace(settings, campaign)
    if not rate:
        return Estimate(None, 0.0, campaign.records)
    writing = campaign.records / rate
    # the backlog is largest, and the wait longest, when the last record arrives
    late = max(0.0, writing - campaign.over)
    return Estimate(max(writing, campaign.over), late, late * rate)
