"""What the forms have in common: who is meant, and what is noted beside a field."""

from handlers.actions import contacts
from handlers.actions.policies import voice_of
from handlers.grammar import the_one
from handlers.message import Field, Incoming, Reply
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Contact
from storage.work import Work


def contact_field(voice: Voice, name: str) -> Field:
    """Which customer it is about, by name, phone or e-mail."""
    return Field("contact", voice.say("label.contact"), value=name, hint=voice.say("hint.contact"))


def contact_named(work: Work, name: str) -> Contact:
    """The only customer who can be meant. Raises Refused with the nearest ones."""
    hits = contacts.find(work, name) if name else []
    chosen = the_one(name, hits)
    if chosen is None:
        nearest = ", ".join(hit.contact.name for hit in hits[:5])
        raise Refused("contact.which_of" if hits else "contact.unknown", name=name, names=nearest)
    return chosen


def wrong_beside(work: Work, field: str, refused: Refused) -> Reply:
    """The form once more, with what a rule said beside the field that it is about."""
    return Reply(wrong={field: voice_of(work).say(refused.key, **refused.values)})


class Filled:
    """A form's fields as typed values; what cannot be read is noted by its field."""

    def __init__(self, work: Work, incoming: Incoming) -> None:
        self.work = work
        self.said = {name: text.strip() for name, text in incoming.fields.items()}
        self.voice = voice_of(work)
        self.wrong: dict[str, str] = {}

    def note(self, field: str, refused: Refused) -> None:
        """What is wrong, in the words of the rule that said so."""
        self.wrong[field] = self.voice.say(refused.key, **refused.values)

    def contact(self) -> Contact | None:
        """The only customer who can be meant; None when that is noted as wrong."""
        try:
            return contact_named(self.work, self.said.get("contact", ""))
        except Refused as refused:
            self.note("contact", refused)
            return None
