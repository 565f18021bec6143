"""The knowledge base answers what it can, asks whether it helped, and falls through to people."""

from sqlmodel import select

from bot.playground.slack import Message
from storage.queries import tickets
from storage.records import Article, ArticleOffer, OfferState, Ticket, TicketStatus
from tests.world import World

SHIPPING = {
    "title_en": "How long does shipping take?",
    "questions_en": "when will my order arrive\ndelivery time",
    "text_en": "Two days in the country, five abroad.",
    "title_zh": "多久能送到？",
    "questions_zh": "配送需要多久\n什么时候到货",
    "text_zh": "国内两天，国外五天。",
}


async def written(w: World) -> None:
    """A manager has written an article about shipping."""
    await w.mia.command("/crm article add", channel=w.support)
    await w.until(lambda: w.mia.modal)
    await w.mia.submits(SHIPPING)
    await w.sees(w.mia, "Article 1")


def offer(w: World) -> ArticleOffer:
    """The only offer."""
    (found,) = w.look(lambda work: work.all(select(ArticleOffer)))
    return found


def article(w: World) -> Article:
    """The only article."""
    (found,) = w.look(lambda work: work.all(select(Article)))
    return found


def ticket(w: World, number: int = 1) -> Ticket:
    """A ticket as it stands."""
    found = w.look(lambda work: tickets.numbered(work, number))
    assert found is not None
    return found


async def asked(w: World) -> Message:
    """Bob has asked what the article answers, and it was shown to him."""
    w.bob.says("Hello, how long does shiping take?")
    await w.hears(w.bob, "Two days in the country")
    await w.in_thread("was shown to the customer")
    return await w.thread(1)


async def test_a_question_that_matches_gets_the_article_and_yes_ends_it(both: World) -> None:
    """Nobody is bothered: the request is resolved, and the article's count grows."""
    w = both
    await written(w)
    await asked(w)
    w.bob.presses("Yes, thanks")
    await w.in_thread("Article 1 helped")

    assert ticket(w).status is TicketStatus.RESOLVED
    assert (article(w).offered, article(w).helped, article(w).did_not_help) == (1, 1, 0)
    assert not any("is resolved" in heard for heard in w.bob.heard)


async def test_no_falls_through_to_people(both: World) -> None:
    """The customer hears that somebody will look, the thread that it is up to them."""
    w = both
    await written(w)
    await asked(w)
    w.bob.presses("No")
    await w.hears(w.bob, "one of us will have a look")
    await w.in_thread("Article 1 did not help. Over to you.")

    assert ticket(w).is_open and ticket(w).customer_waits_since is not None
    assert offer(w).state is OfferState.DID_NOT_HELP


async def test_a_chinese_customer_reads_the_chinese_page(w: World) -> None:
    """The question, the article and the buttons are in their language."""
    await written(w)
    w.li.says("你好，请问配送要多久？")
    await w.hears(w.li, "国内两天")
    await w.hears(w.li, "这对您有帮助吗")
    w.li.presses("有帮助，谢谢")
    await w.in_thread("Article 1 helped")

    assert ticket(w).status is TicketStatus.RESOLVED


async def test_pressing_twice_counts_once_and_an_old_button_says_so(w: World) -> None:
    """Yes, then No on the same message: the first word holds."""
    await written(w)
    await asked(w)
    shown = next(m for m in w.bob.chat if "Two days" in (m.text or ""))
    w.bob.presses("Yes, thanks", shown.id)
    w.bob.presses("Yes, thanks", shown.id)
    await w.in_thread("Article 1 helped")
    w.bob.says("something else entirely: the lid is loose")
    await w.in_thread("the lid is loose")

    assert (article(w).helped, article(w).did_not_help) == (1, 0)


async def test_no_answer_in_some_minutes_is_told_to_people(w: World) -> None:
    """Once, and not when somebody has answered meanwhile."""
    await written(w)
    card = await asked(w)
    w.passes(minutes=6)
    await w.in_thread("has not said whether article 1 helped")
    w.passes(minutes=60)
    await w.ann.says(w.support, "May I help?", thread_ts=card.ts)
    await w.hears(w.bob, "May I help?")

    told = [m for m in w.support.thread(card.ts) if "has not said" in m.plain]
    assert len(told) == 1 and offer(w).state is OfferState.UNANSWERED


