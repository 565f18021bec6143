"""A command that the bot does not know: customers learn what there is, and words get through."""

from sqlmodel import select

from storage.records import Interaction, Ticket
from storage.work import Work
from tests.world import World


def nobody_is_asked(w: World) -> bool:
    """Whether there is nothing for the team to do."""

    def found(work: Work) -> bool:
        return not work.all(select(Ticket)) and not work.all(select(Interaction))

    return w.look(found)


async def test_an_unknown_command_is_answered_and_opens_no_ticket(both: World) -> None:
    """With what there is; also when it is the first thing that somebody says."""
    w = both
    w.bob.says("/foo")
    said = await w.hears(w.bob, "I don't know /foo")
    assert "just write" in said.lower() and "/tickets" in said
    w.bob.says("/FOO@" + w.telegram.bot_user["username"])
    await w.until(lambda: sum("/foo" in heard for heard in w.bob.heard) == 2)
    assert nobody_is_asked(w)


async def test_a_slip_is_asked_back(w: World) -> None:
    """By the command that comes nearest."""
    w.bob.says("/tiket")
    assert "Did you mean /tickets?" in await w.hears(w.bob, "/tiket")
    assert nobody_is_asked(w)


async def test_it_is_said_in_chinese(w: World) -> None:
    """To whom we speak Chinese."""
    w.li.says("/foo")
    assert "/tickets" in await w.hears(w.li, "我不认识 /foo")
    w.li.says("/tiket")
    await w.hears(w.li, "您是想用 /tickets 吗")
    assert nobody_is_asked(w)


async def test_words_behind_it_reach_the_team(w: World) -> None:
    """Whole, as everything does that is no command at all."""
    w.bob.says("/refund my parcel 1001 is broken")
    await w.in_thread("/refund my parcel 1001 is broken")
    await w.hears(w.bob, "#1")
    for said in ("/etc/hosts", "/5", "/100%", "/ now"):
        w.bob.says(said)
        await w.in_thread(said)
    w.bob.sends_photo(caption="/broken")
    await w.in_thread("/broken")
    assert not any("I don't know" in heard for heard in w.bob.heard)


async def test_words_that_begin_a_request_stay_so(w: World) -> None:
    """Also when the team has chosen words that look like a command."""
    w.decides("new_ticket_words", "/help me, /request")
    w.bob.says("/request")
    w.bob.says("The lamp is broken")
    await w.in_thread("The lamp is broken")
    assert not any("I don't know" in heard for heard in w.bob.heard)
