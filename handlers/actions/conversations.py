"""The two-way conversation: a customer's words reach the thread, the team's reach the customer."""

from handlers.actions import tickets
from handlers.actions.access import Permission, action
from handlers.actions.members import me
from handlers.actions.outgoing import (
    SLACK,
    SUPPORT,
    TELEGRAM,
    post_in_thread,
    react,
    say_to_customer,
    send,
)
from handlers.actions.policies import team_voice
from handlers.cards import shortened
from handlers.message import Files, Incoming, Media, Reply, Text, pack, plain
from handlers.texts import Voice
from storage.columns import new_id
from storage.errors import Refused
from storage.queries import contacts, conversation, outbox
from storage.records import (
    Contact,
    Direction,
    Identity,
    Interaction,
    InteractionVersion,
    Lane,
    OutboxRow,
    OutboxState,
    Subject,
    Ticket,
    TicketStatus,
    Unsure,
    Urgency,
)
from storage.work import Work

# A line of staff that starts so stays inside.
INSIDE = "//"
# Stands in place of what went wrong with a line that was sent once more since.
SENT_AGAIN = "sent again"


# The customer speaks


@action(Permission.ANYONE)
def hear(
    work: Work, incoming: Incoming, contact: Contact, identity: Identity, last: Ticket | None
) -> Interaction:
    """Keep what a customer said and bring it into the thread of their request."""
    gathered = _add_to_album(work, incoming, contact)
    if gathered is not None:
        return gathered
    voice = team_voice(work) if not incoming.text else None
    subject = incoming.text or _media_words(voice or Voice(), incoming.media)
    ticket, is_new = tickets.receive(work, contact, last, subject)
    interaction = work.add(
        Interaction(
            contact_id=contact.id,
            ticket_id=ticket.id,
            channel=incoming.door,
            direction=Direction.IN,
            text=incoming.text,
            media=[vars(media) for media in incoming.media],
            origin=incoming.origin,
            album=incoming.album or None,
            reply_to_id=_quoted(work, incoming),
            at=incoming.at or work.now,
        )
    )
    contact.last_heard_at = work.now
    _bring_to_thread(work, interaction, incoming.media, contact.name, interaction.id)
    if is_new:
        tickets.greet(work, ticket, contact, identity)
    return interaction


def _quoted(work: Work, incoming: Incoming) -> int | None:
    if not incoming.reply_to:
        return None
    post = conversation.post_at(work, incoming.door, incoming.chat, incoming.reply_to)
    if post is not None and post.subject is Subject.INTERACTION:
        return post.subject_id
    origin = f"{incoming.door}:{incoming.account}:{incoming.chat}:{incoming.reply_to}"
    said = conversation.by_origin(work, origin)
    return said.id if said else None


def _add_to_album(work: Work, incoming: Incoming, contact: Contact) -> Interaction | None:
    if not incoming.album:
        return None
    gathered = conversation.album_of(work, contact.id, incoming.album)
    if gathered is None:
        return None
    gathered.media = [*gathered.media, *(vars(media) for media in incoming.media)]
    if incoming.text and not gathered.text:
        gathered.text = incoming.text
    _bring_to_thread(work, gathered, incoming.media, contact.name, new_id(), incoming.text)
    return gathered


def _media_words(voice: Voice, media: tuple[Media, ...]) -> str:
    if not media:
        return voice.say("media.nothing")
    return voice.say(f"media.{media[0].kind}", detail=media[0].detail or media[0].name)


def _bring_to_thread(
    work: Work,
    interaction: Interaction,
    media: tuple[Media, ...],
    name: str,
    key: int,
    text: str | None = None,
) -> None:
    if interaction.ticket_id is None:
        return
    text = interaction.text if text is None else text
    parts = [Text(plain(text))] if text else []
    files = tuple(each for each in media if each.file)
    parts += [
        Text(plain(_media_words(team_voice(work), (each,))))
        for each in media
        if not each.file or not text
    ]
    post_in_thread(
        work,
        interaction.ticket_id,
        Reply((*_quote_of(work, interaction), *parts)),
        key=f"interaction:{key}:thread",
        as_name=name,
        interaction=interaction,
        files=files,
    )


def _quote_of(work: Work, interaction: Interaction) -> tuple[Text, ...]:
    said = work.get(Interaction, interaction.reply_to_id)
    if said is None:
        return ()
    return (Text((("↩️ ", ""), (shortened(said.text, 80), "i"))),)


@action(Permission.ANYONE)
def hear_edit(work: Work, incoming: Incoming, contact: Contact) -> Interaction | None:
    """The customer changed what they said: the thread shows it, the timeline keeps both."""
    said = conversation.by_origin(work, incoming.origin)
    if said is None or said.contact_id != contact.id:
        return None
    if said.text == incoming.text:
        return said
    change_text(work, said, incoming.text)
    if said.ticket_id is None:
        return said
    words = ((contact.name, "b"), (f" ({team_voice(work).say('message.edited')})\n", "i"))
    send(
        work,
        SLACK,
        SUPPORT,
        "update",
        {
            "parts": pack(Reply((Text((*words, *plain(incoming.text))),))),
            "at": [Subject.INTERACTION, said.id],
        },
        key=f"interaction:{said.id}:edit:{new_id()}",
        line=f"slack:ticket:{said.ticket_id}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.RESEND,
    )
    return said


def change_text(work: Work, said: Interaction, text: str) -> None:
    """Give an interaction another text and keep the one before."""
    work.add(InteractionVersion(interaction_id=said.id, text=said.text, until=work.now))
    said.text, said.edited_at = text, work.now


