"""Commands about links into the bot: made for a poster or a mail, and counted."""

import re

from handlers.actions import deep_links
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.command import command
from handlers.grammar import Tags, member_called
from handlers.message import BOLD, CODE, Hint, Line, Part, Reply, Text
from storage.records import DeepLink, Member
from storage.work import Work

_MEMBER = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|(?:^|\s)@(\S+)")


@command("link <name> [@member] [#tag] [: greeting]", also=("链接", "qr"), needs=Permission.SERVE)
def link(work: Work, text: str, tags: Tags | None) -> Reply:
    """Make a link into the bot that greets, tags and assigns those who come by it."""
    owner, text = _owner(work, text.replace("：", ": ", 1))
    name, _, greeting = text.partition(":")
    made = deep_links.make_link(work, name, owner, tags or (), greeting)
    voice = voice_of(work)
    parts: list[Part] = [
        Text(voice.words("link.made", name=made.name)),
        Text(((deep_links.address(work, made), CODE),)),
        Hint(voice.words("link.hint")),
    ]
    return Reply(tuple(parts))


def _owner(work: Work, text: str) -> tuple[Member | None, str]:
    """The colleague who is mentioned somewhere in a line, and the line without them."""
    head, mark, greeting = text.partition(":")
    found = _MEMBER.search(head)
    if found is None:
        return None, text
    owner = member_called(work, found[1] or "", found[2] or "")
    return owner, f"{head[: found.start()]} {head[found.end() :]}{mark}{greeting}"


@command("links", also=("链接列表",))
def links(work: Work) -> Reply:
    """The newest links, with how many people came by each."""
    voice = voice_of(work)
    found = deep_links.links(work)
    if not found:
        return voice.reply("link.none")
    return Reply(tuple(_line(work, each) for each in found))


def _line(work: Work, link: DeepLink) -> Line:
    voice = voice_of(work)
    counts = voice.say("link.counts", came=link.came, new=link.were_new)
    address = deep_links.address(work, link)
    return Line(((link.name, BOLD), (f" — {counts}\n", ""), (address, CODE)))
