"""What the forms have in common: who is meant, and what is noted beside a field."""

from handlers.actions import contacts
from handlers.actions.policies import voice_of
from handlers.grammar import the_one
from handlers.message import Field, Incoming
from handlers.texts import Voice
from storage.errors import Refused
from storage.records import Contact
from storage.work import Work


def contact_field(voice: Voice, name: str) -> Field:
    """Which customer it is about, by name, phone or e-mail."""
    return Field("contact", voice.say("label.contact"), value=name, hint=voice.say("hint.contact"))


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
        """The only customer who can be meant."""
        name = self.said.get("contact", "")
        found = the_one(name, contacts.find(self.work, name)) if name else None
        if found is None:
            self.wrong["contact"] = self.voice.say("contact.unknown", name=name)
        return found
