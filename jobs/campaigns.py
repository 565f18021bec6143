"""Campaigns: begun at their time, people written down, messages queued, numbers kept up to date."""

from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from handlers.actions.campaign_answers import mark_answers, recall_more
from handlers.actions.campaign_results import decide_trials
from handlers.actions.campaigns import show
from handlers.actions.feeding import (
    ask_about_passed,
    begin_due,
    count_drafts,
    feed,
    finish_if_done,
    freeze_more,
    room,
    running,
    shown_every,
    wind_up,
)
from handlers.actions.journeys import count_drafts as count_journeys
from jobs.job import job
from storage.work import Work

# So many messages are written, each in its words, while nobody else can write.
A_FEW = 100

# Since when this process looks at them: what was due before that had nobody who looked.
_awake: WeakKeyDictionary[Any, datetime] = WeakKeyDictionary()


@job(every=timedelta(milliseconds=250))
def begin_campaigns(work: Work) -> None:
    """Begin what is scheduled; what should have gone while nothing ran asks first."""
    if work.engine not in _awake:
        _awake[work.engine] = work.now
        ask_about_passed(work)
    begin_due(work, _awake[work.engine])


@job(every=timedelta(milliseconds=250))
def freeze_audiences(work: Work) -> bool:
    """Write down who gets a campaign, some thousands of people at a time."""
    left = [freeze_more(work, campaign) for campaign in running(work)]
    return any(left)


@job(every=timedelta(milliseconds=250))
def feed_campaigns(work: Work) -> bool:
    """Keep some seconds' worth of messages in the outbox; a few at a time, others write too."""
    left = some = min(room(work), A_FEW)
    for campaign in running(work):
        if left <= 0:
            break
        left -= feed(work, campaign, left)
    return left <= 0 < some


@job(every=timedelta(seconds=1))
def show_campaigns(work: Work) -> None:
    """Keep the cards' numbers live, and finish what is done."""
    for campaign in running(work):
        if finish_if_done(work, campaign):
            continue
        if campaign.shown_at is None or work.now - campaign.shown_at >= shown_every(campaign):
            show(work, campaign)


@job(every=timedelta(seconds=1))
def end_campaigns(work: Work) -> bool:
    """Go through those who waited for what was cancelled, and through what is recalled."""
    recall_more(work)
    return wind_up(work)


@job(every=timedelta(seconds=1))
def count_audiences(work: Work) -> bool:
    """Count whom the newest drafts would reach, where there are many to be counted."""
    campaigns, journeys = count_drafts(work), count_journeys(work)
    return campaigns or journeys


@job(every=timedelta(seconds=1))
def decide_campaign_trials(work: Work) -> None:
    """Decide which text the rest gets, at the moment that was said."""
    decide_trials(work)


@job(every=timedelta(seconds=1))
def note_campaign_answers(work: Work) -> None:
    """Mark what is said in answer to a campaign, and give it to its customer's owner."""
    mark_answers(work)
