"""Commands and buttons about what is to be remembered."""

from handlers.actions import follow_ups, moments
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import button, command, form
from handlers.message import Button, Buttons, Field, Form, Hint, Incoming, Part, Reply, Text
from handlers.team.snoozing import snooze_choices, snooze_wall
from handlers.when import When, find
from storage.records import Contact, FollowUp
from storage.work import Work


@command(
    "remind <contact> <when> <text>", also=("reminder", "followup", "提醒"), needs=Permission.SERVE
)
def remind(work: Work, contact: Contact | None, when: When, text: str | None) -> Reply:
    """Remind you about a customer; "me" instead of a name for yourself."""
    voice = voice_of(work)
    about = text or voice.say("follow_up.contact_them")
    follow_up = follow_ups.remind(work, contact, when.wall, about, when.rule)
    name = contact.name if contact else ""
    key = "follow_up.set_about" if contact else "follow_up.set"
    parts: list[Part] = [
        Text(voice.words(key, at=follow_up.due_at, text=follow_up.text, name=name, zone=voice.zone))
    ]
    if when.alternatives:
        zone = moments.zone_named(voice.zone)
        other = voice.moment(moments.instant(when.alternatives[0], zone))
        parts.append(Hint(voice.words("follow_up.or", other=other)))
    return Reply(tuple(parts))


@button("contact.remind")
def remind_pressed(work: Work, contact: Contact) -> Reply:
    """Ask when to be reminded about a contact."""
    voice = voice_of(work)
    return Reply(
        form=Form(
            does="contact.remind",
            title=voice.say("form.remind"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=(
                Field("when", voice.say("label.when"), hint=voice.say("hint.when")),
                Field("text", voice.say("label.what"), optional=True, long=True),
            ),
            value=str(contact.id),
        )
    )


@form("contact.remind")
def remind_from_form(work: Work, incoming: Incoming) -> Reply:
    """The reminder's form is filled in."""
    zone = moments.zone_named(work.actor.zone)
    when = find(incoming.fields.get("when", ""), work.now.astimezone(zone).replace(tzinfo=None))
    if when is None:
        return Reply(wrong={"when": voice_of(work).say("command.no_when", usage="")})
    contact = work.sure(Contact, int(incoming.value))
    return remind(work, contact, when, incoming.fields.get("text", ""))


@button("follow_up.done")
def done_pressed(work: Work, follow_up: FollowUp) -> Reply:
    """It is done; the message says so from now on."""
    follow_ups.done(work, follow_up)
    voice = voice_of(work)
    if follow_up.rule is None:
        words = voice.words("follow_up.done", text=follow_up.text)
        return Reply((Text(words),), instead=True)
    words = voice.words("follow_up.done_this_time", text=follow_up.text, at=follow_up.due_at)
    end = Button(voice.say("button.end"), "follow_up.end", str(follow_up.id))
    return Reply((Text(words), Buttons((end,))), instead=True)


@button("follow_up.end")
def end_pressed(work: Work, follow_up: FollowUp) -> Reply:
    """It does not come again."""
    follow_ups.end(work, follow_up)
    words = voice_of(work).words("follow_up.ended", text=follow_up.text)
    return Reply((Text(words),), instead=True)


@button("follow_up.snooze")
def snooze_pressed(work: Work, follow_up: FollowUp) -> Reply:
    """Ask until when."""
    voice = voice_of(work)
    words = Text(voice.words("follow_up.snooze_how_long", text=follow_up.text))
    choices = snooze_choices(voice, "follow_up.snooze_for", str(follow_up.id))
    return Reply((words, choices), instead=True)


@button("follow_up.snooze_for")
def snooze_chosen(work: Work, follow_up: FollowUp, value: str) -> Reply:
    """Remind again after one of the usual lengths."""
    follow_ups.snooze(work, follow_up, snooze_wall(work, value.partition(":")[2]))
    words = voice_of(work).words("follow_up.snoozed", text=follow_up.text, at=follow_up.due_at)
    return Reply((Text(words),), instead=True)