# The team speaks


@action(Permission.ANYONE)
def ticket_at(work: Work, chat: str, thread: str) -> Ticket | None:
    """The ticket whose thread that is; None for every other thread."""
    post = conversation.post_at(work, SLACK, chat, thread)
    if post is None or post.subject is not Subject.TICKET:
        return None
    return work.get(Ticket, post.subject_id)


@action(Permission.SERVE)
def answer(work: Work, ticket: Ticket, incoming: Incoming) -> Interaction:
    """What staff wrote in a ticket's thread goes to the customer, unless it starts with //."""
    contact = work.sure(Contact, ticket.contact_id)
    if incoming.text.lstrip().startswith(INSIDE):
        note = _keep(work, ticket, incoming, Lane.INTERNAL)
        note.text = incoming.text.lstrip()[len(INSIDE) :].strip()
        react(work, incoming.chat, incoming.message, "lock", key=f"interaction:{note.id}:inside")
        return note
    identity = contacts.telegram_of(work, contact)
    if identity is None:
        note = _keep(work, ticket, incoming, Lane.INTERNAL)
        tickets.tell_thread(work, ticket, "answer.no_telegram", name=contact.name)
        return note
    said = _keep(work, ticket, incoming, Lane.CUSTOMER)
    _to_customer(work, said, identity, incoming.media)
    note_answer(work, ticket)
    return said


def _keep(work: Work, ticket: Ticket, incoming: Incoming, lane: Lane) -> Interaction:
    return work.add(
        Interaction(
            contact_id=ticket.contact_id,
            ticket_id=ticket.id,
            member_id=me(work).id,
            channel=TELEGRAM if lane is Lane.CUSTOMER else SLACK,
            direction=Direction.OUT if lane is Lane.CUSTOMER else Direction.NOTE,
            lane=lane,
            text=incoming.text,
            media=[vars(media) for media in incoming.media],
            origin=incoming.origin,
            at=incoming.at or work.now,
        )
    )


def _to_customer(
    work: Work, said: Interaction, identity: Identity, media: tuple[Media, ...], again: str = ""
) -> OutboxRow:
    parts: list[Text | Files] = [Text(plain(said.text))] if said.text else []
    if media:
        parts.append(Files(media))
    return say_to_customer(
        work,
        identity,
        Reply(tuple(parts)),
        key=f"interaction:{said.id}:customer{again}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.ASK,
        interaction=said,
    )


def note_answer(work: Work, ticket: Ticket) -> None:
    """The team has answered: it is the customer's turn."""
    changed = ticket.status is not TicketStatus.WAITING
    if ticket.first_answered_at is None:
        ticket.first_answered_at = work.now
    ticket.customer_waits_since = None
    ticket.resolved_at = None
    ticket.snoozed_until = None
    if ticket.assignee_id is None:
        ticket.assignee_id = me(work).id
        changed = True
    tickets.set_status(work, ticket, TicketStatus.WAITING)
    if changed:
        tickets.refresh_card(work, ticket)


@action(Permission.SERVE, audited=True)
def send_again(work: Work, said: Interaction) -> Interaction:
    """Send a line once more that failed or may not have arrived."""
    identity = contacts.telegram_of(work, work.sure(Contact, said.contact_id))
    if identity is None or said.lane is not Lane.CUSTOMER:
        raise Refused("answer.cannot_resend")
    rows = outbox.of_subject(work, Subject.INTERACTION, said.id)
    troubled = [row for row in rows if _may_go_again(row)]
    if not troubled:
        # Somebody else has pressed the button too.
        raise Refused("dead.not_dead")
    for row in troubled:
        row.error = SENT_AGAIN
    media = tuple(Media(**each) for each in said.media)
    _to_customer(work, said, identity, media, again=f":{new_id()}")
    return said


def _may_go_again(row: OutboxRow) -> bool:
    in_trouble = row.state in (OutboxState.UNSURE, OutboxState.FAILED)
    return in_trouble and row.door == TELEGRAM and row.verb == "say" and row.error != SENT_AGAIN


@action(Permission.SERVE)
def answer_edited(work: Work, incoming: Incoming) -> Interaction | None:
    """Staff changed a line that had gone out: the customer sees the new one."""
    said = conversation.by_origin(work, incoming.origin)
    if said is None or said.text == incoming.text or said.direction is not Direction.OUT:
        return None
    change_text(work, said, incoming.text)
    _at_customer(work, said, "edit", {"parts": pack(Reply((Text(plain(incoming.text)),)))})
    return said


@action(Permission.SERVE)
def answer_deleted(work: Work, incoming: Incoming) -> Interaction | None:
    """Staff took a line back: it goes from the customer's chat too, and stays in the timeline."""
    said = conversation.by_origin(work, incoming.origin)
    if said is None or said.direction is not Direction.OUT or said.deleted_at is not None:
        return None
    said.deleted_at = work.now
    _at_customer(work, said, "delete", {})
    return said


def _at_customer(work: Work, said: Interaction, verb: str, payload: dict[str, object]) -> None:
    identity = contacts.telegram_of(work, work.sure(Contact, said.contact_id))
    if identity is None:
        return
    send(
        work,
        TELEGRAM,
        identity.value,
        verb,
        payload | {"at": [Subject.INTERACTION, said.id]},
        key=f"interaction:{said.id}:{verb}:{new_id()}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.RESEND,
    )
