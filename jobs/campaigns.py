"""Campaigns: people written down, messages fed to the outbox, numbers kept up to date."""

from datetime import timedelta

from handlers.actions.campaigns import (
    SHOWN_EVERY,
    feed,
    finish_if_done,
    freeze_more,
    room,
    running,
    show,
)
from jobs.job import job
from storage.work import Work


@job(every=timedelta(milliseconds=250))
def freeze_audiences(work: Work) -> bool:
    """Write down who gets a campaign, twenty thousand people at a time."""
    left = [freeze_more(work, campaign) for campaign in running(work)]
    return any(left)


@job(every=timedelta(milliseconds=250))
def feed_campaigns(work: Work) -> bool:
    """Keep some seconds' worth of messages in the outbox."""
    left = room(work)
    for campaign in running(work):
        if left <= 0:
            break
        left -= feed(work, campaign, left)
    return False


@job(every=timedelta(seconds=1))
def show_campaigns(work: Work) -> None:
    """Keep the cards' numbers live, and finish what is done."""
    for campaign in running(work):
        if finish_if_done(work, campaign):
            continue
        if campaign.shown_at is None or work.now - campaign.shown_at >= SHOWN_EVERY:
            show(work, campaign)
