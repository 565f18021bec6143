"""The language that Rapport speaks to a customer."""

from handlers.actions import contacts
from handlers.customer.commands import Pressed, customer_button, customer_command, say
from handlers.message import Button, Buttons, Incoming, Reply, Text, plain
from handlers.texts import LANGUAGES, Voice
from storage.records import Contact, Identity
from storage.work import Work

_NAMED = {"english": "en", "en": "en", "chinese": "zh", "zh": "zh", "中文": "zh", "英文": "en"}


@customer_command("language")
def language(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """Choose the language by a button, or by its name."""
    named = _NAMED.get(incoming.value.casefold())
    if named is not None:
        contacts.choose_language(work, contact, named)
        say(work, incoming, identity, Voice(named).reply("customer.language_chosen"))
        return
    buttons = Buttons(
        (Button("English", "customer.language", "en"), Button("中文", "customer.language", "zh"))
    )
    words = Text(Voice(contact.language).words("customer.choose_language"))
    say(work, incoming, identity, Reply((words, buttons)))


@customer_button("customer.language")
def language_pressed(work: Work, incoming: Incoming, contact: Contact) -> Pressed:
    """The language is chosen."""
    chosen = incoming.value if incoming.value in LANGUAGES else "en"
    contacts.choose_language(work, contact, chosen)
    words = Voice(chosen).say("customer.language_chosen")
    return Pressed(words, Reply((Text(plain(words)),)))
