"""How contacts look in a chat."""

from dataclasses import dataclass
from datetime import datetime

from handlers.cards.deals import deal_line
from handlers.cards.follow_ups import follow_up_words
from handlers.cards.tickets import ticket_line
from handlers.cards.timeline import timeline_words
from handlers.message import (
    Button,
    Buttons,
    Facts,
    Heading,
    Part,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import (
    Contact,
    ContactTag,
    Deal,
    FollowUp,
    Identity,
    IdentityKind,
    Interaction,
    Member,
    Ticket,
)


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
    deals: tuple[Deal, ...] = ()


def contact_card(voice: Voice, profile: Profile, now: datetime) -> Reply:
    """The whole picture of a contact: who, how to reach, what is open, what was said."""
    contact = profile.contact
    parts: list[Part] = [Heading(contact.name)]
    parts.append(Facts(tuple(_contact_facts(voice, profile))))
    parts += [ticket_line(voice, ticket, contact, now) for ticket in profile.tickets]
    parts += [deal_line(voice, deal, None) for deal in profile.deals]
    parts += [Text(follow_up_words(voice, each, None)) for each in profile.follow_ups]
    parts.append(Text(timeline_words(voice, profile.timeline, now)))
    value = str(contact.id)
    parts.append(
        Buttons(
            (
                Button(voice.say("button.remind"), "contact.remind", value),
                Button(voice.say("button.note"), "contact.note", value),
                Button(voice.say("button.open_ticket"), "ticket.form", value),
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
