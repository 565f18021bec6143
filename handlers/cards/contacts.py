"""How contacts look in a chat."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from handlers.cards.deals import deal_words
from handlers.cards.follow_ups import follow_up_words
from handlers.cards.lines import shortened
from handlers.cards.tickets import ticket_line
from handlers.message import (
    BOLD,
    ITALIC,
    Button,
    Buttons,
    Facts,
    Heading,
    Hint,
    Line,
    Look,
    Part,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.queries.timeline import GROUPS, Happened, Page
from storage.records import (
    Contact,
    ContactTag,
    Deal,
    FollowUp,
    Identity,
    IdentityKind,
    Member,
    Ticket,
)

# Of requests, deals and follow-ups so many each; a message holds fifty blocks.
MOST_OPEN = 5
MOST_TAGS = 12
# One value on the card, however long it is kept.
LONGEST = 120
_WAYS = {
    IdentityKind.TELEGRAM: "💬",
    IdentityKind.USERNAME: "💬",
    IdentityKind.SLACK: "💬",
    IdentityKind.PHONE: "📞",
    IdentityKind.EMAIL: "✉️",
    IdentityKind.ADDRESS: "📍",
}


@dataclass(frozen=True)
class Profile:
    """Everything about a contact that a card shows."""

    contact: Contact
    identities: list[Identity]
    tags: list[ContactTag]
    owner: Member | None
    tickets: list[Ticket]
    follow_ups: list[FollowUp]
    page: Page
    said_stop: bool
    deals: tuple[Deal, ...] = ()
    # What happened, each in words; the same things as on the page.
    told: tuple[Words, ...] = ()
    # Label and value: the team's own fields, and what was bought.
    own: tuple[tuple[str, str], ...] = ()
    money: tuple[tuple[str, str], ...] = ()
    # What is worth filling in, and how complete the record is, in percent.
    gaps: tuple[str, ...] = ()
    complete: int = 100
    zone: str | None = None
    # What of the past is shown: a group, or everything.
    group: str = ""


def contact_card(voice: Voice, profile: Profile, now: datetime) -> Reply:
    """The whole picture of a contact: who, how to reach, what is open, what happened."""
    parts: list[Part] = [Heading(shortened(profile.contact.name, 140) or "–")]
    parts.append(Text(_who(voice, profile)))
    parts.append(Hint(plain(_about(voice, profile, now))))
    parts += _reach(voice, profile)
    parts += _facts(profile.own)
    parts += _facts(profile.money)
    parts += _open(voice, profile, now)
    parts += _gaps(voice, profile)
    parts.append(_buttons(voice, profile))
    parts += timeline_parts(voice, profile)
    return Reply(tuple(parts))


def _who(voice: Voice, profile: Profile) -> Words:
    contact = profile.contact
    words: list[tuple[str, str]] = []
    if contact.company:
        words += [("🏢 ", ""), (shortened(contact.company, LONGEST), BOLD), ("  ·  ", "")]
    words.append((voice.say(f"stage.{contact.stage}"), ""))
    owner = shortened(profile.owner.name, LONGEST) if profile.owner else voice.say("card.no_owner")
    words.append((f"  ·  👤 {owner}", ""))
    if profile.tags:
        shown = "  ".join(f"#{each.tag}" for each in profile.tags[:MOST_TAGS])
        more = len(profile.tags) - MOST_TAGS
        words.append((f"\n{shown}" + (f"  +{more}" if more > 0 else ""), ""))
    return tuple(words)


def _about(voice: Voice, profile: Profile, now: datetime) -> str:
    contact = profile.contact
    found = [voice.tongue(contact.language)]
    clock = _clock(voice, profile.zone, now)
    found += [clock] if clock else []
    if contact.birthday:
        years = now.year - contact.birthday.year
        before = (now.month, now.day) < (contact.birthday.month, contact.birthday.day)
        day = voice.whole_date(contact.birthday)
        found.append(voice.say("card.born", day=day, age=years - before))
    if contact.gender:
        found.append(voice.say(f"gender.{contact.gender}"))
    met = voice.local(contact.created_at).date()
    found.append(voice.say("card.since", day=voice.whole_date(met)))
    return "  ·  ".join(found)


def _clock(voice: Voice, zone: str | None, now: datetime) -> str:
    if not zone:
        return ""
    try:
        there = now.astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    city = zone.rpartition("/")[2].replace("_", " ")
    return voice.say("card.clock", time=f"{there:%H:%M}", place=city)


def _reach(voice: Voice, profile: Profile) -> list[Part]:
    """How to reach them: a line each, at most eight."""
    contact, lines = profile.contact, []
    for each in profile.identities:
        if each.kind is IdentityKind.TELEGRAM and _has_username(profile):
            continue
        shown = f"{_WAYS[each.kind]}  {shortened(each.shown, LONGEST)}"
        if each.blocked_at is not None or (
            each.kind is IdentityKind.TELEGRAM and contact.unreachable_at is not None
        ):
            shown += f"  — {voice.say('contact.blocked')}"
        lines.append(shown)
    if len(lines) > 8:
        lines = [*lines[:8], voice.say("card.more", count=len(lines) - 8)]
    if profile.said_stop:
        lines.append(f"🔕  {voice.say('card.said_stop')}")
    if contact.blocked_at is not None:
        lines.append(f"🚫  {voice.say('card.blocked')}")
    return [Text(plain("\n".join(lines) or voice.say("card.no_way")))]


def _has_username(profile: Profile) -> bool:
    blocked = any(each.blocked_at for each in profile.identities)
    return not blocked and any(each.kind is IdentityKind.USERNAME for each in profile.identities)


def _facts(pairs: tuple[tuple[str, str], ...]) -> list[Part]:
    shown = [(shortened(label, 60), plain(shortened(value, LONGEST))) for label, value in pairs]
    # Slack shows ten facts to a section at the most; thirty are enough for a card.
    return [Facts(tuple(shown[at : at + 10])) for at in range(0, min(len(shown), 30), 10)]


def _open(voice: Voice, profile: Profile, now: datetime) -> list[Part]:
    some = profile.tickets[:MOST_OPEN]
    parts: list[Part] = [ticket_line(voice, each, profile.contact, now) for each in some]
    for deal in profile.deals[:MOST_OPEN]:
        show = Button(voice.say("button.open"), "deal.show", str(deal.id))
        parts.append(Line(deal_words(voice, deal, None), show))
    for due in profile.follow_ups[:MOST_OPEN]:
        done = Button(voice.say("button.done"), "follow_up.done", str(due.id))
        parts.append(Line(follow_up_words(voice, due, None), done))
    lists = (profile.tickets, profile.deals, profile.follow_ups)
    hidden = sum(max(len(each) - MOST_OPEN, 0) for each in lists)
    return [*parts, Hint(voice.words("card.more", count=hidden))] if hidden else parts


def _gaps(voice: Voice, profile: Profile) -> list[Part]:
    if not profile.gaps:
        return []
    names = voice.listed(profile.gaps[:4])
    words = voice.words("card.gaps", percent=profile.complete, names=shortened(names, 200))
    fill = Button(voice.say("button.fill_in"), "contact.edit", str(profile.contact.id))
    return [Line(words, fill)]


def _buttons(voice: Voice, profile: Profile) -> Buttons:
    value = str(profile.contact.id)
    main = (("edit", Look.PRIMARY), ("note", Look.NORMAL), ("remind", Look.NORMAL))
    buttons = [Button(voice.say(f"card.{n}"), f"contact.{n}", value, look) for n, look in main]
    buttons.append(Button(voice.say("card.ticket"), "ticket.form", value))
    if any(each.kind is IdentityKind.TELEGRAM for each in profile.identities):
        buttons.append(Button(voice.say("card.message"), "contact.message", value))
    buttons.append(Button(voice.say("card.deal"), "contact.deal", value))
    names = ["order", "relation", "history", *(["company"] if profile.contact.company else [])]
    more = tuple(Button(voice.say(f"card.{n}"), f"contact.{n}", value) for n in names)
    return Buttons(tuple(buttons), more)


# The past


def timeline_parts(voice: Voice, profile: Profile) -> list[Part]:
    """A page of what happened, newest first, with what leads to the others."""
    happened = profile.page.happened
    title = voice.say(f"timeline.{profile.group}" if profile.group else "timeline.all")
    words: list[tuple[str, str]] = [(title, BOLD)]
    if not happened:
        words.append((f"\n{voice.say('contact.nothing_said')}", ""))
    for told in profile.told:
        words += [("\n", ""), *told]
    id = str(profile.contact.id)
    buttons = []
    if profile.page.earlier and happened:
        value = page_value(id, profile.group, happened[-1], later=False)
        buttons.append(Button(voice.say("button.earlier"), "contact.timeline", value))
    if profile.page.later and happened:
        value = page_value(id, profile.group, happened[0], later=True)
        buttons.append(Button(voice.say("button.newer"), "contact.timeline", value))
    kinds = tuple(
        Button(voice.say(f"timeline.{each or 'all'}"), "contact.timeline", f"{id}:{each}")
        for each in ("", *GROUPS)
        if each != profile.group
    )
    return [Text(tuple(words)), Buttons(tuple(buttons), kinds)]


def page_value(id: str, group: str, edge: Happened, *, later: bool) -> str:
    """What leads to the page before or after a thing: "123:talk:<time>:<id>:later"."""
    at, record = edge.place
    return f"{id}:{group}:{at}:{record}:{'later' if later else 'earlier'}"


def happened_words(voice: Voice, mark: str, at: datetime, said: str, now: datetime) -> Words:
    """One thing that happened: when, and what, on one line."""
    when = voice.ago(at, now) if (now - at).days < 2 else voice.day(at)
    if (now - at).days > 300:
        when = voice.whole_date(voice.local(at).date())
    return ((f"{mark} ", ""), (when, ITALIC), (f"  {shortened(said)}", ""))
