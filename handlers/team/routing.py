"""Commands about channels: where the threads of which requests stand, and what they are for."""

import re

from handlers.actions import alerts, filing, routing, threads, tickets
from handlers.actions.access import Permission, denied, may
from handlers.actions.policies import voice_of
from handlers.command import button, command
from handlers.message import BOLD, Hint, Incoming, Line, Part, Reply, Text
from storage.errors import Refused
from storage.records import Ticket
from storage.work import Work

_TO = re.compile(r"\s+(?:to|in|into|→|->|到)\s+|\s+(?=[#＃])|(?<=\S)到(?=[#＃])", re.IGNORECASE)
_NUMBER = re.compile(r"[#＃]?(\d{1,9})")
_REMOVE = re.compile(r"(?:remove|delete|off|删除)\s+(.+)", re.IGNORECASE)


@command("route [<category>|<number>] [to #channel]", also=("routes", "路由"))
def route(work: Work, text: str | None, incoming: Incoming) -> Reply:
    """A category's threads in a channel of their own; with a number, one ticket's thread."""
    line = (text or "").strip()
    if not line:
        return _routes(work)
    removed = _REMOVE.fullmatch(line)
    if removed is not None:
        found = routing.unroute(work, removed[1])
        return voice_of(work).reply("route.removed", name=found.name)
    name, *rest = _TO.split(line, maxsplit=1)
    channel, shown = _channel(incoming, rest[0] if rest else "")
    number = _NUMBER.fullmatch(name)
    if number is not None:
        return _move(work, tickets.numbered(work, int(number[1])), channel, shown)
    made = routing.route(work, name, channel, shown)
    return _routed(work, made.name, shown)


def _channel(incoming: Incoming, typed: str) -> tuple[str, str]:
    """The channel that was named: by Slack's id when it gave one, or else by its name."""
    if incoming.channels:
        id, name = incoming.channels[-1]
        return id, f"#{name}" if name else id
    name = typed.strip().lstrip("#＃").casefold()
    if not name or len(name.split()) > 1:
        raise Refused("route.no_channel")
    return f"#{name}", f"#{name}"


def _routed(work: Work, name: str, shown: str) -> Reply:
    voice = voice_of(work)
    if name == routing.DEFAULT:
        return voice.reply("route.set_all", channel=shown)
    reply = voice.reply("route.set", name=name, channel=shown)
    if any(each.name == name for each in filing.categories(work)):
        return reply
    return Reply((*reply.parts, Hint(voice.words("route.no_category", name=name))))


def _move(work: Work, ticket: Ticket, channel: str, shown: str) -> Reply:
    if not may(work.actor, Permission.SERVE):
        raise denied(work, Permission.SERVE)
    threads.move(work, ticket, channel, shown)
    return voice_of(work).reply("thread.moves", number=ticket.number, channel=shown)


def _routes(work: Work) -> Reply:
    voice = voice_of(work)
    found = routing.routes(work)
    parts: list[Part] = [Text(voice.words("route.title"))]
    if not any(each.name == routing.DEFAULT for each in found):
        parts.append(
            Line(((voice.say("route.all"), BOLD), (f" → {voice.say('channel.support')}", "")))
        )
    for each in found:
        name = voice.say("route.all") if each.name == routing.DEFAULT else each.name
        parts.append(Line(((name, BOLD), (f" → {each.shown}", ""))))
    parts.append(Hint(voice.words("route.hint")))
    return Reply(tuple(parts))


@button("thread.move")
def move_pressed(work: Work, ticket: Ticket) -> Reply:
    """The thread goes to the channel of its category."""
    shown = threads.move_to_its_channel(work, ticket)
    words = voice_of(work).words("thread.moves", number=ticket.number, channel=shown)
    return Reply((Text(words),), instead=True)


@button("thread.stay")
def stay_pressed(work: Work, ticket: Ticket) -> Reply:
    """The thread stays where it is."""
    words = voice_of(work).words("thread.stays", number=ticket.number)
    return Reply((Text(words),), instead=True)


@command("threads [two_way|alerts|default]", also=("消息列", "讨论串"))
def threads_of(work: Work, text: str | None, incoming: Incoming) -> Reply:
    """In a channel: whether its threads are answered in, or tickets are only shown there."""
    if incoming.private:
        raise Refused("lane.no_channel")
    chosen = (text or "").strip().casefold().replace("-", "_")
    if chosen:
        held = alerts.choose(work, incoming.chat, _THREADS.get(chosen, chosen))
    else:
        held = alerts.now(work, incoming.chat)
    return voice_of(work).reply(f"threads.{held}")


_THREADS = {"双向": "two_way", "提醒": "alerts", "默认": "default", "both": "two_way"}
