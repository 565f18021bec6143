"""The clock's part of campaigns: people written down, messages queued bit by bit, what is over."""

from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from handlers.actions import audiences, campaigns, trials
from handlers.actions.access import Permission, action
from handlers.actions.audiences import Obstacle
from handlers.actions.campaigns import set_going, show
from handlers.actions.outgoing import TELEGRAM, tell
from handlers.cards.campaigns import late_note
from handlers.texts import Voice
from storage.queries import audiences as audiences_found
from storage.queries import campaigns as found
from storage.queries import outbox, queueing
from storage.queries.queueing import Next
from storage.records import (
    Campaign,
    CampaignState,
    Member,
    Recipient,
    RecipientState,
    Timing,
    Urgency,
)
from storage.work import Work

# How much of campaigns stands in the outbox ahead of its sending: some seconds' worth at the usual
# rate, one at a paid one. More would gain nothing, and what stands there has to be taken back
# when somebody says stop.
AHEAD = 400
SECONDS_AHEAD = 1.5
# The numbers of a large campaign cost some time to be counted.
SHOWN_EVERY, LARGE_SHOWN_EVERY, LARGE = timedelta(seconds=3), timedelta(seconds=20), 50_000
# So late a scheduled one may begin by itself, when nothing ran at its time.
GRACE = timedelta(minutes=5)


@action(Permission.SYSTEM)
def running(work: Work) -> list[Campaign]:
    """Campaigns that are going out, oldest first."""
    return found.running(work)


@action(Permission.SYSTEM)
def room(work: Work) -> int:
    """How many more campaign messages may stand in the outbox."""
    # What goes in as many seconds as the job that feeds may be late.
    ahead = max(AHEAD, int(audiences.rate(work) * SECONDS_AHEAD))
    return ahead - outbox.queued_count(work, TELEGRAM, Urgency.CAMPAIGN)


@action(Permission.SYSTEM)
def begin_due(work: Work, awake_since: datetime) -> None:
    """Begin what is scheduled. Whose time passed before anything ran here asks first."""
    for campaign in audiences_found.scheduled(work):
        due = campaign.due_at or work.now
        if due + GRACE < awake_since:
            _ask(work, campaign)
        else:
            set_going(work, campaign)
            show(work, campaign)


@action(Permission.SYSTEM)
def ask_about_passed(work: Work) -> None:
    """What was going out when everything stopped, and whose window has passed since, asks first."""
    for campaign in found.running(work):
        if work.now - (campaign.shown_at or campaign.started_at or work.now) < GRACE:
            # Somebody else has kept it going.
            continue
        ended = campaign.ends_at is not None and campaign.ends_at <= work.now
        missed = campaign.timing is Timing.LOCAL and found.hour_passed_before(
            work, campaign, work.now - GRACE
        )
        if missed or (ended and found.is_open(work, campaign, RecipientState.WAITING)):
            _ask(work, campaign)


def _ask(work: Work, campaign: Campaign) -> None:
    campaign.state = CampaignState.LATE
    show(work, campaign)
    author = work.sure(Member, campaign.created_by)
    reply = late_note(Voice(author.language, author.zone), campaign)
    key = f"campaign:{campaign.id}:late:{work.now.isoformat(timespec='minutes')}"
    if outbox.keyed(work, key) is None:
        tell(work, author, reply, key=key, urgency=Urgency.SERVICE)


# Writing down who gets it


@action(Permission.SYSTEM)
def freeze_more(work: Work, campaign: Campaign) -> bool:
    """Write down the next part of who gets it; whether there was any left."""
    frozen_to = campaign.audience.get("frozen_to", 0)
    if frozen_to is None:
        return False
    begun = audiences.stopwatch()
    last = audiences_found.until(work, frozen_to, audiences.piece_size(work))
    if last is not None:
        _freeze(work, campaign, (frozen_to, last))
        audiences.note_piece(work, audiences.stopwatch() - begun)
    campaign.audience = campaign.audience | {"frozen_to": last}
    return last is not None


def _freeze(work: Work, campaign: Campaign, ids: tuple[int, int]) -> None:
    local = campaign.timing is Timing.LOCAL
    if local:
        hours = audiences.hours_by_zone(work, campaign, ids)
        statement = found.freezing(campaign, _conditions(work, campaign), hours)
    else:
        statement = _statement(work, campaign)
    found.freeze(work, campaign, statement, ids, local=local)


# Of each database the campaign that is being frozen, what decided who gets it, and the statement:
# made anew for every piece it would cost as much as the piece itself.
_statements: WeakKeyDictionary[Any, tuple[Any, Any]] = WeakKeyDictionary()


def _statement(work: Work, campaign: Campaign) -> Any:
    decides = (campaign.id, audiences.checks_of(work, campaign))
    before, statement = _statements.get(work.engine, (None, None))
    if before != decides:
        statement = found.freezing(campaign, _conditions(work, campaign))
        _statements[work.engine] = (decides, statement)
    return statement


