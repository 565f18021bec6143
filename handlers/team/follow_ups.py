"""Commands and buttons about what is to be remembered."""

import re
from datetime import timedelta

from handlers.actions import calendars, follow_ups, later, members, moments, reminding
from handlers.actions import morning as mornings
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.cards import follow_up_line
from handlers.command import button, command, form
from handlers.grammar import About, Manner, member_called
from handlers.message import Button, Buttons, Field, Form, Hint, Incoming, Part, Reply, Text
from handlers.team.dates import from_field
from handlers.team.filling import wrong_beside
from handlers.team.snoozing import snooze_choices, snooze_wall
from handlers.texts import Voice
from handlers.when import When, find
from storage.errors import Refused
from storage.records import Contact, FollowUp, Member, Ticket, Touch
from storage.work import Work

_ME = re.compile(r"(?:me|myself|我)(?:\s+(?:to|about)(?![a-z]))?\s*", re.IGNORECASE)
_ID = re.compile(r"[0-9]{1,19}")


@command(
    "remind <contact|#12|deal 3> <when> <text>",
    also=("reminder", "followup", "提醒"),
    needs=Permission.SERVE,
)
def remind(
    work: Work,
    member: Member | None,
    about: About,
    contact: Contact | None,
    when: When,
    manner: Manner,
    text: str | None,
) -> Reply:
    """Remind you about a customer; "me" instead of a name for yourself."""
    voice = voice_of(work)
    if about.ticket is not None or about.deal is not None:
        text = _ME.sub("", text or "", count=1) if _ME.match(text or "") else text
    made = _made(work, contact, when, manner, text or "", member)
    if about.ticket is not None:
        made.ticket_id = about.ticket.id
    if about.deal is not None:
        made.deal_id = about.deal.id
        if not text:
            deal = about.deal
            made.text = voice.say("deal.follow_up", number=deal.number, title=deal.title)
    return _confirmed(work, made, contact, member)


def _made(
    work: Work,
    contact: Contact | None,
    when: When,
    manner: Manner,
    text: str,
    member: Member | None = None,
) -> FollowUp:
    voice = voice_of(work)
    if manner.no_reply and contact is not None:
        words = text or voice.say("follow_up.no_reply")
        made = follow_ups.remind_unless_reply(work, contact, when.wall, words)
        if member is not None:
            follow_ups.hand_over(work, made, member)
        return made
    theirs = None
    if manner.theirs and contact is not None:
        theirs = later.zone_of(work, contact)
    return follow_ups.remind(
        work,
        contact,
        when.wall,
        text or voice.say("follow_up.contact_them"),
        when.rule,
        owner=member,
        zone=theirs,
        on_touch=manner.on_touch,
    )


def _confirmed(
    work: Work, made: FollowUp, contact: Contact | None, member: Member | None = None
) -> Reply:
    """Says back what was understood, with weekday and zone, and what a touch does."""
    voice = voice_of(work)
    name = contact.name if contact else ""
    key = "follow_up.set_for" if member is not None else "follow_up.set"
    key = f"{key}_about" if contact else key
    values = {"at": made.due_at, "text": made.text, "name": name, "zone": voice.zone}
    words = voice.words(key, member=member.name if member else "", **values)
    parts: list[Part] = [Text(words)]
    if contact is not None and made.zone != voice.zone:
        theirs = Voice(voice.language, made.zone).moment(made.due_at)
        words = voice.words("follow_up.their_time", at=theirs, name=name, zone=made.zone)
        parts.append(Hint(words))
    if made.rule is not None:
        then, after = follow_ups.following_times(work, made, 2)
        parts.append(Hint(voice.words("follow_up.again", then=then, after=after)))
    if contact is not None and made.rule is None:
        touch = (
            "follow_up.unless_reply" if made.awaits_reply else f"follow_up.touch_{made.on_touch}"
        )
        parts.append(Hint(voice.words(touch, name=name)))
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
    contact = work.sure(Contact, int(incoming.value))
    try:
        when = from_field(work, incoming.fields.get("when", ""))
        made = _made(work, contact, when, Manner(), incoming.fields.get("text", "").strip())
    except Refused as refused:
        return wrong_beside(work, "when", refused)
    return _confirmed(work, made, contact)


