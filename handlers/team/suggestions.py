"""Buttons and the form under what was understood and is proposed."""

from handlers.actions import suggestions
from handlers.actions.policies import voice_of
from handlers.command import button, form
from handlers.message import Field, Form, Incoming, Reply
from handlers.team.dates import from_field
from handlers.team.filling import wrong_beside
from storage.errors import Refused
from storage.records import Suggestion
from storage.work import Work


@button("suggestion.take")
def take_pressed(work: Work, suggestion: Suggestion, value: str) -> Reply:
    """Yes: it is done, and the message says by whom."""
    return suggestions.take(work, suggestion, value.partition(":")[2])


@button("suggestion.refuse")
def refuse_pressed(work: Work, suggestion: Suggestion) -> Reply:
    """No: nothing is done."""
    return suggestions.refuse(work, suggestion)


@button("suggestion.ask")
def ask_pressed(work: Work, suggestion: Suggestion) -> Reply:
    """Ask when to be reminded: what was said is no date."""
    voice = voice_of(work)
    return Reply(
        form=Form(
            does="suggestion.at",
            title=voice.say("form.remind"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=(Field("when", voice.say("label.when"), hint=voice.say("hint.when")),),
            value=str(suggestion.id),
        )
    )


@form("suggestion.at")
def when_from_form(work: Work, suggestion: Suggestion, incoming: Incoming) -> Reply:
    """A time was named."""
    voice = voice_of(work)
    try:
        when = from_field(work, incoming.fields.get("when", ""))
    except Refused as refused:
        return wrong_beside(work, "when", refused)
    follow_up = suggestions.take_at(work, suggestion, when.wall)
    return voice.reply("follow_up.set", at=follow_up.due_at, text=follow_up.text, zone=voice.zone)
