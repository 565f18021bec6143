"""The form in which the number of people is typed before anything goes to many."""

from collections.abc import Callable

from handlers.message import Field, Form, Incoming, Reply
from handlers.team.filling import wrong_beside
from handlers.texts import Voice
from storage.errors import Refused
from storage.work import Work


def typing(does: str, voice: Voice, id: int, many: int) -> Form:
    """Ask for the number."""
    return Form(
        does=does,
        title=voice.say("form.campaign_start"),
        submit=voice.say("button.start"),
        cancel=voice.say("button.cancel"),
        fields=(Field("people", voice.say("campaign.type_it", count=many), hint=str(many)),),
        value=str(id),
    )


def with_number(work: Work, incoming: Incoming, start: Callable[[int], None]) -> Reply | None:
    """Start with the number that was typed; a wrong one is said beside its field."""
    digits = "".join(each for each in incoming.fields.get("people", "") if each.isdecimal())
    try:
        start(int(digits[:12] or 0))
    except Refused as refused:
        if refused.key != "campaign.type_number":
            raise
        return wrong_beside(work, "people", refused)
    return None
