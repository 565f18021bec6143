"""Somebody goes away or leaves: their open work goes to colleagues in one go, and comes back."""

from storage.queries import desk, members, tickets
from storage.records import Ticket
from tests.world import World


def ticket(w: World, number: int) -> Ticket:
    """A ticket as it stands."""
    found = w.look(lambda work: tickets.numbered(work, number))
    assert found is not None
    return found


def owner(w: World, number: int) -> str | None:
    """Who has a ticket."""
    names = {each.id: each.name for each in w.look(members.active)}
    return names.get(ticket(w, number).assignee_id or 0)


async def ann_is_busy(w: World) -> None:
    """Ann has two tickets and a follow-up; the others are known."""
    for member in (w.bo, w.mia):
        await w.says(member, "/crm team")
    w.bob.says("my order 1001")
    await w.in_thread("my order 1001")
    w.li.says("打印机坏了")
    await w.in_thread("打印机坏了", number=2)
    for number in (1, 2):
        await w.says(w.ann, f"/crm take {number}")
    await w.says(w.ann, "/crm remind bob in 2 days send the invoice")


async def test_who_goes_away_hands_everything_over_with_one_button(both: World) -> None:
    """Listed with a short history; the colleague learns what is theirs now, and so do threads."""
    w = both
    await ann_is_busy(w)
    said = await w.says(w.ann, "/crm away until monday")
    assert "3 open things" in said and "my order 1001" in said and "send the invoice" in said
    assert "Mon" in said
    await w.ann.presses("Bo Berg", channel=w.support)
    await w.in_thread("Bo Berg takes over from Ann Archer", number=1)
    await w.in_thread("Bo Berg takes over from Ann Archer", number=2)
    told = await w.sees(w.bo, "Ann Archer hands over 3 open things to you")

    assert "my order 1001" in told and "send the invoice" in told
    assert (owner(w, 1), owner(w, 2)) == ("Bo Berg", "Bo Berg")
    w.passes(days=2)
    await w.sees(w.bo, "send the invoice")


async def test_what_nobody_touched_comes_back_and_what_was_worked_on_stays(both: World) -> None:
    """Offered by a button on the return; pressed twice it is once."""
    w = both
    await ann_is_busy(w)
    await w.says(w.ann, "/crm away")
    await w.says(w.ann, "/crm handover to @bo")
    await w.sees(w.bo, "hands over 3 open things")
    card = await w.thread(1)
    await w.bo.says(w.support, "I look after it", thread_ts=card.ts)
    await w.hears(w.bob, "I look after it")
    said = await w.says(w.ann, "/crm back")
    assert "2 things that you handed over" in said
    await w.ann.presses("Take them back", channel=w.support)
    await w.sees(w.ann, "2 things are yours again")
    await w.sees(w.bo, "Ann Archer is back and has these again")

    assert (owner(w, 1), owner(w, 2)) == ("Bo Berg", "Ann Archer")
    ann = next(each for each in w.look(members.active) if each.name == "Ann Archer")
    assert not w.look(lambda work: desk.handed_by(work, ann))
    assert "not away" in await w.says(w.ann, "/crm back")


async def test_when_the_time_is_over_the_return_is_offered_by_itself(w: World) -> None:
    """On Monday Ann is welcomed, with the button."""
    await ann_is_busy(w)
    await w.says(w.ann, "/crm away until monday 9:00")
    await w.says(w.ann, "/crm handover to @bo")
    w.passes(days=5)
    await w.sees(w.ann, "Welcome back, Ann Archer")
    await w.ann.presses("Take them back")
    await w.in_thread("Ann Archer takes over from Bo Berg", number=1)

    assert owner(w, 2) == "Ann Archer"


async def test_the_work_of_somebody_else_is_given_by_a_manager_or_when_they_are_away(
    w: World,
) -> None:
    """Nobody takes a present colleague's tickets away."""
    await ann_is_busy(w)
    assert "Ann Archer is here" in await w.says(w.bo, "/crm handover @ann to @bo")
    assert owner(w, 1) == "Ann Archer"
    said = await w.says(w.mia, "/crm handover @ann to @bo")
    assert "3 open things" in said and "Bo Berg" in said
    assert owner(w, 1) == "Bo Berg"
    assert "nothing open" in await w.says(w.mia, "/crm handover @ann to @bo")
    await w.says(w.bo, "/crm away")
    await w.says(w.ann, "/crm handover @bo to @ann")

    assert owner(w, 2) == "Ann Archer"


async def test_handing_over_alone_asks_to_whom_and_can_share_it_out(w: World) -> None:
    """Everybody who is there gets a share; who is away gets nothing."""
    await ann_is_busy(w)
    cat = w.slack.member("cat", "Cat Cole")
    await w.says(cat, "/crm away")
    said = await w.says(w.ann, "/crm handover")
    assert "3 open things" in said
    await w.ann.presses("Share it out", channel=w.support)
    await w.sees(w.bo, "hands over")
    await w.sees(w.mia, "hands over")

    assert {owner(w, 1), owner(w, 2)} == {"Bo Berg", "Mia Moss"}
    assert not any("hands over" in each for each in cat.heard)


async def test_who_has_left_slack_leaves_their_work_to_be_offered_once(both: World) -> None:
    """The managers get it with buttons; a restart says it no second time."""
    w = both
    await ann_is_busy(w)
    await w.ann.changes(deleted=True)
    await w.ann.says(w.support, "(last words)", thread_ts=(await w.thread(1)).ts)
    await w.sees(w.mia, "Ann Archer has left Slack and leaves 3 open things behind")
    await w.stop_rapport()
    await w.start_rapport()
    await w.mia.presses("Bo Berg")
    await w.in_thread("Bo Berg takes over from Ann Archer", number=2)

    assert sum("has left Slack" in each for each in w.mia.heard) <= 1
    assert owner(w, 1) == "Bo Berg"


async def test_in_chinese_it_reads_the_same(w: World) -> None:
    """休假, 交接, 回来."""
    await ann_is_busy(w)
    wei = w.slack.member("wei", "魏安", locale="zh-CN", tz="Asia/Shanghai")
    assert "您已离开" in await w.says(wei, "/crm 休假")
    assert "欢迎回来" in await w.says(wei, "/crm 回来")
    assert "手上没有未完的事" in await w.says(wei, "/crm 交接")
