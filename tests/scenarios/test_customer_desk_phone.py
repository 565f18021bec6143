"""The phone of a customer: asked for once when it is of use, with a way to say no."""

from sqlmodel import select

from storage.records import Identity, IdentityKind, Ticket
from tests.world import World


def phones(w: World) -> list[str]:
    """Every phone that is known."""
    found = w.look(lambda work: work.all(select(Identity)))
    return [each.value for each in found if each.kind is IdentityKind.PHONE]


async def test_whoever_wants_a_call_is_asked_for_the_number_once(both: World) -> None:
    """By a button that shares it; the keyboard goes away, the thread shows the number."""
    w = both
    w.bob.phone = "+442079460958"
    w.bob.says("Please call me back")
    await w.hears(w.bob, "May we have your number?")
    await w.until(lambda: w.bob.keyboard)
    w.bob.presses("📞 Share my number")
    await w.hears(w.bob, "+44 20 7946 0958")
    await w.in_thread("7946")
    await w.until(lambda: w.bob.keyboard is None)
    w.bob.says("And call me in the morning")
    await w.in_thread("in the morning")

    assert phones(w) == ["+442079460958"]
    assert sum("May we have" in each for each in w.bob.heard) == 1


async def test_no_thanks_is_respected(w: World) -> None:
    """It goes to nobody, the keyboard goes, and they are not asked again."""
    w.li.says("请给我回电")
    await w.hears(w.li, "方便留个号码吗")
    w.li.presses("不用了")
    await w.hears(w.li, "我们在这里给您写")
    w.li.says("还是给我打电话吧")
    await w.in_thread("打电话吧")

    assert w.li.keyboard is None
    assert sum("方便" in each for each in w.li.heard) == 1
    assert not any("不用了" in m.plain for m in w.support.messages)
    assert phones(w) == []


async def test_somebody_elses_card_is_not_their_number(w: World) -> None:
    """Only the own contact counts; the card itself reaches the team like any message."""
    w.bob.says("please ring me")
    await w.hears(w.bob, "May we have")
    w.bob.sends_contact(own=False, phone="+4915123456789", first_name="Carl")
    await w.hears(w.bob, "somebody else's contact")
    await w.in_thread("Carl")

    assert phones(w) == []


async def test_staff_ask_by_a_command(w: World) -> None:
    """And are told when it is known; sharing opens no request by itself."""
    w.bob.starts()
    await w.hears(w.bob, "Bob!")
    assert "asked Bob Bell" in await w.says(w.ann, "/crm phone Bob Bell")
    await w.hears(w.bob, "May we have your phone number")
    w.bob.phone = "+442079460958"
    w.bob.presses("📞 Share my number")
    await w.hears(w.bob, "noted +44")
    assert "can be called at +44" in await w.says(w.ann, "/crm phone Bob Bell")

    assert w.look(lambda work: work.all(select(Ticket))) == []
