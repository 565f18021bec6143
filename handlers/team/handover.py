"""Commands and buttons of those who go away and come back, and of who takes their work."""

import re
from collections.abc import Sequence

from handlers.actions import handover, members, moments
from handlers.actions.access import Permission
from handlers.actions.handover import Load
from handlers.actions.policies import voice_of
from handlers.cards.handover import come_back_card, offer_card
from handlers.command import button, command
from handlers.grammar import member_called
from handlers.message import Reply, Text
from handlers.when import When
from storage.errors import Refused
from storage.records import Member
from storage.work import Work

_TO = re.compile(r"\s*(?:\bto\b|给|交给|→)\s*", re.IGNORECASE)
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


@command("away [until monday]", also=("vacation", "休假", "离开"))
def away(work: Work, when: When | None) -> Reply:
    """You are away: nothing new is given to you, and what is open can be handed over at once."""
    zone = moments.zone_named(work.actor.zone)
    until = moments.instant(when.wall, zone) if when is not None else None
    member = handover.go_away(work, until)
    voice = voice_of(work)
    key = "away.until" if until is not None else "away.set"
    words = Text(voice.words(key, until=until))
    load = handover.load_of(work, member)
    if not load.count:
        return Reply((words,))
    return Reply((words, *_offer(work, member, load).parts))


@command("back", also=("回来",))
def back(work: Work) -> Reply:
    """You are back; what nobody has touched meanwhile can be yours again."""
    member = handover.come_back(work)
    return come_back_card(voice_of(work), member, handover.untouched(work, member).count)


@command("handover [@ann] to <@bo>", also=("交接",), needs=Permission.SERVE)
def hand_over(work: Work, text: str | None) -> Reply:
    """Give all open tickets and follow-ups of a member to a colleague; alone it asks to whom."""
    giver, taker = _giver_and_taker(work, text or "")
    if taker is not None:
        return _handed(work, giver, [taker])
    load = handover.load_of(work, giver)
    if not load.count:
        raise Refused("handover.nothing", name=giver.name)
    return _offer(work, giver, load)


def _giver_and_taker(work: Work, text: str) -> tuple[Member, Member | None]:
    """Who "@ann to @bo", "to @bo" and "@ann" name; without a name it is oneself."""
    parts = [part.strip() for part in _TO.split(text, maxsplit=1)]
    giver = _named(work, parts[0]) if parts[0] else members.me(work)
    return giver, _named(work, parts[1]) if len(parts) > 1 and parts[1] else None


def _named(work: Work, text: str) -> Member:
    mention = _MENTION.search(text)
    if mention is not None:
        return handover.member_behind(work, mention[1])
    return member_called(work, "", text.lstrip("@"))


def _offer(work: Work, member: Member, load: Load) -> Reply:
    return offer_card(
        voice_of(work),
        "handover.has",
        member,
        handover.pictured(work, load),
        handover.colleagues(work, member),
        work.now,
    )


def _handed(work: Work, giver: Member, to: Sequence[Member]) -> Reply:
    load = handover.hand_over(work, giver, to)
    names = ", ".join(each.name for each in to)
    return voice_of(work).reply("handover.done", name=giver.name, to=names, count=load.count)


@button("handover.to")
def to_pressed(work: Work, giver: Member, value: str) -> Reply:
    """All of it goes to the colleague of the button."""
    taker = handover.member_of_id(work, value.partition(":")[2])
    return Reply(_handed(work, giver, [taker]).parts, instead=True)


@button("handover.share")
def share_pressed(work: Work, giver: Member) -> Reply:
    """Everybody who is there gets a share."""
    takers = handover.colleagues(work, giver)
    return Reply(_handed(work, giver, takers).parts, instead=True)


@button("handover.take_back")
def take_back_pressed(work: Work) -> Reply:
    """What nobody has touched is mine again."""
    load = handover.take_back(work)
    words = voice_of(work).words("handover.yours_again", count=load.count)
    return Reply((Text(words),), instead=True)


@button("handover.leave")
def leave_pressed(work: Work) -> Reply:
    """It stays with whoever has it."""
    handover.leave_with_them(work)
    return Reply((Text(voice_of(work).words("handover.stays")),), instead=True)
