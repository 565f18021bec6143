"""Starting a journey that writes to many at once: the number typed, a second person's yes."""

from storage.records import JourneyState
from tests.scenarios.test_campaigns import audience, manager
from tests.scenarios.test_journeys import heard, journey, written
from tests.world import World

FOR_VIP = "/crm journey add welcome\nfor: tag:vip\nday 0: Hello"
WHEN_TAGGED = "/crm journey add welcome\nstart: tag vip\nday 0: Hello"


async def test_many_need_the_number_typed_and_very_many_a_second_person(w: World) -> None:
    """As with a campaign: the number on the card, and then somebody else's word."""
    await manager(w)
    people = audience(w, 3)
    w.decides("campaign_typed_above", 1)
    w.decides("campaign_second_above", 2)
    card = await written(w, FOR_VIP)
    assert "3 people would begin at once" in card.plain
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.until(lambda: w.bo.modal)
    await w.bo.submits({"people": "4"})
    assert w.bo.modal is not None and "people" in w.bo.modal.errors
    await w.bo.submits({"people": "3"})
    await w.until(lambda: "somebody else has to agree" in card.plain)
    assert journey(w).state is JourneyState.DRAFT
    await w.bo.presses("Agree and start", channel=w.support, ts=card.ts)
    await w.until(lambda: w.bo.modal)
    await w.bo.submits({"people": "3"})
    await w.sees(w.bo, "you have asked for it already")
    await w.mia.presses("Agree and start", channel=w.support, ts=card.ts)
    await w.until(lambda: w.mia.modal)
    await w.mia.submits({"people": "3"})
    await heard(w, people, "Hello")

    assert journey(w).state is JourneyState.RUNNING


async def test_other_lines_have_to_be_agreed_on_anew(w: World) -> None:
    """Whoever asked for it did so for what stood there, and for so many people."""
    await manager(w)
    audience(w, 2)
    audience(w, 3, tag="new")
    w.decides("campaign_second_above", 1)
    card = await written(w, FOR_VIP)
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.until(lambda: "somebody else has to agree" in card.plain)
    assert "is ready below" in await w.says(w.bo, FOR_VIP.replace("tag:vip", "tag:new"))
    await w.until(lambda: "3 people would begin at once" in card.plain)

    assert "somebody else has to agree" not in card.plain
    assert journey(w).asked_by is None


async def test_where_nobody_begins_at_once_it_starts_by_one_press(w: World) -> None:
    """People come to it one by one, so there is nothing to type."""
    await manager(w)
    audience(w, 2)
    w.decides("campaign_typed_above", 1)
    w.decides("campaign_second_above", 1)
    card = await written(w, WHEN_TAGGED)
    assert "at once" not in card.plain
    await w.bo.presses("Start", channel=w.support, ts=card.ts)
    await w.until(lambda: journey(w).state is JourneyState.RUNNING)
