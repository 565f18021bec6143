"""What records look like in a chat: pure functions from records to parts of a reply."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Chart,
    Facts,
    Heading,
    Hint,
    Line,
    Look,
    Part,
    Quote,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import (
    Campaign,
    CampaignState,
    Contact,
    ContactTag,
    Direction,
    FollowUp,
    Identity,
    IdentityKind,
    Interaction,
    Lane,
    Member,
    Priority,
    Ticket,
    TicketStatus,
)

_LONGEST_LINE = 160


@dataclass(frozen=True)
class Profile:
    """Everything about a contact that a card shows."""

    contact: Contact
    identities: list[Identity]
    tags: list[ContactTag]
    owner: Member | None
    tickets: list[Ticket]
    follow_ups: list[FollowUp]
    timeline: list[Interaction]
    said_stop: bool


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


@dataclass(frozen=True)
class Digest:
    """Yesterday, the day before, what waits now, and the week's messages by day."""

    day: date
    numbers: Day
    before: Day
    waiting: int
    longest_wait: timedelta | None
    week: tuple[tuple[date, int, int], ...]


def shortened(text: str, longest: int = _LONGEST_LINE) -> str:
    """The first words of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


# Tickets


def ticket_card(
    voice: Voice, ticket: Ticket, contact: Contact, assignee: Member | None, now: datetime
) -> Reply:
    """The card at the head of a ticket's thread."""
    parts: list[Part] = [
        Heading(f"#{ticket.number} · {contact.name}"),
        Quote(shortened(ticket.subject, 256)),
        Facts(tuple(_ticket_facts(voice, ticket, contact, assignee))),
        Buttons(tuple(_ticket_buttons(voice, ticket, assignee))),
    ]
    return Reply(tuple(parts), for_all=True)


def _ticket_facts(
    voice: Voice, ticket: Ticket, contact: Contact, assignee: Member | None
) -> list[tuple[str, Words]]:
    status = voice.say(f"status.{ticket.status}")
    if ticket.snoozed_until is not None and ticket.is_open:
        status = voice.say("ticket.snoozed_until", until=ticket.snoozed_until)
    facts = [
        (voice.say("label.status"), plain(f"{_MARK[ticket.status]} {status}")),
        (
            voice.say("label.assignee"),
            plain(assignee.name if assignee else voice.say("ticket.nobody")),
        ),
        (voice.say("label.language"), plain(voice.say(f"language.{contact.language}"))),
        (voice.say("label.opened"), plain(voice.moment(ticket.opened_at))),
    ]
    if ticket.priority is not Priority.NORMAL:
        facts.append((voice.say("label.priority"), plain(voice.say(f"priority.{ticket.priority}"))))
    if contact.company:
        facts.append((voice.say("label.company"), plain(contact.company)))
    return facts


_MARK = {
    TicketStatus.NEW: "🆕",
    TicketStatus.OPEN: "🟢",
    TicketStatus.WAITING: "💬",
    TicketStatus.ON_HOLD: "⏸️",
    TicketStatus.RESOLVED: "✅",
    TicketStatus.CLOSED: "✅",
}


def _ticket_buttons(voice: Voice, ticket: Ticket, assignee: Member | None) -> list[Button]:
    value = str(ticket.id)
    customer = Button(voice.say("button.customer"), "contact.show", str(ticket.contact_id))
    if not ticket.is_open:
        return [Button(voice.say("button.reopen"), "ticket.reopen", value), customer]
    buttons = [
        Button(voice.say("button.resolve"), "ticket.resolve", value),
        Button(voice.say("button.snooze"), "ticket.snooze", value),
        customer,
    ]
    if assignee is None:
        buttons.insert(0, Button(voice.say("button.take"), "ticket.take", value, Look.PRIMARY))
    return buttons


def ticket_line(voice: Voice, ticket: Ticket, contact: Contact, now: datetime) -> Line:
    """A ticket in a list."""
    waits = ticket.customer_waits_since
    state = (
        voice.say("ticket.waits_for", length=now - waits)
        if waits is not None
        else voice.say(f"status.{ticket.status}")
    )
    urgent = (
        f" · {voice.say(f'priority.{ticket.priority}')}" if ticket.priority in _PRESSING else ""
    )
    words: Words = (
        (f"#{ticket.number} {contact.name}", BOLD),
        (f" — {shortened(ticket.subject, 80)}\n{_MARK[ticket.status]} {state}{urgent}", ""),
    )
    return Line(words, Button(voice.say("button.open"), "ticket.show", str(ticket.id)))


