"""What is mistyped about campaigns, journeys and deals is said at once, and goes out to nobody."""

import pytest
from sqlmodel import select

from storage.records import Campaign, Contact, Deal, Journey
from tests.scenarios.test_campaigns import SPRING, audience, drafted, manager
from tests.scenarios.test_deals import written
from tests.world import World

JOURNEY = "/crm journey add way\nfor: tag:vip\nday 0: Hello\n"


@pytest.mark.parametrize("text", ["Hello {first_name", "Hello {{first_name}}", "{name Hello"])
async def test_a_field_that_nobody_would_fill_in_is_no_text(w: World, text: str) -> None:
    """Neither a campaign nor a journey, nor a text to be tried beside the first."""
    await manager(w)
    audience(w, 1)
    assert "would go out as it stands" in await w.says(w.bo, f"/crm campaign vip {text}")
    said = await w.says(w.bo, f"{JOURNEY}say: {text}")
    assert "would go out as it stands" in said
    card = await drafted(w)
    await w.bo.presses("A/B, hold-out", channel=w.support, ts=card.ts)
    await w.until(lambda: w.bo.modal)
    await w.bo.submits({"text_B": text})
    modal = w.bo.modal
    assert modal is not None
    await w.until(lambda: "would go out as it stands" in str(modal.errors))

    assert len(w.look(lambda work: work.all(select(Campaign)))) == 1
    assert not w.look(lambda work: work.all(select(Journey)))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("if tag vip: stop", "asks for one thing, a reply or an order"),
        ("if replied: if ordered: if tag vip: stop", "asks for one thing"),
        ("if replied: wait 2 days", "asks for one thing"),
        ("如果有标签 vip：停止", "asks for one thing"),
        ("stop\nday 5: Too late", "nobody comes to “day 5: Too late”"),
        ("for: silent>30d", "Who begins is said twice"),
        ("day 3 at 13pm: Lunch", "13pm is no time of day"),
    ],
)
async def test_a_line_that_says_nothing_makes_no_journey(w: World, line: str, said: str) -> None:
    """In one sentence, with the line that is meant."""
    await manager(w)
    assert said in await w.says(w.bo, f"{JOURNEY}{line}")
    assert not w.look(lambda work: work.all(select(Journey)))


async def test_a_condition_is_refused_in_chinese_too(w: World) -> None:
    """For whoever has chosen it."""
    await manager(w)
    await w.says(w.bo, "/crm language zh")
    said = await w.says(
        w.bo, "/crm 旅程 添加 欢迎\n对象：tag:vip\n第0天：您好\n如果回复：如果下单：停止"
    )
    assert "一个条件只问回复或下单" in said and "第 3 行" in said
    assert "预览哪个旅程" in await w.says(w.bo, "/crm 旅程 预览")


async def test_waits_and_hours_are_read_as_people_say_them(w: World) -> None:
    """A week, two days, 9am, 9点."""
    await manager(w)
    await w.says(
        w.bo,
        f"{JOURNEY}wait a week\nwait two days or reply\nday 12 at 9am: One\nday 13 9:30 pm: Two\n"
        "等两天\n第20天 9点：Three",
    )
    (made,) = w.look(lambda work: work.all(select(Journey)))
    assert [(step.get("minutes"), step.get("at")) for step in made.steps] == [
        (None, None),
        (7 * 24 * 60, None),
        (2 * 24 * 60, None),
        (None, "09:00"),
        (None, "21:30"),
        (2 * 24 * 60, None),
        (None, "09:00"),
    ]


async def test_a_number_alone_shows_that_campaign(w: World) -> None:
    """And prepares none."""
    await manager(w)
    audience(w, 1)
    await drafted(w, SPRING)
    for line in ("/crm campaign 1", "/crm campaign #1", "/crm 群发 1"):
        assert "spring is here" in await w.says(w.bo, line)
    assert "no campaign #7" in await w.says(w.bo, "/crm campaign 7")

    assert len(w.look(lambda work: work.all(select(Campaign)))) == 1


