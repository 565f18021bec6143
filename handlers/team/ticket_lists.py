"""Lists of tickets, and what is done to all of a list at once."""

from collections.abc import Sequence

from handlers import cards
from handlers.actions import bulk, handover, members, moments
from handlers.actions.access import Permission, may
from handlers.actions.bulk import Outcome
from handlers.actions.policies import voice_of
from handlers.command import button, command
from handlers.grammar import Tags, member_called, numbers_in
from handlers.message import Button, Buttons, Hint, Look, Part, Reply, Text
from handlers.team.snoozing import snooze_instant
from handlers.texts import Voice
from storage.records import Contact, Member, Priority, Ticket
from storage.work import Work

MOST_SHOWN = 15
# Slack shows so many buttons well in one row.
MOST_COLLEAGUES = 10


@command("tickets [mine] [unassigned] [waiting] [category] [#tag] [!high]", also=("工单列表",))
def open_tickets(
    work: Work,
    text: str | None = None,
    tags: Tags | None = None,
    priority: Priority | None = None,
) -> Reply:
    """Open tickets, who has waited longest first; words narrow it, and then act on all of them."""
    voice = voice_of(work)

    def member(name: str) -> Member:
        return member_called(
            work, name.strip("<@>").partition("|")[0], name.lstrip("<@").rstrip(">")
        )

    wanted = bulk.filter_of(work, text or "", tags or (), priority, member)
    found, total = bulk.matching(work, wanted)
    narrowed = bool(text or tags or priority)
    if not found:
        return voice.reply("tickets.none_such" if narrowed else "tickets.none")
    parts: list[Part] = [Text(voice.words("tickets.title", count=total))]
    parts += [
        cards.ticket_line(voice, each, contact, work.now) for each, contact in found[:MOST_SHOWN]
    ]
    if total > MOST_SHOWN:
        parts.append(Hint(voice.words("tickets.more", count=total - MOST_SHOWN)))
    if narrowed and len(found) > 1 and may(work.actor, Permission.SERVE):
        parts.append(_for_all(voice, found))
    return Reply(tuple(parts))


def _for_all(voice: Voice, found: list[tuple[Ticket, Contact]]) -> Buttons:
    """What can be done to all of them: exactly those that were found, not those found later."""
    numbers = " ".join(str(ticket.number) for ticket, _ in found)
    count = len(found)
    return Buttons(
        (
            Button(
                voice.say("button.resolve_all", count=count),
                "tickets.resolve_all",
                numbers,
                Look.DANGER,
                confirm=voice.say("bulk.sure_resolve", count=count),
                stay=voice.say("button.stay"),
            ),
            Button(voice.say("button.assign_all", count=count), "tickets.assign_all", numbers),
            Button(voice.say("button.snooze_all", count=count), "tickets.snooze_all", numbers),
        )
    )


def resolved_all(work: Work, numbers: Sequence[int]) -> Reply:
    """Resolve several, and say which were over already."""
    return _told(voice_of(work), "bulk.resolved", bulk.resolve_all(work, numbers))


def _told(voice: Voice, key: str, outcome: Outcome, **values: object) -> Reply:
    words = voice.words(key, count=len(outcome.done), **values)
    parts: list[Part] = [Text(words)]
    if outcome.left:
        left = ", ".join(f"#{number}" for number in outcome.left)
        parts.append(Hint(voice.words("bulk.left", numbers=left)))
    return Reply(tuple(parts))


def _instead(reply: Reply) -> Reply:
    return Reply(reply.parts, instead=True)


@button("tickets.resolve_all")
def resolve_all_pressed(work: Work, value: str) -> Reply:
    """Resolve all of a list; a second press finds nothing to do and says so."""
    return _instead(resolved_all(work, numbers_in(value)))


@button("tickets.assign_all")
def assign_all_pressed(work: Work, value: str) -> Reply:
    """Ask who is to have them."""
    voice = voice_of(work)
    count = len(numbers_in(value))
    me = members.me(work)
    choices = [me, *handover.colleagues(work, me)][:MOST_COLLEAGUES]
    buttons = tuple(
        Button(
            each.name,
            "tickets.assign_to",
            f"{each.id}:{value}",
            confirm=voice.say("bulk.sure_assign", count=count, name=each.name),
            stay=voice.say("button.stay"),
        )
        for each in choices
    )
    words = Text(voice.words("bulk.assign_whom", count=count))
    return Reply((words, Buttons(buttons)), instead=True)


@button("tickets.assign_to")
def assign_to_pressed(work: Work, member: Member, value: str) -> Reply:
    """Give all of a list to one."""
    outcome = bulk.assign_all(work, numbers_in(value.partition(":")[2]), member)
    return _instead(_told(voice_of(work), "bulk.assigned", outcome, name=member.name))


@button("tickets.snooze_all")
def snooze_all_pressed(work: Work, value: str) -> Reply:
    """Ask until when."""
    voice = voice_of(work)
    count = len(numbers_in(value))
    buttons = tuple(
        Button(
            voice.say(f"snooze.{name}"),
            "tickets.snooze_until",
            f"{name}:{value}",
            confirm=voice.say("bulk.sure_snooze", count=count),
            stay=voice.say("button.stay"),
        )
        for name in ("hour", "tomorrow", "monday", "reply")
    )
    words = Text(voice.words("bulk.snooze_until", count=count))
    return Reply((words, Buttons(buttons)), instead=True)


@button("tickets.snooze_until")
def snooze_until_pressed(work: Work, value: str) -> Reply:
    """Put all of a list aside."""
    name, _, numbers = value.partition(":")
    zone = moments.zone_named(work.actor.zone)
    until = snooze_instant(work.now, zone, name)
    outcome = bulk.snooze_all(work, numbers_in(numbers), until)
    return _instead(_told(voice_of(work), "bulk.snoozed", outcome))
