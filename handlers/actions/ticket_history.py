"""A ticket's history: each step is noted, and whoever watches the ticket is told of it."""

from handlers.actions.access import Permission, action
from handlers.actions.outgoing import tell
from handlers.cards.ticket_history import step_words
from handlers.message import Button, Line, Reply
from handlers.texts import Voice
from storage.columns import new_id
from storage.queries import tickets
from storage.records import Contact, Member, Ticket, TicketEvent, Urgency
from storage.work import Work

LONGEST_VALUE = 256


def note(
    work: Work, ticket: Ticket, what: str, before: str | None = None, after: str | None = None
) -> TicketEvent:
    """Write a step into a ticket's history; `what` has words under `history.<what>`."""
    event = work.add(
        TicketEvent(
            ticket_id=ticket.id,
            at=work.now,
            member_id=work.actor.member.id if work.actor.member else None,
            what=what,
            before=before and before[:LONGEST_VALUE],
            after=after and after[:LONGEST_VALUE],
        )
    )
    if ticket.watchers:
        _tell_watchers(work, ticket, event)
    return event


def _tell_watchers(work: Work, ticket: Ticket, event: TicketEvent) -> None:
    by = None if work.actor.member is None else work.actor.member.name
    for member in _watchers(work, ticket):
        voice = Voice(member.language, member.zone)
        _tell(work, voice, member, ticket, step_words(voice, event, by))


def _watchers(work: Work, ticket: Ticket) -> list[Member]:
    """Who is to be told: not whoever does it, and nobody who is no longer there."""
    me = None if work.actor.member is None else work.actor.member.id
    found = (work.get(Member, id) for id in ticket.watchers or () if id != me)
    return [member for member in found if member is not None and member.active]


def _tell(
    work: Work, voice: Voice, member: Member, ticket: Ticket, words: tuple[tuple[str, str], ...]
) -> None:
    contact = work.sure(Contact, ticket.contact_id)
    head = voice.words("watch.head", number=ticket.number, name=contact.name)
    show = Button(voice.say("button.open"), "ticket.show", str(ticket.id))
    key = f"ticket:{ticket.id}:watch:{new_id()}:{member.id}"
    tell(work, member, Reply((Line((*head, *words), show),)), key=key, urgency=Urgency.SERVICE)


def tell_watchers_of_words(work: Work, ticket: Ticket, name: str, text: str) -> None:
    """A customer has written something: whoever watches is told what."""
    for member in _watchers(work, ticket):
        voice = Voice(member.language, member.zone)
        _tell(work, voice, member, ticket, voice.words("watch.said", name=name, text=text[:500]))


@action(Permission.READ)
def history(work: Work, ticket: Ticket) -> list[tuple[TicketEvent, str | None]]:
    """The steps of a ticket, oldest first, each with the name of who did it."""
    steps = tickets.history(work, ticket)
    return [(step, _name_of(work, step.member_id)) for step in steps]


def _name_of(work: Work, member_id: int | None) -> str | None:
    member = work.get(Member, member_id)
    return member.name if member else None


@action(Permission.SERVE)
def watch(work: Work, ticket: Ticket, member: Member) -> bool:
    """Have a member told of all that happens to a ticket; False when they are already."""
    if member.id in (ticket.watchers or ()):
        return False
    ticket.watchers = [*(ticket.watchers or ()), member.id]
    return True


@action(Permission.SERVE)
def unwatch(work: Work, ticket: Ticket, member: Member) -> bool:
    """Tell a member no more; False when they did not watch."""
    if member.id not in (ticket.watchers or ()):
        return False
    ticket.watchers = [id for id in ticket.watchers or () if id != member.id] or None
    return True