async def test_the_dry_run_says_in_which_hours_nobody_gets_it(w: World) -> None:
    """By each one's clock, so it may be done later than it says."""
    await manager(w)
    audience(w, 1)
    await w.says(w.mia, "/crm policy campaign_quiet 21-9")
    card = await drafted(w)
    assert "Nobody gets it between 21:00-09:00 on their own clock" in card.plain


@pytest.mark.parametrize("amount", ["-5 EUR", "99999999999999999 EUR"])
async def test_an_amount_that_is_none_is_no_title(w: World, amount: str) -> None:
    """A deal about “-5 EUR x” was never meant."""
    await written(w)
    assert f"“{amount}” is no amount" in await w.says(w.ann, f"/crm deal anna {amount} pilot")
    assert len(w.look(lambda work: work.all(select(Deal)))) == 1
    assert len(w.look(lambda work: work.all(select(Contact)))) == 1


async def test_a_sale_without_a_word_is_simply_won(w: World) -> None:
    """No dash where nobody said why."""
    await written(w)
    await w.says(w.ann, "/crm won 1")
    assert "won (Ann Archer)" in await w.says(w.ann, "/crm deal 1")


async def test_who_did_not_see_a_colleagues_text_does_not_overwrite_it(w: World) -> None:
    """Both have the form open; the second one is told, and may open it again."""
    await manager(w)
    audience(w, 1)
    card = await drafted(w)
    for member in (w.bo, w.mia):
        await member.presses("Change text", channel=w.support, ts=card.ts)
        await w.until(lambda member=member: member.modal)  # type: ignore[misc]
    await w.bo.submits({"text": "From Bo"})
    await w.until(lambda: "From Bo" in card.plain)
    await w.mia.submits({"text": "From Mia"})
    modal = w.mia.modal
    assert modal is not None
    await w.until(lambda: "it is “From Bo” now" in str(modal.errors))
    await w.mia.closes()
    await w.mia.presses("Change text", channel=w.support, ts=card.ts)
    await w.until(lambda: w.mia.modal)
    await w.mia.submits({"text": "From Mia"})
    await w.until(lambda: "From Mia" in card.plain)


async def test_a_draft_of_a_journey_is_renamed_given_up_and_there_again(w: World) -> None:
    """One name is one journey; what was started keeps its lines and its name."""
    await manager(w)
    people = audience(w, 1)
    for name in ("way", "other"):
        await w.says(w.bo, f"/crm journey add {name}\nfor: tag:vip\nday 0: Hello from {name}")
    card = await w.until(
        lambda: next((m for m in w.support.messages if "Hello from way" in m.plain and m.bot), None)
    )
    await w.bo.presses("Change text", channel=w.support, ts=card.ts)
    await w.until(lambda: w.bo.modal)
    lines = "for: tag:vip\nday 0: Welcome"
    await w.bo.submits({"name": "other", "lines": lines})
    modal = w.bo.modal
    assert modal is not None
    await w.until(lambda: "There is another journey “other”" in str(modal.errors))
    await w.bo.submits({"name": "greeting", "lines": lines})
    await w.until(lambda: "“greeting”" in card.plain and "Welcome" in card.plain)
    assert "no journey “way”" in await w.says(w.bo, "/crm journey way")

    await w.bo.presses("Cancel", channel=w.support, ts=card.ts)
    await w.until(lambda: "ended" in card.plain)
    await w.says(w.bo, "/crm journey add greeting\nfor: tag:vip\nday 0: Hello again")
    await w.until(lambda: "draft" in card.plain and "Hello again" in card.plain)
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.hears(people[0], "Hello again")
    said = await w.says(w.bo, "/crm journey add greeting\nfor: tag:vip\nday 0: Late")
    assert "has been started already" in said and "End it" in said
