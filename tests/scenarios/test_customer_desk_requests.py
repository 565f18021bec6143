"""What customers can see and say about their own requests and orders, by buttons."""

from datetime import timedelta
from decimal import Decimal

from sqlmodel import select

from handlers.texts.chinese import CHINESE
from storage.queries import tickets
from storage.records import Contact, Order, OrderKind, Ticket
from storage.work import Work
from tests.world import World

SECRET = "the-team-alone-may-read-this"


def ticket(w: World, number: int) -> Ticket:
    """The ticket of that number."""
    found = w.look(lambda work: tickets.numbered(work, number))
    assert found is not None
    return found


async def test_requests_are_listed_in_plain_words_and_never_the_teams_own(both: World) -> None:
    """The customer's first words, how it stands; what staff opened it with stays inside."""
    w = both
    w.bob.says("my lamp is broken")
    await w.thread(1)
    await w.says(w.ann, f"/crm ticket Bob Bell: {SECRET}")
    await w.thread(2)
    w.bob.says("/tickets")
    shown = await w.hears(w.bob, "Your requests")

    assert "#1 my lamp is broken" in shown and "#2" in shown
    assert SECRET not in "\n".join(w.bob.heard)


async def test_somebody_without_requests_is_told_so_kindly(w: World) -> None:
    """An empty list is a sentence, in their language."""
    w.li.says("/tickets")
    await w.hears(w.li, CHINESE["own.none"])
    w.li.says("/orders")
    await w.hears(w.li, CHINESE["orders.none"])


async def test_solved_and_still_a_problem_by_button(both: World) -> None:
    """The thread is told who said so; pressing an old button again changes nothing."""
    w = both
    w.bob.says("my lamp is broken")
    await w.thread(1)
    await w.hears(w.bob, "#1")
    w.bob.says("/tickets")
    await w.hears(w.bob, "Your requests")
    page = w.bob.last
    w.bob.presses("✅ #1 solved")
    await w.in_thread("says that it is solved")
    await w.until(lambda: page.labels == ["#1: still a problem"])
    assert not ticket(w, 1).is_open
    w.bob.presses("#1: still a problem", page.id)
    await w.in_thread("still a problem")
    await w.hears(w.bob, "What is still not right?")
    await w.until(lambda: page.labels == [])
    w.bob.says("It flickers")
    await w.in_thread("It flickers")

    assert ticket(w, 1).is_open
    assert len(w.look(lambda work: work.all(select(Ticket)))) == 1


async def test_words_are_added_to_the_request_that_was_chosen(w: World) -> None:
    """With two open, the button says which one the next message belongs to."""
    w.bob.says("my lamp is broken")
    await w.thread(1)
    w.bob.says("new ticket the kettle leaks")
    await w.thread(2)
    w.bob.says("/tickets")
    await w.hears(w.bob, "Your requests")
    w.bob.presses("✍️ Add to #1")
    await w.hears(w.bob, "goes to your request #1")
    w.bob.says("It is the blue one")
    line = await w.in_thread("It is the blue one", number=1)

    assert line.thread_ts == (await w.thread(1)).ts


async def test_a_forged_button_reaches_nobody_elses_request(w: World) -> None:
    """A press names a record; it must be one's own, and rubbish is answered like an old button."""
    w.bob.says("my lamp is broken")
    await w.thread(1)
    w.li.says("你好")
    await w.thread(2)
    w.li.says("/tickets")
    await w.hears(w.li, CHINESE["own.title"].strip("*"))
    theirs = ticket(w, 1).id
    asked = w.li.last
    rubbish = (f"own.solved|{theirs}", "own.still|x", "csat.rate|9:9", "own.nothing", "own.add|-1")
    for number, data in enumerate(rubbish):
        w.telegram.updates.put(
            "callback_query",
            {
                "id": w.telegram.new_query(w.li),
                "from": w.li.as_user(),
                "message": w.li.as_told(asked),
                "chat_instance": str(number),
                "data": data,
            },
            lane=w.li.id,
        )
    await w.until(lambda: len(w.li.alerts) == len(rubbish))

    assert set(w.li.alerts) == {CHINESE["customer.stale"]}
    assert ticket(w, 1).is_open


async def test_orders_are_listed_newest_first_with_their_state(w: World) -> None:
    """Number, state in words, amount and day; refunds are marked."""
    w.bob.says("hello")
    await w.thread(1)

    def place(work: Work) -> None:
        bob = work.first(select(Contact).where(Contact.name == "Bob Bell"))
        assert bob is not None
        for days, number, status, kind in (
            (9, "1001", "delivered", OrderKind.PURCHASE),
            (2, "1002", "shipped", OrderKind.PURCHASE),
            (1, "R-7", "in_inspection", OrderKind.REFUND),
        ):
            work.add(
                Order(
                    number=number,
                    contact_id=bob.id,
                    kind=kind,
                    status=status,
                    amount=Decimal("1249.50"),
                    currency="EUR",
                    at=work.now - timedelta(days=days),
                )
            )

    w.store.write(place)
    w.bob.says("/orders")
    shown = await w.hears(w.bob, "Your orders")

    assert shown.index("R-7") < shown.index("1002") < shown.index("1001")
    for words in ("on its way", "delivered", "refund · in inspection", "€1,249.50"):
        assert words in shown
