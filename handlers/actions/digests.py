"""The manager's numbers of a day, beside those of the day before."""

from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from handlers.actions import (
    campaign_results,
    doubles,
    moments,
    nps,
    processes,
    quality,
    satisfaction,
    service_alarms,
)
from handlers.actions.access import Permission, action, may
from handlers.actions.members import DIGEST, next_digest
from handlers.actions.outgoing import tell
from handlers.cards import Day, Digest, digest_card
from handlers.cards.deals import DealDay
from handlers.message import Reply
from handlers.texts import Voice
from storage.aside import answered
from storage.queries import deals, figures, house, tallies
from storage.records import DealState, Member, Schedule, Urgency
from storage.work import Actor, Work


@action(Permission.READ)
def digest(work: Work, zone_name: str) -> Digest:
    """The last whole day of a zone. Days with a clock change have 23 or 25 hours."""
    zone = moments.zone_named(zone_name)
    day = moments.day_of(work.now, zone) - timedelta(days=1)
    first = figures.longest_wait(work)
    week = []
    for back in range(6, -1, -1):
        each = day - timedelta(days=back)
        counted = figures.messages(work, *moments.day_bounds(each, zone))
        week.append((each, *counted))
    return Digest(
        day=day,
        numbers=_numbers(work, day, zone),
        before=_numbers(work, day - timedelta(days=1), zone),
        waiting=figures.customers_waiting(work),
        longest_wait=work.now - first if first else None,
        week=tuple(week),
        overdue=tuple(service_alarms.overdue(work)),
        opinions=tuple(nps.words(work, *moments.day_bounds(day, zone), 3)),
        doubles=doubles.open_count(work),
        records=quality.scores(work),
        lifts=tuple(campaign_results.told(work, *moments.day_bounds(day, zone))),
    )


def _numbers(work: Work, day: date, zone: ZoneInfo) -> Day:
    start, end = moments.day_bounds(day, zone)
    messages_in, messages_out = figures.messages(work, start, end)
    due, missed = figures.follow_ups(work, start, end)
    settled = tallies.settled(work, start, end)
    return Day(
        new_contacts=figures.new_contacts(work, start, end),
        messages_in=messages_in,
        messages_out=messages_out,
        opened=figures.opened(work, start, end),
        closed=figures.closed(work, start, end),
        first_answer=figures.median_first_answer(work, start, end),
        follow_ups_due=due,
        follow_ups_missed=missed,
        # What was taken back later went out all the same.
        campaign_sent=settled.get("sent", 0) + settled.get("recalled", 0),
        campaign_failed=settled.get("failed", 0),
        campaign_unsure=settled.get("unsure", 0),
        campaign_stopped=settled.get("stopped", 0),
        breaches=service_alarms.breaches(work, start, end),
        csat=satisfaction.scores(work, start, end),
        nps=nps.figures(work, start, end),
        deals=DealDay(
            opened=tuple(deals.opened(work, start, end)),
            won=tuple(deals.closed(work, DealState.WON, start, end)),
            lost=tuple(deals.closed(work, DealState.LOST, start, end)),
        ),
    )


@action(Permission.SYSTEM)
def due(work: Work) -> list[Schedule]:
    """Digests whose moment has come."""
    return [each for each in house.due_schedules(work) if each.job == DIGEST]


def _card(work: Work, voice: Voice) -> Reply:
    return digest_card(voice, digest(work, voice.zone), work.now)


@action(Permission.SYSTEM)
def send_digest(work: Work, schedule: Schedule) -> None:
    """Send a member's digest of the last whole day; what was missed before is part of none.

    It is put together beside the writer: what large campaigns have brought takes seconds.
    """
    member = work.get(Member, schedule.member_id)
    if member is None or not may(Actor(member.name, member), Permission.CAMPAIGN):
        work.delete(schedule)
        return
    moment = schedule.next_due_at
    voice = Voice(member.language, schedule.zone)
    card = answered(work, (DIGEST, schedule.id, moment), partial(_card, voice=voice))
    if card is None:
        return
    if processes.take_moment(work, f"{DIGEST}:{member.id}", moment):
        # Of the moment, not of the day: at another hour it may be sent a second time.
        key = f"digest:{member.id}:{moment.isoformat()}"
        tell(work, member, card, key=key, urgency=Urgency.DIGEST)
    schedule.next_due_at = next_digest(schedule, work)