def _conditions(work: Work, campaign: Campaign) -> list[Any]:
    wanted, unwanted = audiences.filters_of(work, campaign)
    author = audiences.as_author(work, campaign)
    return audiences_found.who(author, audiences.checks_of(work, campaign), wanted, unwanted)


# Queueing


@action(Permission.SYSTEM)
def feed(work: Work, campaign: Campaign, room: int) -> int:
    """Queue the next messages, as many as there is room for; how many that were.

    Who must not have it now is put aside, so a few more people than that are looked at.
    """
    if campaign.state is not CampaignState.RUNNING:
        return 0
    most = min(room, _earned(work, campaign))
    fed = 0
    for _ in range(4):
        if fed >= most:
            break
        looked, queued = _feed_some(work, campaign, most - fed)
        fed += queued
        if looked == queued:
            break
    _note_fed(work, campaign, fed)
    return fed


def _feed_some(work: Work, campaign: Campaign, most: int) -> tuple[int, int]:
    people: list[Next] = []
    if campaign.ends_at is None or campaign.ends_at > work.now:
        people += queueing.held_until_now(work, campaign, most)
    people += queueing.waiting(work, campaign, most - len(people))
    if not people:
        return 0, 0
    obstacles = audiences.in_the_way(work, campaign, [each.contact_id for each in people])
    trial = trials.of(work, campaign)
    looked_into = [each.id for each in people if trial or each.contact_id in obstacles]
    records = queueing.recipients(work, looked_into)
    going: list[Next] = []
    for each in people:
        obstacle = obstacles.get(each.contact_id)
        if obstacle is not None:
            put_aside(work, campaign, records[each.id], obstacle)
        elif trial is None:
            going.append(each)
        elif trials.divide(work, trial, records[each.id]):
            going.append(each._replace(variant=records[each.id].variant))
    queueing.queue(work, campaign, going)
    return len(people), len(going)


def _earned(work: Work, campaign: Campaign) -> int:
    """How many may be queued now at the campaign's own speed."""
    if campaign.speed is None:
        return 1_000_000
    since = campaign.fed_at or work.now - timedelta(seconds=1 / campaign.speed)
    seconds = min(1.0, (work.now - since).total_seconds())
    return int(campaign.speed * seconds + 1e-6)


def _note_fed(work: Work, campaign: Campaign, fed: int) -> None:
    if campaign.speed is None or not fed:
        return
    since = campaign.fed_at or work.now - timedelta(seconds=1 / campaign.speed)
    since = max(since, work.now - timedelta(seconds=1))
    campaign.fed_at = since + timedelta(seconds=fed / campaign.speed)


def put_aside(work: Work, campaign: Campaign, recipient: Recipient, obstacle: Obstacle) -> None:
    """Somebody must not have it now: they wait until they may, or it is over for them."""
    recipient.reason = obstacle.why
    if obstacle.until is None:
        recipient.state, recipient.settled_at = RecipientState.STOPPED, work.now
        return
    recipient.state, recipient.settled_at = RecipientState.HELD, None
    ends = campaign.ends_at or obstacle.until
    recipient.due_at = min(obstacle.until, ends)


# Ending


@action(Permission.SYSTEM)
def finish_if_done(work: Work, campaign: Campaign) -> bool:
    """Whether everybody's message is settled; then the campaign is finished."""
    if (
        campaign.state is not CampaignState.RUNNING
        or campaign.audience.get("frozen_to", 0) is not None
        or "journey" in campaign.audience
    ):
        return False
    if campaign.ends_at is not None and campaign.ends_at <= work.now:
        campaigns.end_waiting(work, campaign)
    if found.is_open(work, campaign, *campaigns.WAITS):
        return False
    campaign.state, campaign.finished_at = CampaignState.FINISHED, work.now
    show(work, campaign)
    return True


@action(Permission.SYSTEM)
def wind_up(work: Work) -> bool:
    """Go on with those who waited for what was cancelled; whether there may be more."""
    more = False
    for campaign in audiences_found.ending(work):
        campaign.winding_up = campaigns.end_waiting(work, campaign) or None
        more = more or bool(campaign.winding_up)
        if not campaign.winding_up:
            show(work, campaign)
    return more


def shown_every(campaign: Campaign) -> timedelta:
    """How often the numbers on its card are counted."""
    return LARGE_SHOWN_EVERY if audiences.reach(campaign) > LARGE else SHOWN_EVERY


@action(Permission.SYSTEM)
def count_drafts(work: Work) -> bool:
    """Go on counting whom the newest drafts would reach; whether there is more to count."""
    more = False
    for campaign in found.recent(work, 3):
        if campaign.state is not CampaignState.DRAFT or campaign.tally is None:
            continue
        if audiences.is_counted(campaign):
            continue
        more = audiences.count_more(work, campaign) or more
        if audiences.is_counted(campaign):
            show(work, campaign)
    return more