_PRESSING = (Priority.HIGH, Priority.URGENT)


# Contacts


def contact_card(voice: Voice, profile: Profile, now: datetime) -> Reply:
    """The whole picture of a contact: who, how to reach, what is open, what was said."""
    contact = profile.contact
    parts: list[Part] = [Heading(contact.name)]
    parts.append(Facts(tuple(_contact_facts(voice, profile))))
    parts += [ticket_line(voice, ticket, contact, now) for ticket in profile.tickets]
    parts += [Text(_follow_up_words(voice, each, None)) for each in profile.follow_ups]
    parts.append(Text(timeline_words(voice, profile.timeline, now)))
    value = str(contact.id)
    parts.append(
        Buttons(
            (
                Button(voice.say("button.remind"), "contact.remind", value),
                Button(voice.say("button.note"), "contact.note", value),
            )
        )
    )
    return Reply(tuple(parts))


def _contact_facts(voice: Voice, profile: Profile) -> list[tuple[str, Words]]:
    contact = profile.contact
    facts: list[tuple[str, Words]] = []
    if contact.company:
        facts.append((voice.say("label.company"), plain(contact.company)))
    for identity in profile.identities:
        if identity.kind is IdentityKind.TELEGRAM and _has_username(profile):
            continue
        shown = identity.shown
        if identity.blocked_at is not None:
            shown += f" ({voice.say('contact.blocked')})"
        facts.append((voice.say(f"identity.{identity.kind}"), plain(shown)))
    facts.append((voice.say("label.language"), plain(voice.say(f"language.{contact.language}"))))
    if profile.tags:
        tags = " ".join(f"#{each.tag}" for each in profile.tags)
        facts.append((voice.say("label.tags"), plain(tags)))
    facts.append((voice.say("label.stage"), plain(voice.say(f"stage.{contact.stage}"))))
    if profile.owner:
        facts.append((voice.say("label.owner"), plain(profile.owner.name)))
    facts.append((voice.say("label.since"), plain(voice.day(contact.created_at))))
    if profile.said_stop:
        facts.append((voice.say("label.campaigns"), plain(voice.say("contact.said_stop"))))
    # Slack shows ten facts to a section at the most.
    return facts[:10]


def _has_username(profile: Profile) -> bool:
    blocked = any(each.blocked_at for each in profile.identities)
    return not blocked and any(each.kind is IdentityKind.USERNAME for each in profile.identities)


def timeline_words(voice: Voice, timeline: list[Interaction], now: datetime) -> Words:
    """What was said lately, newest first."""
    if not timeline:
        return voice.words("contact.nothing_said")
    words: list[tuple[str, str]] = [(voice.say("label.timeline"), BOLD)]
    for each in timeline:
        mark = "🔒" if each.lane is Lane.INTERNAL else _WAY[each.direction]
        said = shortened(each.text or voice.say("media.some", count=len(each.media)))
        edited = f" ({voice.say('message.edited')})" if each.edited_at else ""
        words.append((f"\n{mark} {voice.ago(each.at, now)}: ", ""))
        words.append((f"{said}{edited}", ""))
    return tuple(words)


_WAY = {Direction.IN: "⬅️", Direction.OUT: "➡️", Direction.NOTE: "📝"}


# Follow-ups


def _follow_up_words(voice: Voice, follow_up: FollowUp, contact: Contact | None) -> Words:
    who = f"{contact.name}: " if contact else ""
    return (
        ("⏰ ", ""),
        (voice.moment(follow_up.due_at), BOLD),
        (f" — {who}{shortened(follow_up.text)}", ""),
    )


def follow_up_line(voice: Voice, follow_up: FollowUp, contact: Contact | None) -> Line:
    """A follow-up in a list."""
    return Line(
        _follow_up_words(voice, follow_up, contact),
        Button(voice.say("button.done"), "follow_up.done", str(follow_up.id)),
    )


