"""What was said and done with somebody, newest first."""

from datetime import datetime

from handlers.cards.lines import shortened
from handlers.message import (
    BOLD,
    Words,
)
from handlers.texts import Voice
from storage.records import (
    Direction,
    Interaction,
    Lane,
)


def timeline_words(voice: Voice, timeline: list[Interaction], now: datetime) -> Words:
    """What was said lately, newest first."""
    if not timeline:
        return voice.words("contact.nothing_said")
    words: list[tuple[str, str]] = [(voice.say("label.timeline"), BOLD)]
    for each in timeline:
        mark = "🔒" if each.lane is Lane.INTERNAL else _WAY[each.direction]
        said = shortened(each.text or voice.say("media.some", count=len(each.media)))
        edited = f" ({voice.say('message.edited')})" if each.edited_at else ""
        words.append((f"\n{mark} {voice.ago(each.at, now)}: ", ""))
        words.append((f"{said}{edited}", ""))
    return tuple(words)


_WAY = {Direction.IN: "⬅️", Direction.OUT: "➡️", Direction.NOTE: "📝"}
