"""What customers were asked, when they answer it in plain words instead of by a button."""

from datetime import datetime

from handlers.actions import nps, own_tickets, phones, satisfaction
from handlers.customer.commands import number_in, say
from handlers.message import Button, Buttons, Incoming, Reply, Text
from handlers.texts import Voice
from storage.records import Contact, Identity, Interaction, Ticket
from storage.work import Work

ORDER = "order"


def answers(work: Work, incoming: Incoming, contact: Contact, identity: Identity) -> bool:
    """Whether a message is the answer to what we asked, and was taken as that."""
    what, _, rest = (contact.asked or "").partition("|")
    if what == phones.PHONE and phones.says_no_thanks(work, contact, incoming.text):
        phones.declined(work, contact, identity, incoming.origin)
        return True
    if what == satisfaction.COMMENT:
        return _is_comment(work, incoming, contact, identity, rest)
    if what == nps.COMMENT:
        return _is_reason(work, incoming, contact, identity, rest)
    return False


def _is_reason(
    work: Work, incoming: Incoming, contact: Contact, identity: Identity, rest: str
) -> bool:
    """Words soon after a number are why; a question, a file or a reply is for the team."""
    contact.asked = None
    id, _, until = rest.partition("|")
    question = nps.question_asked(work, contact, number_in(id))
    if question is None or work.now > datetime.fromisoformat(until):
        return False
    if not incoming.text or incoming.media or incoming.reply_to or set(incoming.text) & set("?？"):
        return False
    nps.comment(work, contact, question, incoming.text, incoming.origin)
    say(work, incoming, identity, Voice(contact.language).reply("csat.passed_on"))
    return True


def _is_comment(
    work: Work, incoming: Incoming, contact: Contact, identity: Identity, rest: str
) -> bool:
    """Words soon after a score are about it; a question, a file or a reply is for the team."""
    contact.asked = None
    _, _, until = rest.partition("|")
    survey = satisfaction.survey_asked(work, contact, number_in(rest.partition("|")[0]))
    if survey is None or work.now > datetime.fromisoformat(until):
        return False
    is_reply = satisfaction.is_reply_to(work, survey, incoming.chat, incoming.reply_to)
    plain_words = incoming.text and not incoming.media and not set(incoming.text) & set("?？")
    if not plain_words or (incoming.reply_to and not is_reply):
        return False
    satisfaction.comment(work, contact, survey, incoming.text, incoming.origin)
    voice = Voice(contact.language)
    still = Button(voice.say("csat.still_open"), "own.still", str(survey.ticket_id))
    parts = (Text(voice.words("csat.passed_on")), Buttons((still,)))
    say(work, incoming, identity, Reply(parts))
    return True


def share_card(
    work: Work, incoming: Incoming, contact: Contact, identity: Identity, ticket: Ticket | None
) -> bool:
    """Take a contact that was shared; whether it was only the answer to what we asked."""
    was_asked = phones.was_asked(contact)
    for media in incoming.media:
        if media.kind == "contact":
            phones.shared(work, contact, identity, media, incoming.origin)
    # A thread that stands open shows it; none is opened for it.
    return was_asked and contact.asked is None and not (ticket is not None and ticket.is_open)


def after(
    work: Work, incoming: Incoming, contact: Contact, identity: Identity, said: Interaction
) -> None:
    """What follows once the team has the message."""
    what, _, rest = (contact.asked or "").partition("|")
    if what == ORDER:
        contact.asked = None
        own_tickets.came_about_order(work, contact, said, rest)
    if incoming.text and phones.wants_a_call(incoming.text):
        phones.ask_if_useful(work, contact, identity, "call")
