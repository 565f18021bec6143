"""Commands about what customers think: NPS, reviews, suggestions, and the figures."""

import re
from datetime import timedelta

from handlers.actions import behaviour, nps, products, satisfaction
from handlers.actions.access import Permission
from handlers.actions.policies import voice_of
from handlers.cards.feedback import Voices, voices_card
from handlers.command import command
from handlers.message import Reply
from storage.errors import Refused
from storage.records import Contact
from storage.work import Work

MOST_DAYS = 366
USUAL_DAYS = 90
_SCORE = re.compile(r"\s*([1-5])(?:\s*/\s*5|\s*[★⭐*]|分|星)?(?=$|[\s,，:：])\s*[,，:：]?\s*")


@command("feedback [days]", also=("反馈", "意见"))
def feedback(work: Work, text: str | None) -> Reply:
    """What customers think: NPS and CSAT of 90 days beside those before, and their last words."""
    number = (text or "").split(" ")[0]
    days = min(int(number), MOST_DAYS) if number.isdecimal() and len(number) < 5 else USUAL_DAYS
    length = timedelta(days=max(days, 1))
    end = work.now + timedelta(seconds=1)
    start = end - length
    found = Voices(
        days=max(days, 1),
        nps=nps.figures(work, start, end),
        nps_before=nps.figures(work, start - length, start),
        csat=satisfaction.scores(work, start, end),
        csat_before=satisfaction.scores(work, start - length, start),
        opinions=nps.words(work, start, end, 8),
    )
    return voices_card(voice_of(work), found, work.now)


@command("nps <contact>", also=("推荐度",), needs=Permission.SERVE)
def ask_nps(work: Work, contact: Contact) -> Reply:
    """Ask a customer how likely they would recommend us; once a quarter."""
    nps.ask(work, contact)
    return voice_of(work).reply("nps.asked", name=contact.name)


@command("review <contact> <1-5> <words>", also=("评价",), needs=Permission.SERVE)
def review(work: Work, contact: Contact, text: str | None) -> Reply:
    """Write down a review: anna 5 great; with “Kettle:” before the words it is about that."""
    found = _SCORE.match(text or "")
    if found is None:
        raise Refused("review.no_score")
    words = (text or "")[found.end() :].strip()
    name, colon, rest = words.replace("：", ":").partition(":")
    product = products.meant(work, name) if colon else None
    if product is not None:
        words = rest.strip()
    behaviour.review(work, contact, int(found[1]), words, product)
    about = f" ({product.name})" if product is not None else ""
    return voice_of(work).reply("review.kept", name=contact.name, about=about)


@command("suggestion <contact> <words>", also=("建议",), needs=Permission.SERVE)
def suggestion(work: Work, contact: Contact, text: str | None) -> Reply:
    """Write down what a customer suggests."""
    behaviour.suggestion(work, contact, text or "")
    return voice_of(work).reply("suggestion.kept", name=contact.name)
