"""How digests look in a chat."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from handlers.cards.deals import DealDay, day_facts
from handlers.cards.feedback import Nps, Opinion, nps_words, opinion_parts
from handlers.cards.satisfaction import Scores, score_words
from handlers.cards.service_levels import overdue_parts
from handlers.cards.trials import lift_line
from handlers.lift import Lift
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Chart,
    Facts,
    Heading,
    Part,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import Campaign, Contact, Ticket


@dataclass(frozen=True)
class Day:
    """One local day in numbers; `first_answer` is the median, None when nothing was answered."""

    new_contacts: int
    messages_in: int
    messages_out: int
    opened: int
    closed: int
    first_answer: timedelta | None
    follow_ups_due: int
    follow_ups_missed: int
    campaign_sent: int
    campaign_failed: int
    campaign_unsure: int
    campaign_stopped: int
    # Promises of service levels that were broken.
    breaches: int = 0
    # How content customers were.
    csat: Scores = field(default_factory=Scores)
    # How likely they would recommend us.
    nps: Nps = field(default_factory=Nps)
    # What was opened, won and lost.
    deals: DealDay = field(default_factory=DealDay)


@dataclass(frozen=True)
class Digest:
    """Yesterday, the day before, what waits now, and the week's messages by day."""

    day: date
    numbers: Day
    before: Day
    waiting: int
    longest_wait: timedelta | None
    week: tuple[tuple[date, int, int], ...]
    # Of which something is overdue now, most overdue first.
    overdue: tuple[tuple[Ticket, Contact], ...] = ()
    # The last words that customers said of us.
    opinions: tuple[Opinion, ...] = ()
    # How many pairs of customers may be one person and wait to be looked at.
    doubles: int = 0
    # How complete and how plausible the customers' records are, in percent, when it was counted.
    records: tuple[int, int] | None = None
    # What campaigns have brought whose time is over now.
    lifts: tuple[tuple[Campaign, Lift], ...] = ()


def digest_card(voice: Voice, digest: Digest, at: datetime) -> Reply:
    """A manager's day in numbers, each beside the day before, with the week as a chart."""
    now, before = digest.numbers, digest.before
    parts: list[Part] = [
        Heading(voice.say("digest.title", day=voice.calendar_day(digest.day))),
        Facts(tuple(_facts(voice, digest))),
    ]
    sold = day_facts(voice, now.deals, before.deals)
    parts += [Facts(tuple(sold))] if sold else []
    if now.campaign_sent or now.campaign_failed or now.campaign_unsure or now.campaign_stopped:
        parts.append(
            Text(
                voice.words(
                    "digest.campaigns",
                    sent=_against(now.campaign_sent, before.campaign_sent),
                    failed=now.campaign_failed,
                    unsure=now.campaign_unsure,
                    stopped=now.campaign_stopped,
                )
            )
        )
    parts += [lift_line(voice, campaign, lift) for campaign, lift in digest.lifts]
    parts += overdue_parts(voice, digest.overdue, at)
    if digest.opinions:
        parts.append(Text(voice.words("feedback.digest")))
        parts += opinion_parts(voice, list(digest.opinions), at)
    parts.append(_week(voice, digest))
    buttons = [Button(voice.say("button.all_tickets"), "tickets.show")]
    if digest.doubles:
        label = f"{voice.say('button.doubles')} ({digest.doubles})"
        buttons.append(Button(label, "doubles.list"))
    parts.append(Buttons(tuple(buttons)))
    return Reply(tuple(parts))


def _facts(voice: Voice, digest: Digest) -> list[tuple[str, Words]]:
    """What always stands in a digest; opinions, late answers and records when there are any."""
    now, before = digest.numbers, digest.before
    figures = (
        ("new_contacts", now.new_contacts, before.new_contacts),
        ("messages_in", now.messages_in, before.messages_in),
        ("messages_out", now.messages_out, before.messages_out),
        ("opened", now.opened, before.opened),
        ("closed", now.closed, before.closed),
    )
    facts = [(voice.say(f"digest.{name}"), _against(*pair)) for name, *pair in figures]
    facts.append((voice.say("digest.waiting"), plain(_waiting(voice, digest))))
    facts.append((voice.say("digest.first_answer"), plain(_first_answer(voice, now, before))))
    missed = voice.say("digest.missed", missed=now.follow_ups_missed)
    due = _against(now.follow_ups_due, before.follow_ups_due)
    facts.append((voice.say("digest.follow_ups"), (*due, (f" · {missed}", ""))))
    if now.breaches or before.breaches:
        facts.append((voice.say("digest.overdue"), _against(now.breaches, before.breaches)))
    if now.csat.count or before.csat.count:
        facts.append((voice.say("digest.csat"), score_words(voice, now.csat, before.csat)))
    if now.nps.count or before.nps.count:
        facts.append(("NPS", nps_words(voice, now.nps, before.nps)))
    if digest.records is not None:
        complete, valid = digest.records
        words = voice.say("digest.quality_is", complete=complete, valid=valid)
        facts.append((voice.say("digest.quality"), plain(words)))
    return facts


def _against(now: int, before: int) -> Words:
    change = f"▲ {now - before}" if now > before else f"▼ {before - now}"
    return ((str(now), BOLD), (f"  {change}" if now != before else "  ＝", ""))


def _waiting(voice: Voice, digest: Digest) -> str:
    if digest.longest_wait is None:
        return str(digest.waiting)
    return f"{digest.waiting} · {voice.say('digest.longest', length=digest.longest_wait)}"


def _first_answer(voice: Voice, now: Day, before: Day) -> str:
    if now.first_answer is None:
        return "–"
    shown = voice.duration(now.first_answer)
    if before.first_answer is None:
        return shown
    return f"{shown} ({voice.say('digest.before', length=before.first_answer)})"


def _week(voice: Voice, digest: Digest) -> Chart:
    days = tuple(voice.weekday(day) for day, _, _ in digest.week)
    arrived = tuple(float(count) for _, count, _ in digest.week)
    sent = tuple(float(count) for _, _, count in digest.week)
    return Chart(
        voice.say("digest.chart"),
        days,
        ((voice.say("digest.messages_in"), arrived), (voice.say("digest.messages_out"), sent)),
    )
