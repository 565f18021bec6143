"""Commands about how content customers are."""

from datetime import timedelta

from handlers.actions import satisfaction
from handlers.actions.policies import voice_of
from handlers.cards import Opinions, opinions_card
from handlers.command import command
from handlers.message import Reply
from storage.work import Work

MOST_DAYS = 366


@command("csat [days]", also=("满意度",))
def csat(work: Work, text: str | None) -> Reply:
    """How content customers were, the last 30 days beside those before."""
    number = (text or "").split(" ")[0]
    days = min(int(number), MOST_DAYS) if number.isdecimal() and len(number) < 5 else 30
    length = timedelta(days=max(days, 1))
    start = work.now - length
    found = Opinions(
        days=max(days, 1),
        now=satisfaction.scores(work, start, work.now + timedelta(seconds=1)),
        before=satisfaction.scores(work, start - length, start),
        members=satisfaction.by_member(work, start, work.now + timedelta(seconds=1)),
        comments=satisfaction.comments(work, start),
    )
    return opinions_card(voice_of(work), found, work.now)
