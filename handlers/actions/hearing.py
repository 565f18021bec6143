"""The customer speaks: what they write, send and change reaches the thread of their request."""

from handlers.actions import away, conversations, courtesies, proof, rush, tickets
from handlers.actions.access import Permission, action
from handlers.actions.outgoing import (
    SLACK,
    channel_of,
    post_in_thread,
    say_to_customer,
    send,
)
from handlers.actions.policies import team_voice
from handlers.cards import shortened
from handlers.message import Hint, Incoming, Media, Part, Reply, Text, pack, plain
from handlers.texts import Voice
from storage.columns import new_id
from storage.queries import conversation
from storage.records import (
    Contact,
    Direction,
    Identity,
    Interaction,
    Subject,
    Ticket,
    Unsure,
    Urgency,
)
from storage.work import Work

# What Telegram lets a bot fetch; a larger file is out of our reach for good.
LARGEST_FROM_CUSTOMER = 20 * 1024 * 1024


@action(Permission.ANYONE)
def hear(
    work: Work, incoming: Incoming, contact: Contact, identity: Identity, last: Ticket | None
) -> Interaction:
    """Keep what a customer said and bring it into the thread of their request."""
    gathered = _add_to_album(work, incoming, contact, identity)
    if gathered is not None:
        return gathered
    voice = team_voice(work) if not incoming.text else None
    subject = incoming.text or _media_words(voice or Voice(), incoming.media)
    quoted = _quoted(work, incoming, contact)
    if quoted is not None:
        last = tickets.meant(work, contact, last, quoted)
    if last is not None and courtesies.asks_nothing(work, last, incoming):
        ticket, is_new = last, False
    else:
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
            reply_to_id=quoted.id if quoted else None,
            at=incoming.at or work.now,
        )
    )
    rushes = rush.note_message(contact, work.now)
    contact.last_heard_at = work.now
    bring_to_thread(work, interaction, incoming, contact.name, interaction.id, rushes=rushes)
    if not away.tell(work, contact, identity, ticket) and is_new:
        tickets.greet(work, ticket, contact, identity)
    if incoming.media:
        _tell_of_size(work, incoming, contact, identity)
    return interaction


def _quoted(work: Work, incoming: Incoming, contact: Contact) -> Interaction | None:
    if not incoming.reply_to:
        return None
    said = conversations.said_at(
        work, incoming.door, incoming.account, incoming.chat, incoming.reply_to
    )
    return said or proof.answer_shown(work, incoming, contact)


def _add_to_album(
    work: Work, incoming: Incoming, contact: Contact, identity: Identity
) -> Interaction | None:
    if not incoming.album:
        return None
    gathered = conversation.album_of(work, contact.id, incoming.album)
    if gathered is None:
        return None
    gathered.media = [*gathered.media, *(vars(media) for media in incoming.media)]
    if incoming.text and not gathered.text:
        gathered.text = incoming.text
    bring_to_thread(work, gathered, incoming, contact.name, new_id())
    _tell_of_size(work, incoming, contact, identity)
    return gathered


def _media_words(voice: Voice, media: tuple[Media, ...]) -> str:
    if not media:
        return voice.say("media.nothing")
    return voice.say(f"media.{media[0].kind}", detail=media[0].detail or media[0].name)


def _is_too_large(media: Media) -> bool:
    return bool(media.file) and media.size > LARGEST_FROM_CUSTOMER


