"""Did the article help? Two buttons, and no more questions."""

from handlers.actions import articles
from handlers.customer.commands import Pressed, customer_button, number_in, stale
from handlers.message import Incoming
from handlers.texts import Voice
from storage.records import Contact
from storage.work import Work


@customer_button("article.yes")
def helped_pressed(work: Work, incoming: Incoming, contact: Contact) -> str | Pressed:
    """It helped: nobody need be bothered."""
    return _judged(work, incoming, contact, helped=True)


@customer_button("article.no")
def did_not_help_pressed(work: Work, incoming: Incoming, contact: Contact) -> str | Pressed:
    """It did not: somebody will look."""
    return _judged(work, incoming, contact, helped=False)


def _judged(work: Work, incoming: Incoming, contact: Contact, *, helped: bool) -> str | Pressed:
    made = articles.offer_made(work, contact, number_in(incoming.value))
    if made is None or not articles.judge(work, made, helped):
        return stale(contact)
    voice = Voice(contact.language)
    if helped:
        return voice.say("article.glad")
    return Pressed(voice.say("article.people"), also=voice.reply("article.people"))
