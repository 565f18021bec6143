"""Where requests go in Slack: a channel for all of them, and channels of their own for some."""

import re
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from handlers.actions.access import Permission, action
from handlers.actions.outgoing import SUPPORT, post_note
from handlers.actions.policies import team_voice
from handlers.message import Reply, Text
from storage.errors import Refused
from storage.queries import routing
from storage.records import Route
from storage.work import Work

# The route of everything that has none of its own.
DEFAULT = "default"
_ALL_OTHERS = {DEFAULT, "support", "all", "默认", "客服", "全部"}
_NAME = re.compile(r"\w[\w &/-]{0,63}")
LONGEST_CHANNEL = 60

# What was read lately, for each new request; another process's change counts soon after.
_KEEPS = timedelta(seconds=5)
_kept: WeakKeyDictionary[Any, tuple[datetime, dict[str, str]]] = WeakKeyDictionary()


def folded(name: str) -> str:
    """A route's name as it is kept."""
    plain = " ".join(name.split()).casefold().lstrip("#")
    return DEFAULT if plain in _ALL_OTHERS else plain


def _known(work: Work) -> dict[str, str]:
    kept = _kept.get(work.engine)
    if kept is None or not work.now - _KEEPS < kept[0] <= work.now:
        found = {each.name: each.channel for each in routing.routes(work)}
        kept = _kept[work.engine] = (work.now, found)
    return kept[1]


def default_channel(work: Work) -> str:
    """Where everything goes that has no channel of its own."""
    return _known(work).get(DEFAULT, SUPPORT)


def channel_for(work: Work, category: str | None) -> str:
    """Where the thread of a request of that category stands."""
    return _known(work).get(category or DEFAULT) or default_channel(work)


def channel_name(work: Work, channel: str) -> str:
    """A channel as people call it."""
    for each in routing.routes(work):
        if each.channel == channel:
            return each.shown
    return channel


@action(Permission.READ)
def routes(work: Work) -> list[Route]:
    """Every route, by name."""
    return routing.routes(work)


@action(Permission.CAMPAIGN, audited=True)
def route(work: Work, name: str, channel: str, shown: str) -> Route:
    """Have the requests of a category in a channel of their own from now on.

    A line there says so, and shows at once whether we can write in it. Raises Refused for a name
    that is none.
    """
    name = folded(name)
    if not _NAME.fullmatch(name):
        raise Refused("route.wrong", name=name[:64])
    if len(channel) > LONGEST_CHANNEL:
        raise Refused("route.no_channel")
    found = routing.route(work, name)
    if found is None:
        found = work.add(Route(name=name, channel=channel, shown=shown, changed_at=work.now))
    found.channel, found.shown, found.changed_at = channel, shown, work.now
    found.changed_by = work.actor.member.id if work.actor.member else None
    _kept.pop(work.engine, None)
    key = "route.here_all" if name == DEFAULT else "route.here"
    words = Text(team_voice(work).words(key, name=name))
    post_note(work, channel, Reply((words,)), key=f"route:{found.id}:{work.now.isoformat()}")
    return found


@action(Permission.CAMPAIGN, audited=True)
def unroute(work: Work, name: str) -> Route:
    """Have them where all the others go. Raises Refused when they had no channel of their own."""
    found = routing.route(work, folded(name))
    if found is None:
        raise Refused("route.unknown", name=name[:64])
    work.delete(found)
    _kept.pop(work.engine, None)
    return found