def _tell_of_size(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """A customer whose file cannot be fetched learns it at once, and what to do instead."""
    if any(_is_too_large(media) for media in incoming.media):
        reply = Voice(contact.language).reply("customer.file_too_large", megabytes=20)
        key = f"answer:{incoming.origin}:too_large"
        say_to_customer(work, identity, reply, key=key, reply_to=incoming.message)


def bring_to_thread(
    work: Work,
    interaction: Interaction,
    incoming: Incoming,
    name: str,
    key: int,
    *,
    rushes: bool = False,
) -> None:
    """Show a line from the customer's chat in the thread; `name` is whose words they are."""
    if interaction.ticket_id is None:
        return
    text, media = incoming.text, incoming.media
    parts: list[Part] = [*_quote_of(work, interaction, incoming.quote)]
    parts += _origin_of(work, incoming)
    parts += [Text(plain(text))] if text else []
    files = tuple(each for each in media if each.file and not _is_too_large(each))
    for each in media:
        if _is_too_large(each):
            megabytes = each.size // (1024 * 1024)
            words = team_voice(work).words(
                "media.too_large", name=each.name or each.kind, megabytes=megabytes
            )
            parts.append(Text(words))
        elif not each.file or not text:
            parts.append(Text(plain(_media_words(team_voice(work), (each,)))))
    reply = Reply(tuple(parts))
    if rushes and not files and rush.join(work, interaction, reply, name):
        return
    post_in_thread(
        work,
        interaction.ticket_id,
        reply,
        key=f"interaction:{key}:thread",
        as_name=name,
        interaction=interaction,
        files=files,
    )


def _quote_of(work: Work, interaction: Interaction, marked: str) -> tuple[Text, ...]:
    """What they reply to: the words that they have marked in it, or its beginning."""
    said = work.get(Interaction, interaction.reply_to_id)
    text = marked or (said.text if said is not None else "")
    if not text and said is not None and said.media:
        text = _media_words(team_voice(work), (Media(**said.media[0]),))
    return (Text((("↩️ ", ""), (shortened(text, 80), "i"))),) if text else ()


def _origin_of(work: Work, incoming: Incoming) -> list[Part]:
    if not incoming.forwarded_from:
        return []
    return [Hint(team_voice(work).words("message.forwarded", name=incoming.forwarded_from))]


@action(Permission.ANYONE)
def hear_edit(work: Work, incoming: Incoming, contact: Contact) -> Interaction | None:
    """The customer changed what they said: the thread shows both, and so does the timeline."""
    said = conversation.by_origin(work, incoming.origin)
    if said is None or said.contact_id != contact.id:
        return None
    show_edit(work, said, incoming, contact.name)
    return said


def show_edit(work: Work, said: Interaction, incoming: Incoming, name: str) -> None:
    """Keep what it says now; the line in the thread shows both."""
    _new_files(work, said, incoming, name)
    if said.text == incoming.text:
        return
    before = said.text
    conversations.change_text(work, said, incoming.text)
    if said.ticket_id is None:
        return
    voice = team_voice(work)
    words = ((name, "b"), (f" ({voice.say('message.edited')})\n", "i"))
    parts: list[Part] = [*_quote_of(work, said, incoming.quote)]
    parts.append(Text((*words, *plain(incoming.text))))
    if before:
        parts.append(Hint(voice.words("message.before", text=shortened(before, 300))))
    send(
        work,
        SLACK,
        channel_of(work, said.ticket_id),
        "update",
        {"parts": pack(Reply(tuple(parts))), "at": [Subject.INTERACTION, said.id]},
        key=f"interaction:{said.id}:edit:{new_id()}",
        line=f"slack:ticket:{said.ticket_id}",
        urgency=Urgency.REPLY,
        when_unsure=Unsure.RESEND,
    )


def _new_files(work: Work, said: Interaction, incoming: Incoming, name: str) -> None:
    """A picture that was put in the place of another one comes into the thread as well."""
    known = {(each.get("kind"), each.get("size"), each.get("name")) for each in said.media}
    new = tuple(
        each
        for each in incoming.media
        if each.file and (each.kind, each.size, each.name) not in known
    )
    if not new or said.ticket_id is None or not all(each.file for each in incoming.media):
        return
    said.media = [*said.media, *(vars(each) for each in new)]
    words = ((f"({team_voice(work).say('message.edited')})", "i"),)
    post_in_thread(
        work,
        said.ticket_id,
        Reply((Text(words),)),
        key=f"interaction:{said.id}:files:{new_id()}",
        as_name=name,
        files=tuple(each for each in new if not _is_too_large(each)),
    )
