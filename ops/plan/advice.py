"""Which settings fit a campaign, and what is wrong with those that are deployed."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from math import ceil

from engagement.writer_settings import MAX_SECONDS_A_BATCH
from ops.plan.campaign import RETENTION, Campaign, Settings, pace, writers_for
from ops.plan.estimate import Estimate, estimate
from ops.text import duration

SHARE = 0.8
"""Of what others leave of the quota: the rest is kept for writers that were not mentioned."""
ROOM = 1.25
"""What is added to an alarm's threshold, so that it does not fire for a campaign that goes as planned."""
HOUR = 3_600
MOST_BATCH = 1_000
MOST_WRITES = 10_000
"""The most that the template takes as MaxWritesPerSecond."""


def problems(campaign: Campaign, settings: Settings, estimated: Estimate) -> Iterator[str]:
    """Yield what makes the campaign fail, lose records or go slower than was asked for."""
    if estimated.finished is None:
        yield "it never ends: nothing is left of the quota"
    if estimated.longest_wait > RETENTION:
        yield (
            f"records wait up to {duration(estimated.longest_wait)} and the queue keeps them for {duration(RETENTION)}:"
            " the rest is lost; raise the quota, or spread the campaign"
        )
    if settings.writes_per_second > campaign.left:
        yield (
            f"{settings.writes_per_second} writes a second are more than the {campaign.left:g} that are left of the"
            " quota: calls are throttled"
        )
    if settings.writes_per_second < settings.least_writes_per_second:
        yield (
            f"the writer refuses to start: {settings.writers} writers with batches of {settings.batch_size} need at"
            f" least {settings.least_writes_per_second} writes a second"
        )


def notes(campaign: Campaign, settings: Settings, estimated: Estimate) -> Iterator[str]:
    """Yield what the operator should know."""
    if pace(settings, campaign) < min(settings.writes_per_second, campaign.left):
        yield f"{settings.writers} writers are too few for {settings.writes_per_second} writes a second"
    if estimated.longest_wait > settings.oldest_alarm:
        yield f"the alarm of the oldest record fires: OldestRecordSeconds is {settings.oldest_alarm}"
    if estimated.finished is not None and _to_drain(campaign, settings, estimated) > settings.drain_alarm:
        yield f"the alarm of the time to drain fires: DrainTimeSeconds is {settings.drain_alarm}"


def fitting(campaign: Campaign, settings: Settings, within: float | None) -> Settings:
    """Return settings with which the campaign goes well: as fast as the quota allows, or as ``within`` needs."""
    most = min(MOST_WRITES, max(1, int(campaign.left * SHARE)))
    needed = most if within is None else min(most, ceil(campaign.records / max(1.0, within)))
    batch = settings.batch_size
    writers = writers_for(needed, batch, campaign.latency)
    batch = min(batch, MOST_BATCH, max(1, needed * MAX_SECONDS_A_BATCH // writers))
    fit = replace(settings, writes_per_second=needed, writers=writers, batch_size=batch)
    fit = replace(fit, writes_per_second=max(1, int(pace(fit, campaign))))
    estimated = estimate(campaign, fit)
    return replace(
        fit,
        oldest_alarm=max(settings.oldest_alarm, _hours(estimated.longest_wait)),
        drain_alarm=max(settings.drain_alarm, _hours(_to_drain(campaign, fit, estimated))),
    )


def quota_for(campaign: Campaign, within: float) -> float | None:
    """Return the quota that ``within`` needs if the present one is too small; None if it is not."""
    needed = campaign.records / max(1.0, within)
    quota = ceil(needed / SHARE + campaign.others)
    return quota if quota > campaign.quota else None


def parameters(settings: Settings) -> Mapping[str, int]:
    """Return the template's parameters for these settings."""
    return {
        "MaxWritesPerSecond": settings.writes_per_second,
        "WriterMaximumConcurrency": settings.writers,
        "WriterBatchSize": settings.batch_size,
        "OldestRecordSeconds": settings.oldest_alarm,
        "DrainTimeSeconds": settings.drain_alarm,
    }


def _to_drain(campaign: Campaign, settings: Settings, estimated: Estimate) -> float:
    rate = pace(settings, campaign)
    return estimated.peak / rate if rate else 0.0


def _hours(seconds: float) -> int:
    """Return seconds with room, in whole hours: at most what the template takes."""
    return min(RETENTION, ceil(seconds * ROOM / HOUR) * HOUR)
