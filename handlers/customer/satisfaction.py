"""How content customers are: the faces that they press, and the words that they add."""

from handlers.actions import satisfaction
from handlers.cards import face, rating_buttons
from handlers.customer.commands import Pressed, customer_button, number_in, stale
from handlers.message import Button, Buttons, Incoming, Part, Reply, Text
from handlers.texts import Voice
from storage.records import Contact, Survey
from storage.work import Work


def _survey(work: Work, incoming: Incoming, contact: Contact) -> Survey | None:
    return satisfaction.survey_asked(work, contact, number_in(incoming.value))


@customer_button("csat.rate")
def rate_pressed(work: Work, incoming: Incoming, contact: Contact) -> str | Pressed:
    """A face is chosen: thanks, and a way to think better of it."""
    survey = _survey(work, incoming, contact)
    score = number_in(incoming.value.partition(":")[2])
    if survey is None or not 1 <= score <= 5:
        return stale(contact)
    satisfaction.rate(work, contact, survey, score)
    voice = Voice(contact.language)
    low = score <= satisfaction.LOW
    thanks = voice.words("csat.sorry" if low else "csat.thanks", face=face(score))
    parts: list[Part] = [Text(thanks), Text(voice.words("csat.any_words"))]
    change = Button(voice.say("csat.change"), "csat.change", str(survey.id))
    return Pressed(face(score), Reply((*parts, Buttons((change,)))))


@customer_button("csat.change")
def change_pressed(work: Work, incoming: Incoming, contact: Contact) -> str | Pressed:
    """The faces again."""
    survey = _survey(work, incoming, contact)
    if survey is None:
        return stale(contact)
    words = Text(Voice(contact.language).words("csat.question"))
    return Pressed("", Reply((words, rating_buttons(survey))))


@customer_button("csat.never")
def never_pressed(work: Work, incoming: Incoming, contact: Contact) -> Pressed:
    """No such questions any more."""
    satisfaction.ask_no_more(work, contact, f"{incoming.origin} button")
    voice = Voice(contact.language)
    return Pressed(voice.say("csat.no_more"), voice.reply("csat.no_more"))