@button("follow_up.done")
def done_pressed(work: Work, follow_up: FollowUp) -> Reply:
    """It is done; the message says so from now on."""
    follow_ups.done(work, follow_up)
    voice = voice_of(work)
    if follow_up.rule is None:
        return voice.instead("follow_up.done", text=follow_up.text)
    words = voice.words("follow_up.done_this_time", text=follow_up.text, at=follow_up.due_at)
    end = Button(voice.say("button.end"), "follow_up.end", str(follow_up.id))
    return Reply((Text(words), Buttons((end,))), instead=True)


@button("follow_up.done_listed")
def done_listed(work: Work, follow_up: FollowUp, value: str) -> Reply:
    """It is done; the list shows it and keeps the others."""
    follow_ups.done(work, follow_up)
    ids = [int(each) for each in _ID.findall(value.partition(":")[2])]
    return Reply(reminding.redraw_list(work, ids or [follow_up.id]).parts, instead=True)


@button("follow_up.end")
def end_pressed(work: Work, follow_up: FollowUp) -> Reply:
    """It does not come again."""
    follow_ups.end(work, follow_up)
    return voice_of(work).instead("follow_up.ended", text=follow_up.text)


# Later


@button("follow_up.snooze")
def snooze_pressed(work: Work, follow_up: FollowUp) -> Reply:
    """Ask until when."""
    voice = voice_of(work)
    words = Text(voice.words("follow_up.snooze_how_long", text=follow_up.text))
    choices = snooze_choices(voice, "follow_up.snooze_for", str(follow_up.id))
    other = Button(voice.say("snooze.other"), "follow_up.snooze_other", str(follow_up.id))
    return Reply((words, Buttons((*choices.buttons, other))), instead=True)


@button("follow_up.snooze_for")
def snooze_chosen(work: Work, follow_up: FollowUp, value: str) -> Reply:
    """Remind again after one of the usual lengths."""
    follow_ups.snooze(work, follow_up, snooze_wall(work, value.partition(":")[2]))
    voice = voice_of(work)
    return voice.instead("follow_up.snoozed", text=follow_up.text, at=follow_up.due_at)


_LENGTHS = ("hour", "evening", "tomorrow", "week")


@button("follow_up.snooze_other")
def snooze_other_pressed(work: Work, follow_up: FollowUp) -> Reply:
    """Ask for another moment, in one's own words or chosen."""
    voice = voice_of(work)
    options = tuple((name, voice.say(f"snooze.{name}")) for name in _LENGTHS)
    return Reply(
        form=Form(
            does="follow_up.snooze",
            title=voice.say("form.snooze_reminder"),
            submit=voice.say("button.save"),
            cancel=voice.say("button.cancel"),
            fields=(
                Field("when", voice.say("label.when"), hint=voice.say("hint.when"), optional=True),
                Field(
                    "choice",
                    voice.say("label.or_choose"),
                    value="tomorrow",
                    options=(("", voice.say("snooze.own")), *options),
                    optional=True,
                ),
            ),
            value=str(follow_up.id),
        )
    )


@form("follow_up.snooze")
def snooze_from_form(work: Work, incoming: Incoming, follow_up: FollowUp) -> Reply:
    """Another moment is filled in."""
    said, choice = incoming.fields.get("when", "").strip(), incoming.fields.get("choice", "")
    voice = voice_of(work)
    try:
        if said or choice not in _LENGTHS:
            wall = from_field(work, said).wall
        else:
            wall = snooze_wall(work, choice)
        follow_ups.snooze(work, follow_up, wall)
    except Refused as refused:
        return wrong_beside(work, "when", refused)
    return voice.reply("follow_up.snoozed", text=follow_up.text, at=follow_up.due_at)


# What else can be done with it


@button("follow_up.hand_over")
def hand_over_pressed(work: Work, follow_up: FollowUp) -> Reply:
    """Ask who looks after it from now on."""
    voice = voice_of(work)
    team = [each for each in members.team(work) if each.id != follow_up.owner_id][:100]
    options = tuple((str(each.id), each.name) for each in team)
    if not options:
        raise Refused("member.unknown", name="…")
    field = Field("member", voice.say("label.member"), value=options[0][0], options=options)
    return Reply(
        form=Form(
            does="follow_up.hand_over",
            title=voice.say("form.hand_over"),
            submit=voice.say("button.hand_over"),
            cancel=voice.say("button.cancel"),
            fields=(field,),
            value=str(follow_up.id),
        )
    )


