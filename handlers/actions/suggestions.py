"""What was understood and is proposed: shown in the thread, done when somebody says yes."""

from datetime import datetime
from typing import Any

from handlers import cards
from handlers.actions import canned, filing, needs, promises, tickets
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import SLACK, channel_of, refresh, send
from handlers.actions.policies import team_voice
from handlers.message import Hint, Part, Reply, pack
from handlers.texts import Voice
from handlers.understanding import Intent, intents, order_numbers
from storage.errors import Refused
from storage.queries import contacts, knowledge
from storage.records import (
    CannedReply,
    Contact,
    Direction,
    FollowUp,
    IdentityKind,
    Interaction,
    Member,
    Need,
    Priority,
    Subject,
    Suggestion,
    SuggestionKind,
    SuggestionState,
    Ticket,
    Unsure,
)
from storage.work import Work


def propose(
    work: Work, said: Interaction, kind: SuggestionKind, value: str, **detail: Any
) -> Suggestion:
    """Keep one thing to be proposed because of what was said."""
    return work.add(
        Suggestion(
            kind=kind,
            interaction_id=said.id,
            ticket_id=said.ticket_id,
            contact_id=said.contact_id,
            value=value[:256],
            detail=detail,
            at=work.now,
        )
    )


@action(Permission.SYSTEM)
def show(work: Work, said: Interaction, found: list[Suggestion]) -> None:
    """Show in the thread what was understood of one thing that was said, if there is anything."""
    if said.ticket_id is None:
        return
    parts = _parts(work, said, found)
    if not parts:
        return
    send(
        work,
        SLACK,
        channel_of(work, said.ticket_id),
        "say",
        {"parts": pack(Reply(parts)), "thread": [Subject.TICKET, said.ticket_id]},
        key=f"understood:{said.id}",
        line=tickets.thread_of(work.sure(Ticket, said.ticket_id)),
        subject=Subject.SUGGESTION,
        subject_id=said.id,
        when_unsure=Unsure.READBACK,
    )


def _parts(work: Work, said: Interaction, found: list[Suggestion]) -> tuple[Part, ...]:
    voice = team_voice(work)
    parts: list[Part] = [*hints(work, voice, said)] if said.direction is Direction.IN else []
    for each in found:
        by = work.get(Member, each.settled_by)
        parts += cards.suggestion_parts(voice, each, by.name if by is not None else "")
    return tuple(parts)


def hints(work: Work, voice: Voice, said: Interaction) -> list[Hint]:
    """What surely is in a customer's words and needs no yes or no."""
    found = intents(said.text)
    lines: list[Hint] = []
    if Intent.ORDER_NUMBER in found:
        for number in order_numbers(said.text)[:3]:
            order = knowledge.order_of(work, said.contact_id, number)
            if order is not None:
                words = voice.words(
                    "understood.order", number=order.number, status=order.status, at=order.at
                )
                lines.append(Hint(words))
    if Intent.CALL_BACK in found:
        known = contacts.identities_of(work, work.sure(Contact, said.contact_id))
        shown = ", ".join(each.shown for each in known if each.kind is IdentityKind.PHONE)
        key = "understood.call_back" if shown else "understood.call_back_no_phone"
        lines.append(Hint(voice.words(key, phone=shown)))
    lines += [
        Hint(voice.words(f"understood.{intent}"))
        for intent in (Intent.DATA_REQUEST, Intent.OPT_OUT)
        if intent in found
    ]
    return lines


# Yes and no


@action(Permission.SERVE)
def take(work: Work, suggestion: Suggestion, choice: str = "") -> Reply:
    """Do what is proposed; what stands in the thread from then on. Refused when it was settled."""
    _still_open(suggestion)
    ticket = work.get(Ticket, suggestion.ticket_id)
    if ticket is not None:
        ticket = tickets.survivor(work, ticket)
    match suggestion.kind:
        case SuggestionKind.CATEGORY if ticket is not None:
            filing.file(work, ticket, filing.category_named(work, suggestion.value))
        case SuggestionKind.PRIORITY if ticket is not None:
            tickets.set_priority(work, ticket, Priority(suggestion.value))
        case SuggestionKind.CANNED if ticket is not None:
            canned.send(work, _record(work, CannedReply, suggestion), ticket)
        case SuggestionKind.NEED:
            needs.keep(work, _record(work, Need, suggestion))
        case SuggestionKind.FOLLOW_UP:
            zone = str(suggestion.detail.get("zone", work.actor.zone))
            _remember(work, suggestion, promises.wall_chosen(suggestion, choice or "0"), zone)
    return _settled(work, suggestion, SuggestionState.TAKEN)


@action(Permission.SERVE)
def take_at(work: Work, suggestion: Suggestion, wall: datetime) -> FollowUp:
    """Set a proposed follow-up for a wall time that whoever acts has named in their own zone."""
    _still_open(suggestion)
    follow_up = _remember(work, suggestion, wall, work.actor.zone)
    reply = _settled(work, suggestion, SuggestionState.TAKEN)
    ticket = work.get(Ticket, suggestion.ticket_id)
    if ticket is not None:
        line = tickets.thread_of(ticket)
        refresh(work, Subject.SUGGESTION, suggestion.interaction_id, reply, line=line)
    return follow_up


def _remember(work: Work, suggestion: Suggestion, wall: datetime, zone: str) -> FollowUp:
    follow_up = promises.remember(work, suggestion, wall, zone)
    suggestion.detail = suggestion.detail | {"due": follow_up.due_at.isoformat()}
    return follow_up


@action(Permission.SERVE)
def refuse(work: Work, suggestion: Suggestion) -> Reply:
    """It was a wrong guess: nothing is done. Refused when it was settled."""
    _still_open(suggestion)
    if suggestion.kind is SuggestionKind.NEED:
        needs.refuse(work, _record(work, Need, suggestion))
    return _settled(work, suggestion, SuggestionState.REFUSED)


def _still_open(suggestion: Suggestion) -> None:
    if suggestion.state is not SuggestionState.OPEN:
        raise Refused("suggestion.settled")


def _record(work: Work, model: type[Any], suggestion: Suggestion) -> Any:
    record = work.get(model, int(suggestion.value))
    if record is None:
        raise Refused("button.gone")
    return record


def _settled(work: Work, suggestion: Suggestion, state: SuggestionState) -> Reply:
    suggestion.state, suggestion.settled_at = state, work.now
    suggestion.settled_by = me(work).id
    said = work.sure(Interaction, suggestion.interaction_id)
    found = knowledge.suggestions_at(work, said.id)
    return Reply(_parts(work, said, found), instead=True)
