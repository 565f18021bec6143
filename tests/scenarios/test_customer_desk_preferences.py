"""Language, topics of news and quiet times: chosen by the customer, kept by campaigns."""

from sqlmodel import select

from handlers.texts.chinese import CHINESE
from storage.queries import self_service
from storage.records import (
    Campaign,
    Consent,
    Contact,
    ContactTag,
    Preference,
    Recipient,
    RecipientState,
)
from storage.work import Work
from tests.world import World


def contact_named(w: World, name: str) -> Contact:
    """The one contact of that name."""
    (found,) = w.look(lambda work: work.all(select(Contact).where(Contact.name == name)))
    return found


async def known(w: World, tag: str = "vip") -> Contact:
    """Bob, who has written and is tagged, and Mia, who may campaign."""
    w.bob.says("hello")
    await w.thread(1)
    bob = contact_named(w, "Bob Bell")
    w.store.write(lambda work: work.add(ContactTag(contact_id=bob.id, tag=tag)))
    # He has an open request and has just written, which is not what this is about.
    w.decides("campaign_tickets", "off")
    w.decides("campaign_wrote_hours", 0)
    return bob


async def campaign(w: World, topic: str = "") -> None:
    """A campaign to all VIPs, perhaps about a topic, started."""
    before = len(w.look(lambda work: work.all(select(Campaign))))
    await w.says(w.mia, "/crm campaign vip Spring is here")

    def about(work: Work) -> None:
        newest = work.all(select(Campaign).order_by(Campaign.id.desc()))[0]  # type: ignore[attr-defined]
        newest.topic = topic

    w.store.write(about)
    title = f"Campaign #{before + 1}"
    card = await w.until(
        lambda: next((m for m in w.support.messages if title in m.plain and m.bot), None)
    )
    await w.until(lambda: "Start" in str(card.all_blocks))
    await w.mia.presses("Start", channel=w.support, ts=card.ts)


def state(w: World) -> RecipientState | None:
    """What became of the newest campaign's message to its only recipient."""
    found = w.look(lambda work: work.all(select(Recipient)))
    return found[-1].state if found else None


async def test_who_writes_chinese_is_answered_in_chinese_until_they_choose(w: World) -> None:
    """With an English phone too; but a choice is a choice."""
    w.bob.says("你好，我的订单还没有到")
    await w.hears(w.bob, CHINESE["customer.received"].format(number=1))
    w.bob.says("/language")
    await w.hears(w.bob, CHINESE["customer.choose_language"])
    w.bob.presses("English")
    await w.hears(w.bob, "From now on we speak English.")
    w.bob.says("谢谢你们，我再等等看")
    await w.in_thread("再等等")

    bob = contact_named(w, "Bob Bell")
    assert (bob.language, bob.language_chosen) == ("en", True)
    assert w.bob.last.labels == []


async def test_a_few_foreign_words_change_nothing(w: World) -> None:
    """Only what is surely another language counts."""
    w.bob.says("the shop 宜家 in Berlin")
    w.li.says("OK thanks")
    w.li.says("これはペンです、漢字")
    await w.in_thread("漢字", number=2)

    assert contact_named(w, "Bob Bell").language == "en"
    assert contact_named(w, "王小明").language == "zh"


async def test_topics_are_defined_in_slack_and_chosen_by_button(both: World) -> None:
    """A topic that is not wanted is not sent; the others are."""
    w = both
    await known(w)
    assert "Offers" in await w.says(w.mia, "/crm topic add offers Offers | 优惠活动")
    await w.says(w.mia, "/crm topic add events Events | 活动")
    w.bob.says("/topics")
    await w.hears(w.bob, "Which news")
    page = w.bob.last
    assert page.labels == ["✅ Offers", "✅ Events", "No news at all"]
    w.bob.presses("✅ Offers")
    await w.until(lambda: page.labels[0] == "⬜ Offers")
    await campaign(w, "offers")
    await w.until(lambda: state(w) in (None, RecipientState.STOPPED))
    await campaign(w, "events")
    await w.hears(w.bob, "Spring is here")

    assert sum("Spring is here" in each for each in w.bob.heard) == 1
    assert "1 person does" in await w.says(w.mia, "/crm topics")