def reminder(
    voice: Voice,
    follow_up: FollowUp,
    contact: Contact | None,
    timeline: list[Interaction],
    now: datetime,
    late: bool,
) -> Reply:
    """What its owner gets when a follow-up is due, with the last lines of the conversation."""
    value = str(follow_up.id)
    title = "follow_up.due_about" if contact else "follow_up.due"
    parts: list[Part] = [
        Text(
            voice.words(
                title, text=plain(follow_up.text), name=plain(contact.name if contact else "")
            )
        )
    ]
    if late:
        parts.append(Hint(voice.words("follow_up.late", length=now - follow_up.due_at)))
    if timeline:
        parts.append(Text(timeline_words(voice, timeline, now)))
    buttons = [
        Button(voice.say("button.done"), "follow_up.done", value, Look.PRIMARY),
        Button(voice.say("button.snooze"), "follow_up.snooze", value),
    ]
    if contact:
        buttons.append(Button(voice.say("button.open"), "contact.show", str(contact.id)))
    parts.append(Buttons(tuple(buttons)))
    return Reply(tuple(parts))


# Campaigns


def campaign_card(
    voice: Voice, campaign: Campaign, counts: dict[str, int], preview: str, now: datetime
) -> Reply:
    """A campaign with its numbers as they stand."""
    value = str(campaign.id)
    parts: list[Part] = [
        Heading(voice.say("campaign.title", number=campaign.number)),
        Quote(shortened(preview, 1000)),
    ]
    if campaign.state is CampaignState.DRAFT:
        parts.append(
            Text(
                voice.words(
                    "campaign.audience",
                    tag=plain(campaign.audience["tag"]),
                    will_get=counts["will_get"],
                    stopped=counts["stopped"],
                    blocked=counts["blocked"],
                    elsewhere=counts["elsewhere"],
                )
            )
        )
    else:
        parts.append(Facts(tuple(_campaign_facts(voice, campaign, counts))))
    buttons = _campaign_buttons(voice, campaign, counts, value)
    if buttons:
        parts.append(Buttons(tuple(buttons)))
    if campaign.state is not CampaignState.DRAFT:
        parts.append(Hint(voice.words("campaign.as_of", at=now)))
    return Reply(tuple(parts), for_all=True)


def _campaign_facts(
    voice: Voice, campaign: Campaign, counts: dict[str, int]
) -> list[tuple[str, Words]]:
    open_ones = counts.get("waiting", 0) + counts.get("queued", 0)
    facts = [(voice.say("label.status"), plain(voice.say(f"campaign_state.{campaign.state}")))]
    facts += [
        (voice.say(f"recipient.{name}"), plain(str(counts.get(name, 0))))
        for name in ("sent", "failed", "unsure", "stopped")
    ]
    if counts.get("cancelled"):
        facts.append((voice.say("recipient.cancelled"), plain(str(counts["cancelled"]))))
    facts.append((voice.say("recipient.waiting"), plain(str(open_ones))))
    return facts


def _campaign_buttons(
    voice: Voice, campaign: Campaign, counts: dict[str, int], value: str
) -> list[Button]:
    match campaign.state:
        case CampaignState.DRAFT:
            sure = voice.say("campaign.sure", count=counts["will_get"])
            return [
                Button(voice.say("button.start"), "campaign.start", value, Look.PRIMARY, sure),
                Button(voice.say("button.cancel"), "campaign.cancel", value),
            ]
        case CampaignState.RUNNING:
            return [
                Button(voice.say("button.pause"), "campaign.pause", value),
                Button(voice.say("button.cancel"), "campaign.cancel", value, Look.DANGER),
            ]
        case CampaignState.PAUSED:
            return [
                Button(voice.say("button.resume"), "campaign.resume", value, Look.PRIMARY),
                Button(voice.say("button.cancel"), "campaign.cancel", value, Look.DANGER),
            ]
    if counts.get("unsure"):
        return [Button(voice.say("button.who_unsure"), "campaign.unsure", value)]
    return []


# Digests


def digest_card(voice: Voice, digest: Digest) -> Reply:
    """A manager's day in numbers, each beside the day before, with the week as a chart."""
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
    parts: list[Part] = [
        Heading(voice.say("digest.title", day=voice.calendar_day(digest.day))),
        Facts(tuple(facts)),
    ]
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
    parts.append(_week(voice, digest))
    parts.append(Buttons((Button(voice.say("button.all_tickets"), "tickets.show"),)))
    return Reply(tuple(parts))


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
