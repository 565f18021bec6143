"""How likely customers would recommend us: the number that they press."""

from handlers.actions import nps
from handlers.customer.commands import Pressed, customer_button, number_in, stale
from handlers.message import Incoming, Reply, Text
from handlers.texts import Voice
from storage.records import Contact
from storage.work import Work


@customer_button("nps.rate")
def nps_pressed(work: Work, incoming: Incoming, contact: Contact) -> str | Pressed:
    """A number is chosen: thanks, and room for words."""
    question = nps.question_asked(work, contact, number_in(incoming.value))
    said = incoming.value.partition(":")[2]
    if question is None or not said.isdecimal() or int(said[:4]) > nps.BEST:
        return stale(contact)
    nps.rate(work, contact, question, int(said))
    voice = Voice(contact.language)
    key = "nps.sorry" if int(said) <= nps.DETRACTOR else "nps.thanks"
    return Pressed(said, Reply((Text(voice.words(key, score=said)),)))
