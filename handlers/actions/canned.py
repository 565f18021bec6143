"""Canned replies: written once, sent often, in the customer's language, with their name in it."""

from collections.abc import Iterable, Mapping

from handlers.actions import answering, templates
from handlers.actions.access import Permission, action
from handlers.actions.knowledge import (
    LONGEST_TEXT,
    in_language,
    keep_version,
    name_from,
    note_change,
    with_name,
)
from handlers.actions.tickets import survivor
from storage.errors import Refused
from storage.queries import conversation, knowledge, segments
from storage.records import CannedReply, Contact, Interaction, Ticket
from storage.work import Work

MOST_CUES = 20


@action(Permission.READ)
def listed(work: Work) -> list[CannedReply]:
    """Every canned reply, by name."""
    return knowledge.canned(work)


@action(Permission.READ)
def named(work: Work, name: str) -> CannedReply:
    """The canned reply of that name. Raises Refused with those that there are."""
    return with_name(knowledge.canned(work), name, "canned")


@action(Permission.READ)
def text_for(work: Work, canned: CannedReply, contact: Contact) -> str:
    """What a canned reply says to one customer."""
    found = in_language(canned.texts, contact.language)
    return templates.fill(found[1], contact) if found else ""


@action(Permission.SERVE, audited=True)
def write(
    work: Work, typed: str, texts: Mapping[str, str], cues: Iterable[str] | None = None
) -> CannedReply:
    """Write a canned reply, or change the one of that name in the languages given.

    An empty text takes a language away. Raises Refused for a wrong name or field, and when no
    text would be left.
    """
    name = name_from(typed)
    for text in texts.values():
        templates.check(text, segments.own_fields(work))
        if len(text) > LONGEST_TEXT:
            raise Refused("knowledge.too_long", most=LONGEST_TEXT)
    canned = knowledge.canned_named(work, name)
    left = {**(canned.texts if canned else {}), **{key: t.strip() for key, t in texts.items()}}
    left = {key: text for key, text in left.items() if text}
    if not left:
        raise Refused("canned.no_text")
    if canned is None:
        canned = work.add(CannedReply(name=name, changed_at=work.now))
    else:
        keep_version(work, canned)
    canned.texts = left
    if cues is not None:
        canned.cues = [cue.strip() for cue in cues if cue.strip()][:MOST_CUES]
    note_change(work, canned)
    return canned


@action(Permission.SERVE, audited=True)
def remove(work: Work, canned: CannedReply) -> None:
    """Have a canned reply no more; what it said is kept among the versions."""
    keep_version(work, canned)
    work.delete(canned)


@action(Permission.SERVE, audited=True)
def send(work: Work, canned: CannedReply, ticket: Ticket, origin: str | None = None) -> Interaction:
    """Say it to a ticket's customer, held like every answer. The same `origin` twice is once."""
    ticket = survivor(work, ticket)
    if origin is not None and conversation.by_origin(work, origin) is not None:
        raise Refused("canned.sent_already")
    contact = work.sure(Contact, ticket.contact_id)
    canned.used += 1
    return answering.say(work, ticket, text_for(work, canned, contact), origin=origin)
