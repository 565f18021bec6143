"""The whole picture of a customer: all that their card shows, gathered."""

from decimal import Decimal

from handlers.actions import companies, fields, profiles, relation
from handlers.actions.access import Permission, action
from handlers.actions.changes import changes_in
from handlers.actions.soundness import verdict
from handlers.actions.whereabouts import zone_of_phone
from handlers.amounts import in_units
from handlers.cards.contacts import Profile, happened_words
from handlers.cards.lines import shortened
from handlers.cards.relation import money_facts, silence_words
from handlers.message import Words, flat
from handlers.texts import Voice
from storage.queries import contacts, deals, follow_ups, tickets, timeline
from storage.queries.timeline import Happened
from storage.records import (
    AuditEntry,
    Campaign,
    Contact,
    Deal,
    Direction,
    Interaction,
    Lane,
    Member,
    Order,
    Purpose,
    Recipient,
    Ticket,
)
from storage.work import Work

_SAID = {Direction.IN: "⬅️", Direction.OUT: "➡️", Direction.NOTE: "📝"}
_MOST_CHANGES = 3


@action(Permission.READ)
def picture(
    work: Work,
    contact: Contact,
    voice: Voice,
    *,
    group: str = "",
    place: tuple[int, int] | None = None,
    later: bool = False,
) -> Profile:
    """Everything about a contact, with the page of the past that is asked for."""
    page = timeline.page(work, contact, group, place, later=later)
    consent = contacts.consent_of(work, contact, Purpose.MARKETING)
    identities = contacts.identities_of(work, contact)
    own = fields.custom(work)
    found = verdict(contact, identities, own, work.now)
    if contact.company and contact.company_id is None:
        companies.link(work, contact)
    return Profile(
        contact=contact,
        identities=identities,
        tags=contacts.tags_of(work, contact),
        owner=work.get(Member, contact.owner_id),
        tickets=tickets.open_of(work, contact),
        follow_ups=follow_ups.open_of(work, contact),
        page=page,
        said_stop=consent is not None and not consent.granted,
        deals=tuple(deals.open_of(work, contact)),
        told=tuple(_told(work, voice, each) for each in page.happened),
        own=_own(work, voice, contact),
        money=_money(work, voice, contact),
        gaps=tuple(gap_words(work, voice, each) for each in found.gaps),
        complete=found.complete,
        zone=contact.zone or zone_of_phone(identities, work.now),
        group=group if group in timeline.GROUPS else "",
    )


@action(Permission.READ)
def gap_words(work: Work, voice: Voice, name: str) -> str:
    """What is missing, as people call it."""
    if name.startswith("custom."):
        key = name.removeprefix("custom.")
        for each in fields.every(work):
            if each.key == key:
                return each.label(voice.language)
    return voice.say(f"gap.{name}")


def _own(work: Work, voice: Voice, contact: Contact) -> tuple[tuple[str, str], ...]:
    return tuple(
        (each.label(voice.language), fields.words_of(voice, each, contact.custom[each.key]))
        for each in fields.custom(work)
        if contact.custom.get(each.key) is not None
    )


def _money(work: Work, voice: Voice, contact: Contact) -> tuple[tuple[str, str], ...]:
    """What they have spent, where they stand among all customers, and whether they fall silent."""
    found = relation.of(work, contact)
    facts = [(label, flat(words)) for label, words in money_facts(voice, found)]
    if found.standing is not None:
        # What each score rests on stands behind *Relationship*.
        label = voice.say("relation.rfm")
        cell = found.standing.cell
        facts = [(name, cell if name == label else said) for name, said in facts]
    silent = silence_words(voice, found)
    if silent:
        facts.append((voice.say("card.silent"), silent))
    return tuple(facts)


# What happened, in words


def _told(work: Work, voice: Voice, each: Happened) -> Words:
    mark, said = _happened(work, voice, each)
    return happened_words(voice, mark, each.at, said, work.now)


def _happened(work: Work, voice: Voice, each: Happened) -> tuple[str, str]:
    match each.record:
        case Interaction() as said:
            return _mark(said), _spoken(work, voice, said)
        case Ticket() as ticket:
            key = "timeline.opened" if each.what == "opened" else "timeline.resolved"
            mark = "🎫" if each.what == "opened" else "✅"
            return mark, voice.say(key, number=ticket.number, subject=shortened(ticket.subject, 80))
        case Deal() as deal:
            state = "opened" if each.what == "deal" else str(deal.state)
            amount = "" if deal.amount is None else voice.money(deal.amount, deal.currency)
            words = voice.say(f"timeline.deal_{state}", number=deal.number, title=deal.title)
            return "💼", f"{words} {amount}".rstrip()
        case Order() as order:
            units = in_units(Decimal(order.amount), order.currency)
            amount = voice.money(units, order.currency)
            return "📦", voice.say(f"timeline.{order.kind}", number=order.number, amount=amount)
        case Recipient() as recipient:
            campaign = work.get(Campaign, recipient.campaign_id)
            number = campaign.number if campaign else 0
            return "📣", voice.say("timeline.campaign", number=number)
        case AuditEntry() as entry:
            return "✏️", changes_words(work, voice, entry)
    return "•", ""


def _mark(said: Interaction) -> str:
    if said.direction is Direction.NOTE:
        return "📝"
    return "🔒" if said.lane is Lane.INTERNAL else _SAID[said.direction]


def _spoken(work: Work, voice: Voice, said: Interaction) -> str:
    text = said.text or (voice.say("media.some", count=len(said.media)) if said.media else "–")
    by = ""
    if said.direction is not Direction.IN and said.member_id is not None:
        member = work.get(Member, said.member_id)
        by = f"{member.name}: " if member else ""
    edited = f" ({voice.say('message.edited')})" if said.edited_at else ""
    return f"{by}{shortened(text, 140)}{edited}"


@action(Permission.READ)
def changes_words(work: Work, voice: Voice, entry: AuditEntry) -> str:
    """What was changed, in a line: "Birthday: – → 3 May 1990 (Ann Archer)"."""
    told = profiles.told(work, voice, changes_in(entry))
    lines = [f"{label}: {shortened(a, 40)} → {shortened(b, 40)}" for label, a, b in told]
    more = f" +{len(lines) - _MOST_CHANGES}" if len(lines) > _MOST_CHANGES else ""
    undone = f" · {voice.say('change.was_undone')}" if entry.detail.get("undone") else ""
    by = who(work, voice, entry.actor)
    return f"{'; '.join(lines[:_MOST_CHANGES])}{more}{undone} ({by})"


def who(work: Work, voice: Voice, actor: str) -> str:
    """Who did something, by the name that the audit log keeps."""
    kind, _, id = actor.partition(":")
    if kind == "member" and id.isdecimal():
        member = work.get(Member, int(id))
        return member.name if member else "–"
    if kind == "contact":
        return voice.say("change.by_customer")
    return "Rapport"
