"""The few commands that a customer may type, each useful by itself, in their own language."""

from collections.abc import Callable

from handlers.actions import consents, contacts
from handlers.actions.outgoing import say_to_customer
from handlers.message import Button, Buttons, Incoming, Reply, Text
from handlers.texts import Voice
from storage.records import Contact, Identity
from storage.work import Work

Handler = Callable[[Work, Incoming, Contact, Identity], None]

COMMANDS: dict[str, Handler] = {}


def customer_command(name: str) -> Callable[[Handler], Handler]:
    """Put a function into the customers' menu; its words are `menu.<name>` in the texts."""

    def register(do: Handler) -> Handler:
        COMMANDS[name] = do
        return do

    return register


def say(work: Work, incoming: Incoming, identity: Identity, reply: Reply) -> None:
    """Answer a command; the answer belongs to that one message."""
    say_to_customer(work, identity, reply, key=f"answer:{incoming.origin}")


@customer_command("start")
def start(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """Hello, and what one can do here."""
    voice = Voice(contact.language)
    say(work, incoming, identity, voice.reply("customer.welcome", name=contact.greeting_name()))


@customer_command("help")
def show_help(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """What one can type."""
    voice = Voice(contact.language)
    lines = "\n".join(f"/{name} – {voice.say(f'menu.{name}')}" for name in COMMANDS)
    say(work, incoming, identity, voice.reply("customer.help", commands=lines))


@customer_command("language")
def language(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """Choose the language by a button."""
    voice = Voice(contact.language)
    buttons = Buttons(
        (Button("English", "customer.language", "en"), Button("中文", "customer.language", "zh"))
    )
    words = Text(voice.words("customer.choose_language"))
    say(work, incoming, identity, Reply((words, buttons)))


@customer_command("stop")
def stop(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """No campaigns any more."""
    consents.stop_marketing(work, contact, evidence=f"{incoming.origin} {incoming.text}")
    say(work, incoming, identity, Voice(contact.language).reply("customer.stopped"))


@customer_command("subscribe")
def subscribe(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> None:
    """Campaigns are welcome again."""
    consents.allow_marketing(work, contact, evidence=f"{incoming.origin} {incoming.text}")
    say(work, incoming, identity, Voice(contact.language).reply("customer.subscribed"))


BUTTONS: dict[str, Callable[[Work, Incoming, Contact], str]] = {}


def customer_button(
    does: str,
) -> Callable[[Callable[[Work, Incoming, Contact], str]], Callable[[Work, Incoming, Contact], str]]:
    """Have a function answer a customer's press; it returns the words shown for a moment."""

    def register(
        do: Callable[[Work, Incoming, Contact], str],
    ) -> Callable[[Work, Incoming, Contact], str]:
        BUTTONS[does] = do
        return do

    return register


@customer_button("customer.stop")
def stop_pressed(work: Work, incoming: Incoming, contact: Contact) -> str:
    """The button under every campaign message."""
    consents.stop_marketing(work, contact, evidence=f"{incoming.origin} button")
    return Voice(contact.language).say("customer.stopped")


@customer_button("customer.language")
def language_pressed(work: Work, incoming: Incoming, contact: Contact) -> str:
    """The language is chosen."""
    contacts.choose_language(work, contact, "zh" if incoming.value == "zh" else "en")
    return Voice(contact.language).say("customer.language_chosen")
