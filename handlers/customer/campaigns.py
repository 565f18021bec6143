"""What customers press under a campaign's message, and how news comes back."""

from handlers.actions import campaign_answers, consents, contacts
from handlers.customer.commands import Pressed, customer_button, number_in, stale
from handlers.message import Incoming
from handlers.texts import Voice
from storage.records import Contact
from storage.work import Work


@customer_button("campaign.answer")
def answer_pressed(work: Work, incoming: Incoming, contact: Contact) -> str | Pressed:
    """A ready answer: it comes to the team like words of theirs."""
    campaign = campaign_answers.with_id(work, number_in(incoming.value))
    at = incoming.value.rpartition(":")[2]
    known = contacts.recognise(work, incoming.person.id)
    if campaign is None or known is None or not at.isdecimal():
        return stale(contact)
    if not campaign_answers.press(work, incoming, contact, known[0], campaign, int(at[:4])):
        return stale(contact)
    # The other buttons stay: what was pressed is no choice between them.
    return Pressed(Voice(contact.language).say("campaign.thanks"), keep=True)


@customer_button("news.again")
def again_pressed(work: Work, incoming: Incoming, contact: Contact) -> str:
    """News comes again."""
    consents.allow_marketing(work, contact, evidence=f"{incoming.origin} button")
    return Voice(contact.language).say("customer.subscribed")
