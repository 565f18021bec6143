"""The tables of what customers may type and press; what is done stands beside, one file a noun."""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.actions.outgoing import rewrite, say_to_customer
from handlers.message import Incoming, Reply, Text, plain
from handlers.texts import Voice
from storage.records import Contact, Identity
from storage.work import Work

Handler = Callable[[Work, Incoming, Contact, Identity], None]

COMMANDS: dict[str, Handler] = {}
# What the menu beside the input shows, useful without anything behind it; the rest can be typed.
MENU = ("tickets", "orders", "topics", "quiet", "language", "help")


def customer_command(name: str, *, also: tuple[str, ...] = ()) -> Callable[[Handler], Handler]:
    """Have a function answer /name; its words are `menu.<name>` in the texts."""

    def register(do: Handler) -> Handler:
        for each in (name, *also):
            COMMANDS[each] = do
        return do

    return register


def say(work: Work, incoming: Incoming, identity: Identity, reply: Reply) -> None:
    """Answer a command; the answer belongs to that one message."""
    say_to_customer(work, identity, reply, key=f"answer:{incoming.origin}")


# Buttons


@dataclass(frozen=True)
class Pressed:
    """What comes of a press: words shown for a moment, and what happens to the pressed message."""

    words: str = ""
    # Takes the place of the message; without it only its buttons go.
    instead: Reply | None = None
    # The buttons stay as they are.
    keep: bool = False
    # Said beside it, as a message of its own.
    also: Reply | None = None


Answer = Callable[[Work, Incoming, Contact], str | Pressed]
BUTTONS: dict[str, Answer] = {}


def customer_button(does: str) -> Callable[[Answer], Answer]:
    """Have a function answer a customer's press. Plain words end it: the buttons go."""

    def register(do: Answer) -> Answer:
        if does in BUTTONS:
            raise ValueError(f"{does!r} is answered already")
        BUTTONS[does] = do
        return do

    return register


def press(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> Reply:
    """Answer a press; one of an older Rapport says that it is over."""
    do = BUTTONS.get(incoming.does)
    found = do(work, incoming, contact) if do else stale(contact)
    pressed = Pressed(found) if isinstance(found, str) else found
    if incoming.message and not pressed.keep:
        rewrite(work, identity, incoming.message, pressed.instead)
    if pressed.also is not None:
        key = f"answer:{incoming.origin}:{incoming.answer_to}"
        say_to_customer(work, identity, pressed.also, key=key)
    return Reply((Text(plain(pressed.words)),))


def stale(contact: Contact) -> str:
    """What an old button says."""
    return Voice(contact.language).say("customer.stale")


def number_in(value: str) -> int:
    """The record's id that a button carries; 0, which nothing has, for rubbish."""
    number = value.partition(":")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else 0
