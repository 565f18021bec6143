"""Commands about what a ticket is called, in which category it lies, and what happened to it."""

from handlers import cards
from handlers.actions import filing, members, ticket_history
from handlers.actions.access import Permission, may
from handlers.actions.policies import voice_of
from handlers.command import button, command
from handlers.grammar import first_word, member_called
from handlers.message import BOLD, Button, Buttons, Line, Part, Reply, Text
from storage.errors import Refused
from storage.records import Category, Member, Ticket
from storage.work import Work

_REMOVE = ("remove", "delete", "删除")
_ADD = ("add", "new", "添加")
# Slack takes so many buttons in one row.
MOST_IN_A_ROW = 25


@command("file <number> <category>", also=("归类",), needs=Permission.SERVE)
def file(work: Work, ticket: Ticket, text: str | None) -> Reply:
    """Put a ticket into a category."""
    voice = voice_of(work)
    if text:
        filing.file(work, ticket, filing.category_named(work, text))
        return voice.reply("ticket.filed", number=ticket.number, category=ticket.category)
    names = filing.categories(work)
    if not names:
        raise Refused("category.none")
    buttons = tuple(
        Button(each.name, "ticket.file_as", f"{ticket.id}:{each.name}")
        for each in names[:MOST_IN_A_ROW]
    )
    return Reply((Text(voice.words("category.which", number=ticket.number)), Buttons(buttons)))


@button("ticket.file_as")
def file_pressed(work: Work, ticket: Ticket, value: str) -> Reply:
    """Put it into the category of the button."""
    return Reply(file(work, ticket, value.partition(":")[2]).parts, instead=True)


@command("category [add|remove] <name> [@members]", also=("categories", "分类"))
def category(work: Work, text: str | None) -> Reply:
    """The categories; an admin adds or removes one, or names the members who serve it."""
    if not text:
        return _list(work)
    word, rest = first_word(text)
    voice = voice_of(work)
    if word in _REMOVE:
        found = filing.category_named(work, rest)
        filing.remove_category(work, found)
        return voice.reply("category.removed", name=found.name)
    name, _, mentioned = (rest if word in _ADD else text).partition("@")
    name = name.rstrip("< ")
    known = next((each for each in filing.categories(work) if each.name == name.casefold()), None)
    if known is None:
        known = filing.add_category(work, name)
    elif not mentioned:
        raise Refused("category.known", name=known.name)
    if mentioned:
        filing.serve_category(work, known, _mentioned(work, mentioned))
    served = _names(work, known) or voice.say("category.everybody")
    return voice.reply("category.set", name=known.name, members=served)


def _mentioned(work: Work, mentioned: str) -> tuple[Member, ...]:
    """The members behind "ann @bo" or "U123> <@U456>"."""
    words = (word.strip("<@> ,，").partition("|")[0] for word in mentioned.split("@"))
    return tuple(member_called(work, word, word) for word in words if word)


def _names(work: Work, category: Category) -> str:
    return ", ".join(each.name for each in members.team(work) if each.id in category.members)


def _list(work: Work) -> Reply:
    voice = voice_of(work)
    found = filing.categories(work)
    if not found:
        key = "category.none_yet" if may(work.actor, Permission.SET_UP) else "category.none"
        return voice.reply(key)
    parts: list[Part] = [Text(voice.words("category.title"))]
    for each in found:
        served = _names(work, each) or voice.say("category.everybody")
        parts.append(Line(((each.name, BOLD), (f" — {served}", ""))))
    return Reply(tuple(parts))


@command("subject <number> <text>", also=("rename", "改主题"), needs=Permission.SERVE)
def subject(work: Work, ticket: Ticket, text: str) -> Reply:
    """Give a ticket another subject."""
    filing.rename(work, ticket, text)
    return voice_of(work).reply(
        "ticket.renamed", number=ticket.number, subject=cards.shortened(ticket.subject)
    )


@command("history <number>", also=("历史",))
def history(work: Work, ticket: Ticket) -> Reply:
    """What happened to a ticket: each step, when, and by whom."""
    steps = ticket_history.history(work, ticket)
    return cards.history_card(voice_of(work), ticket, steps)


@command("watch <number> [member]", also=("关注",), needs=Permission.SERVE)
def watch(work: Work, ticket: Ticket, member: Member | None) -> Reply:
    """Be told of everything that happens to a ticket; or have a colleague told."""
    watcher = member or members.me(work)
    new = ticket_history.watch(work, ticket, watcher)
    key = "watch.on" if new else "watch.already"
    return voice_of(work).reply(key, number=ticket.number, name=watcher.name)


@command("unwatch <number> [member]", also=("取消关注",), needs=Permission.SERVE)
def unwatch(work: Work, ticket: Ticket, member: Member | None) -> Reply:
    """Be told no more."""
    watcher = member or members.me(work)
    was = ticket_history.unwatch(work, ticket, watcher)
    key = "watch.off" if was else "watch.not"
    return voice_of(work).reply(key, number=ticket.number, name=watcher.name)