async def test_writing_on_passes_the_article_by(w: World) -> None:
    """Whoever writes on wants people; a Yes that comes later is counted and resolves nothing."""
    await written(w)
    await asked(w)
    w.bob.says("and I need it by Tuesday at the latest")
    await w.in_thread("by Tuesday")
    await w.until(lambda: offer(w).state is OfferState.PASSED)
    w.bob.presses("Yes, thanks")
    await w.in_thread("The customer says that article 1 helped")

    assert ticket(w).is_open and article(w).helped == 1


async def test_what_staff_write_goes_on_as_always(w: World) -> None:
    """An article on its way keeps nobody from answering, and is not offered to who was answered."""
    await written(w)
    card = await asked(w)
    await w.ann.says(w.support, "Two days, usually.", thread_ts=card.ts)
    await w.hears(w.bob, "Two days, usually.")
    await w.until(lambda: offer(w).state is OfferState.PASSED)
    w.bob.says("what about the delivery time abroad")
    await w.in_thread("abroad")
    w.bob.says("delivery time?")
    await w.in_thread("delivery time?")
    after = await w.ann.says(w.support, "Five.", thread_ts=card.ts)
    await w.until(lambda: "white_check_mark" in after.reactions)

    assert article(w).offered == 1


async def test_who_is_angry_gets_people_and_not_an_article(w: World) -> None:
    """A complaint in which the words of an article stand is still a complaint."""
    await written(w)
    # Without the last word the article fits.
    w.bob.says("How long does shipping take?! Unacceptable")
    await w.in_thread("Sounds like a complaint")

    assert article(w).offered == 0


async def test_the_policy_turns_articles_off(w: World) -> None:
    """Then the question is a request like every other."""
    await written(w)
    await w.says(w.mia, "/crm policy articles off")
    w.bob.says("how long does shipping take?")
    await w.in_thread("how long does shipping take")
    w.li.says("do you have a red kettle?")
    await w.in_thread("Looks for red kettle", number=2)

    assert article(w).offered == 0


async def test_an_article_is_written_shown_and_taken_away_in_slack(w: World) -> None:
    """Only managers change it; everybody can read it; what is turned off is not offered."""
    await written(w)
    assert "needs another role" in await w.says(w.ann, "/crm article edit 1")
    assert "How long does shipping take?" in await w.says(w.ann, "/crm article")
    assert "five abroad" in await w.says(w.ann, "/crm article 1")
    assert "no article 7" in await w.says(w.ann, "/crm article 7")
    assert "Which article" in await w.says(w.mia, "/crm article edit x")
    await w.says(w.mia, "/crm article 1")
    await w.mia.presses("Offer it no more", channel=w.support)
    await w.until(lambda: not article(w).active)
    w.bob.says("delivery time")
    await w.in_thread("delivery time")
    w.bob.says("Do you have blue lids?")
    await w.in_thread("Looks for blue lids")

    assert article(w).offered == 0


async def test_an_article_without_a_title_or_text_is_refused_beside_its_field(w: World) -> None:
    """Nothing half is kept."""
    await w.mia.command("/crm article add", channel=w.support)
    await w.until(lambda: w.mia.modal)
    answer = await w.mia.submits({"text_en": "words"})
    assert "needs a title" in str(answer)
    answer = await w.mia.submits({"text_en": "", "title_en": "words"})
    assert "needs a text" in str(answer)

    assert w.look(lambda work: work.all(select(Article))) == []


async def test_an_offer_survives_a_restart_and_is_made_once(both: World) -> None:
    """What was read is not read again."""
    w = both
    await written(w)
    await asked(w)
    await w.stop_rapport()
    await w.start_rapport()
    w.bob.says("hello?")
    await w.in_thread("hello?")
    await w.until(lambda: offer(w).state is OfferState.PASSED)

    assert len([heard for heard in w.bob.heard if "Two days" in heard]) == 1
