"""What is stored about a customer: shown to them, and erased when they want that."""

from handlers.actions import privacy
from handlers.customer.commands import Pressed, customer_button, customer_command, say, stale
from handlers.message import Button, Buttons, Incoming, Look, Reply, Text
from handlers.texts import Voice
from storage.records import Contact, Identity
from storage.work import Work


@customer_command("mydata", also=("privacy",))
def my_data(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """What is stored: a page to read, and a file with all of it."""
    say(work, incoming, identity, privacy.stored(work, contact))
    privacy.send_file(work, contact, identity)


@customer_command("forget")
def forget(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """Ask whether everything is to be erased."""
    voice = Voice(contact.language)
    asked_at = str(int(work.now.timestamp()))
    buttons = (
        Buttons((Button(voice.say("forget.yes"), "forget.yes", asked_at, Look.DANGER),)),
        Buttons((Button(voice.say("forget.no"), "forget.no"),)),
    )
    say(work, incoming, identity, Reply((Text(voice.words("forget.sure")), *buttons)))


@customer_button("forget.yes")
def yes_pressed(work: Work, incoming: Incoming, contact: Contact) -> str | Pressed:
    """Erase everything, if it was asked lately."""
    voice = Voice(contact.language)
    if not privacy.was_asked_lately(work, contact, incoming.value):
        return stale(contact)
    privacy.forget(work, contact, incoming)
    return Pressed(voice.say("forget.under_way"))


@customer_button("forget.no")
def no_pressed(work: Work, incoming: Incoming, contact: Contact) -> Pressed:
    """Everything stays."""
    voice = Voice(contact.language)
    return Pressed(voice.say("forget.kept"), voice.reply("forget.kept"))
