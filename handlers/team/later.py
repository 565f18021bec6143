"""Commands and buttons about messages that are to be said to one customer later."""

from handlers.actions import later
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.cards.later import later_buttons, later_parts
from handlers.command import button, command, form
from handlers.grammar import Manner
from handlers.message import Field, Form, Hint, Incoming, Part, Reply, Text
from handlers.team.dates import from_field
from handlers.team.filling import wrong_beside
from handlers.texts import Voice
from handlers.when import When
from storage.errors import Refused
from storage.records import Contact, LaterMessage
from storage.work import Work


@command("later <contact> <when> <text>", also=("稍后发送", "定时"), needs=Permission.SERVE)
def say_later(work: Work, contact: Contact, when: When, manner: Manner, text: str) -> Reply:
    """Send a message to one customer later; “their time” for their own clock."""
    _once(when)
    voice = voice_of(work)
    zone = later.zone_of(work, contact) if manner.theirs else None
    made = later.say_later(work, contact, when.wall, text, zone)
    return Reply(tuple(_set(voice, made, contact)))


def _once(when: When) -> When:
    """The moment. Raises Refused for one that comes again: nobody would expect to be asked then."""
    if when.rule is not None:
        raise Refused("later.once")
    return when


def _set(voice: Voice, made: LaterMessage, contact: Contact) -> list[Part]:
    values = {"name": contact.name, "at": made.due_at, "zone": voice.zone, "text": made.text}
    parts: list[Part] = [Text(voice.words("later.set", **values))]
    if made.zone != voice.zone:
        theirs = Voice(voice.language, made.zone).moment(made.due_at)
        words = voice.words("follow_up.their_time", at=theirs, name=contact.name, zone=made.zone)
        parts.append(Hint(words))
    return [*parts, later_buttons(voice, made)]


@command("laters", also=("待发",), needs=Permission.SERVE)
def laters(work: Work) -> Reply:
    """What you still have to be sent, with what can be done about it."""
    voice = voice_of(work)
    waiting = later.mine(work)
    if not waiting:
        return voice.reply("later.none")
    parts: list[Part] = [Text(voice.words("later.title", count=len(waiting)))]
    for each, contact in waiting:
        parts += later_parts(voice, each, contact)
    return Reply(tuple(parts))


@button("later.send")
def send_pressed(work: Work, message: LaterMessage) -> Reply:
    """It goes now."""
    later.send_now(work, message)
    return voice_of(work).instead("later.gone", text=message.text)


@button("later.cancel")
def cancel_pressed(work: Work, message: LaterMessage) -> Reply:
    """It is not said."""
    later.cancel(work, message)
    return voice_of(work).instead("later.cancelled", text=message.text)


@button("later.edit")
def edit_pressed(work: Work, message: LaterMessage) -> Reply:
    """Ask for other words, or another moment."""
    voice = voice_of(work)
    return Reply(
        form=Form(
            does="later.edit",
            title=voice.say("form.later"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=(
                Field("text", voice.say("label.message"), value=message.text, long=True),
                Field("when", voice.say("label.when"), hint=voice.say("hint.when"), optional=True),
            ),
            value=str(message.id),
        )
    )


@form("later.edit")
def edit_from_form(work: Work, incoming: Incoming, message: LaterMessage) -> Reply:
    """Other words are filled in."""
    voice = voice_of(work)
    said = incoming.fields.get("when", "").strip()
    try:
        wall = _once(from_field(work, said)).wall if said else None
        later.edit(work, message, incoming.fields.get("text", ""), wall)
    except Refused as refused:
        field = "text" if refused.key == "answer.empty" else "when"
        return wrong_beside(work, field, refused)
    contact = work.sure(Contact, message.contact_id)
    return Reply(tuple(_set(voice, message, contact)))
