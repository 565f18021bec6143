"""Commands about the house itself: my day, the digest, the team, its languages, troubles."""

from datetime import time, timedelta

from handlers import cards
from handlers.actions import (
    delivery,
    digests,
    follow_ups,
    inbox,
    members,
    moments,
    tickets,
)
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.cards.handover import away_words
from handlers.command import button, command
from handlers.message import BOLD, Button, Buttons, Heading, Hint, Line, Part, Reply, Text
from handlers.team.contacts import add_form
from handlers.team.deals import board
from handlers.team.ticket_lists import open_tickets
from handlers.texts import LANGUAGES, Voice
from handlers.when import When
from storage.errors import Refused
from storage.records import InboxRow, Member, Role
from storage.work import Work


@command("day", also=("today", "home", "我的一天", "今天"))
def day(work: Work) -> Reply:
    """Your day: what is due, what waits for you, what nobody has taken."""
    voice = voice_of(work)
    zone = moments.zone_named(work.actor.zone)
    today = moments.day_of(work.now, zone)
    _, ends = moments.day_bounds(today + timedelta(days=1), zone)
    due = follow_ups.mine(work, ends)
    mine, _ = tickets.open_list(work, members.me(work))
    everything, _ = tickets.open_list(work)
    free = [(each, contact) for each, contact in everything if each.assignee_id is None]

    parts: list[Part] = [Heading(voice.say("day.title", day=voice.day(work.now)))]
    parts += [Text(voice.words("day.follow_ups", count=len(due)))] if due else []
    parts += [cards.follow_up_line(voice, each, contact) for each, contact in due]
    parts += [Text(voice.words("day.mine", count=len(mine)))] if mine else []
    parts += [cards.ticket_line(voice, each, contact, work.now) for each, contact in mine]
    parts += [Text(voice.words("day.free", count=len(free)))] if free else []
    parts += [cards.ticket_line(voice, each, contact, work.now) for each, contact in free[:5]]
    if len(parts) == 1:
        parts.append(Text(voice.words("day.nothing")))
    parts.append(Hint(voice.words("day.hint")))
    parts.append(
        Buttons(
            (
                Button(voice.say("button.add_contact"), "contact.form"),
                Button(voice.say("button.all_tickets"), "tickets.show"),
                Button(voice.say("button.new_deal"), "deal.form"),
                Button(voice.say("button.help"), "help.show"),
            )
        )
    )
    return Reply((*parts, *board(work)))


@button("contact.form")
def add_pressed(work: Work) -> Reply:
    """Ask for a new customer."""
    return Reply(form=add_form(voice_of(work)))


@button("tickets.show")
def tickets_pressed(work: Work) -> Reply:
    """All open tickets."""
    return open_tickets(work)


@command("digest [09:00]", also=("report", "日报"), needs=Permission.CAMPAIGN, looks_alone=True)
def digest(work: Work, when: When | None, text: str | None) -> Reply:
    """Yesterday in numbers; with a time of day, have it every day at that hour."""
    voice = voice_of(work)
    if when is None and text:
        raise Refused("digest.no_time", text=text[:40])
    if when is not None:
        schedule = members.choose_digest(work, time(when.wall.hour, when.wall.minute))
        return voice.reply("digest.set", wall=schedule.wall, zone=schedule.zone)
    return cards.digest_card(voice, digests.digest(work, work.actor.zone), work.now)


@command("team", also=("团队",))
def team(work: Work) -> Reply:
    """Who works here and what they may do."""
    voice = voice_of(work)
    parts: list[Part] = [Text(voice.words("team.title"))]
    for member in members.team(work):
        role = voice.say(f"role.{member.role}")
        away = f", {away_words(voice, member)}" if member.is_away(work.now) else ""
        parts.append(Line(((member.name, BOLD), (f" — {role}, {member.zone}{away}", ""))))
    return Reply(tuple(parts))


@command("role <member> <agent|manager|admin>", also=("角色",), needs=Permission.SET_UP)
def role(work: Work, member: Member, role: Role) -> Reply:
    """Give a colleague another role."""
    members.set_role(work, member, role)
    voice = voice_of(work)
    return voice.reply("role.set", name=member.name, role=voice.say(f"role.{role}"))


@command("admin <code>", also=("管理员",))
def admin(work: Work, text: str) -> Reply:
    """Become the first admin, with the code that the console shows."""
    members.claim_admin(work, text)
    return voice_of(work).reply("admin.welcome")


@command("language <en|zh>", also=("语言",))
def language(work: Work, text: str | None) -> Reply:
    """Have Rapport speak English or Chinese to you; alone it asks which."""
    if not text:
        voice = voice_of(work)
        each = tuple(
            Button(voice.say(f"language.own_{code}"), "command.run", f"language {code}")
            for code in LANGUAGES
        )
        return Reply((Text(voice.words("language.which")), Buttons(each)))
    chosen = {"english": "en", "chinese": "zh", "中文": "zh", "英文": "en"}.get(
        text.casefold(), text.casefold()
    )
    if chosen not in LANGUAGES:
        raise Refused("language.unknown", languages=", ".join(LANGUAGES))
    members.speak(work, chosen)
    return Voice(chosen, work.actor.zone).reply("language.set")


@command("troubles", also=("dead", "故障"), needs=Permission.SET_UP)
def troubles(work: Work) -> Reply:
    """What could not be handled, what failed, and what may not have arrived."""
    voice = voice_of(work)
    parts: list[Part] = []
    for row in inbox.dead(work)[:5]:
        parts += inbox.dead_card(voice, row).parts
    for sent in delivery.troubles(work)[:10]:
        words = voice.words(
            "trouble.row",
            state=voice.say(f"outbox.{sent.state}"),
            door=sent.door,
            at=sent.created_at,
            why=sent.error or "",
        )
        parts.append(Text(words))
    return Reply(tuple(parts)) if parts else voice.reply("troubles.none")


@button("inbox.retry")
def retry_pressed(work: Work, row: InboxRow) -> Reply:
    """Try a dead row again."""
    inbox.retry(work, row)
    return Reply((Text(voice_of(work).words("dead.retried", number=row.id)),), instead=True)


@button("inbox.discard")
def discard_pressed(work: Work, row: InboxRow) -> Reply:
    """Put a dead row away."""
    inbox.discard(work, row)
    return Reply((Text(voice_of(work).words("dead.discarded", number=row.id)),), instead=True)