@form("follow_up.hand_over")
def hand_over_from_form(work: Work, incoming: Incoming, follow_up: FollowUp) -> Reply:
    """A colleague is chosen."""
    said = incoming.fields.get("member", "")
    chosen = work.get(Member, int(said)) if _ID.fullmatch(said) else None
    member = chosen or member_called(work, said.strip("<@>"), said)
    follow_ups.hand_over(work, follow_up, member)
    return voice_of(work).reply("follow_up.is_handed", name=member.name, text=follow_up.text)


@button("follow_up.reply")
def reply_pressed(work: Work, follow_up: FollowUp) -> Reply:
    """Ask what to say to the customer."""
    voice = voice_of(work)
    return Reply(
        form=Form(
            does="follow_up.reply",
            title=voice.say("form.reply"),
            submit=voice.say("button.reply"),
            cancel=voice.say("button.cancel"),
            fields=(Field("text", voice.say("label.message"), long=True),),
            value=str(follow_up.id),
        )
    )


@form("follow_up.reply")
def reply_from_form(work: Work, incoming: Incoming, follow_up: FollowUp) -> Reply:
    """It goes to the customer like any other answer."""
    voice = voice_of(work)
    contact = work.get(Contact, follow_up.contact_id)
    if contact is None:
        raise Refused("button.gone")
    ticket = work.get(Ticket, follow_up.ticket_id)
    try:
        later.answer_about(work, contact, ticket, incoming.fields.get("text", ""))
    except Refused as refused:
        return wrong_beside(work, "text", refused)
    return voice.reply("follow_up.replied", name=contact.name)


@button("follow_up.touch")
def touch_pressed(work: Work, follow_up: FollowUp, value: str) -> Reply:
    """Decide what a touch does."""
    said = value.partition(":")[2]
    if said not in set(Touch):
        raise Refused("button.gone")
    follow_ups.choose_touch(work, follow_up, Touch(said))
    contact = work.get(Contact, follow_up.contact_id)
    return Reply(_confirmed(work, follow_up, contact).parts, instead=True)


# All of mine


@command("reminders [9am|each]", also=("followups", "跟进"), needs=Permission.SERVE)
def reminders(work: Work, text: str | None) -> Reply:
    """What you are to be reminded of; with a time of day, as one list each morning."""
    voice = voice_of(work)
    said = (text or "").strip().casefold()
    if not said:
        return _all_of_mine(work)
    if said in ("each", "off", "逐条", "关闭"):
        mornings.choose(work, None)
        return voice.reply("reminders.each")
    wall = mornings.USUAL
    if said not in ("morning list", "morning", "list", "清单", "早上"):
        now = work.now.astimezone(moments.zone_named(work.actor.zone)).replace(tzinfo=None)
        found = find(said, now)
        if found is None or not found.has_time:
            raise Refused("reminders.when")
        # A bare eight is the one of the morning.
        wall = min(each.time() for each in (found.wall, *found.alternatives))
    schedule = mornings.choose(work, wall)
    if schedule is None:
        raise Refused("reminders.when")
    return voice.reply("reminders.by_list", wall=schedule.wall, zone=schedule.zone)


def _all_of_mine(work: Work) -> Reply:
    voice = voice_of(work)
    mine = follow_ups.mine(work, work.now + timedelta(days=366))
    cleared = reminding.cleared_lately(work, members.me(work))
    parts: list[Part] = []
    if mine:
        parts.append(Text(voice.words("day.follow_ups", count=len(mine))))
    for follow_up, contact in mine:
        parts.append(follow_up_line(voice, follow_up, contact))
        touched = reminding.would_clear(work, follow_up)
        if touched is not None:
            parts.append(Hint(reminding.why_cleared(work, voice, follow_up, contact, touched)))
    parts += [reminding.cleared_line_of(work, voice, each, who) for each, who in cleared]
    return Reply(tuple(parts)) if parts else voice.reply("reminders.none")


@command("calendar", also=("ics", "日历"), needs=Permission.SERVE)
def calendar(work: Work) -> Reply:
    """Your follow-ups as a calendar file, in your direct messages."""
    count = calendars.send_mine(work)
    return voice_of(work).reply("calendar.sent" if count else "calendar.none", count=count)