async def test_no_news_at_all_and_one_topic_back(w: World) -> None:
    """After a stop to everything one topic brings back only itself."""
    bob = await known(w)
    await w.says(w.mia, "/crm topic add offers Offers")
    await w.says(w.mia, "/crm topic add events Events")
    w.bob.says("/topics")
    await w.hears(w.bob, "Which news")
    page = w.bob.last
    w.bob.presses("No news at all")
    await w.until(lambda: page.labels == ["⬜ Offers", "⬜ Events"])
    w.bob.presses("⬜ Events")
    await w.until(lambda: page.labels == ["⬜ Offers", "✅ Events", "No news at all"])

    said = w.look(lambda work: self_service.marketing_of(work, bob))
    assert said == {"": True, "offers": False, "events": True}
    kept = w.look(lambda work: work.all(select(Consent)))
    assert all("button" in each.evidence for each in kept)


async def test_a_topic_that_is_gone_is_a_stale_button(w: World) -> None:
    """Removed in Slack while the page stood on the phone."""
    await known(w)
    await w.says(w.mia, "/crm topic add offers Offers")
    w.bob.says("/topics")
    await w.hears(w.bob, "Which news")
    page = w.bob.last
    await w.says(w.mia, "/crm topic remove offers")
    w.bob.presses("✅ Offers")
    await w.until(lambda: any("no longer works" in each for each in w.bob.alerts))
    await w.until(lambda: page.labels == [])

    assert w.look(lambda work: work.all(select(Consent))) == []


async def test_quiet_hours_hold_campaigns_and_not_answers(both: World) -> None:
    """At night the news waits for the morning; what the team answers comes at once."""
    w = both
    await known(w)
    w.bob.says("/quiet 20-8")
    await w.hears(w.bob, "20:00–08:00")
    w.passes(hours=11)
    await campaign(w)
    await w.until(lambda: state(w) is RecipientState.HELD)
    await w.ann.says(w.support, "Here we are", thread_ts=(await w.thread(1)).ts)
    await w.hears(w.bob, "Here we are")
    assert not any("Spring" in each for each in w.bob.heard)
    w.passes(hours=11)
    await w.hears(w.bob, "Spring is here")


async def test_no_news_until_a_date(w: World) -> None:
    """A campaign that ends in between passes by; after the date they come again."""
    await known(w)
    w.bob.says("/quiet")
    await w.hears(w.bob, "When should we be quiet?")
    w.bob.presses("🔕 Not for a week")
    await w.until(lambda: "No news before" in w.bob.last.text)
    await campaign(w)
    await w.until(lambda: state(w) is RecipientState.HELD)
    w.passes(days=8)
    await w.until(lambda: state(w) is RecipientState.SKIPPED)
    await campaign(w)
    await w.hears(w.bob, "Spring is here")


async def test_quiet_is_read_in_words_and_rubbish_is_explained(w: World) -> None:
    """Hours, dates in both languages, off; anything else tells how."""
    await known(w)

    def kept() -> Preference | None:
        found = w.look(lambda work: work.all(select(Preference)))
        return found[0] if found else None

    for wrong in ("99-100", "8-8", "0-24", "bananas", "until yesterday", "22:75-8", "-"):
        before = len(w.bob.heard)
        w.bob.says(f"/quiet {wrong}")
        await w.until(lambda before=before: len(w.bob.heard) > before)  # type: ignore[misc]
        assert "did not understand" in w.bob.heard[-1], wrong
    assert kept() is None
    w.bob.says("/quiet 21:30 - 9")
    await w.hears(w.bob, "21:30–09:00")
    w.bob.says("/quiet until 1 December")
    await w.hears(w.bob, "1 Dec")
    w.li.says("/quiet 到周五")
    await w.hears(w.li, "之前不发消息")
    w.bob.says("/quiet off")
    await w.hears(w.bob, "any hour")

    found = kept()
    assert found is not None and (found.quiet_from, found.quiet_until) == (None, None)


async def test_stop_in_any_usual_word_and_back(w: World) -> None:
    """/stop, 退订, /unsubscribe end news; /subscribe brings them back; the button under a campaign
    goes once it was pressed."""
    await known(w)
    await campaign(w)
    await w.hears(w.bob, "Spring is here")
    sent = w.bob.last
    w.bob.presses("Stop these messages")
    await w.until(lambda: sent.labels == [])
    assert any("won't get any more news" in each for each in w.bob.alerts)
    w.bob.says("/subscribe")
    await w.hears(w.bob, "get our news again")
    w.bob.says("/unsubscribe")
    await w.hears(w.bob, "won't get any more news")
