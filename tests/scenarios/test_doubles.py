"""Customers who are in the book twice: proposed, told apart, made one, and taken apart again."""

from sqlalchemy import delete
from sqlmodel import col, select

from bot.playground.telegram import Person
from handlers.actions.new_doubles import ONE_BY_ONE
from storage.records import Contact, Double, DoublesPass, DoubleState, Identity, Ticket
from storage.work import Work
from tests.world import World


def contacts(w: World) -> list[str]:
    """The names of all contacts."""
    found = w.look(lambda work: work.all(select(Contact).order_by(col(Contact.id))))
    return [each.name for each in found]


def pair(w: World) -> Double | None:
    """The first pair that was found."""
    return w.look(lambda work: work.first(select(Double).order_by(col(Double.id)).limit(1)))


async def _twice(w: World) -> Double:
    await w.says(w.mia, "/crm add Robert Smith, Acme, +44 20 7946 0958, bob.smith@acme.test #vip")
    # Only who comes from then on is looked at.
    await w.says(w.mia, "/crm find robert")
    await w.says(w.mia, "/crm add Bob Smith, Acme, bob.smith@work.test #news")
    return await w.until(lambda: pair(w))


async def test_a_double_is_proposed_as_it_arrives_with_the_reasons(w: World) -> None:
    """Some seconds later, to managers; not to agents."""
    await _twice(w)

    await w.mia.command("/crm doubles", channel=w.support)
    said = await w.sees(w.mia, "short name")
    assert "Robert Smith" in said and "Bob Smith" in said and "same mailbox name" in said
    assert "another role" in await w.says(w.ann, "/crm doubles")


async def test_the_two_stand_side_by_side(w: World) -> None:
    """With what can be done about it."""
    await _twice(w)
    await w.says(w.mia, "/crm doubles")
    await w.mia.presses("Compare", channel=w.support)

    card = await w.sees(w.mia, "Reached at")
    assert "bob.smith@acme.test" in card and "bob.smith@work.test" in card
    assert "#vip" in card and "#news" in card


async def test_who_was_told_apart_is_never_proposed_again(w: World) -> None:
    """Whatever is found later."""
    found = await _twice(w)
    await w.says(w.mia, "/crm merge Robert Smith + Bob Smith")
    await w.mia.presses("Not the same", channel=w.support)
    await w.sees(w.mia, "two people")

    settled = w.look(lambda work: work.sure(Double, found.id))
    assert settled.state is DoubleState.DIFFERENT and settled.settled_by is not None
    await w.mia.command("/crm doubles", channel=w.support)
    await w.sees(w.mia, "No doubles")


async def test_two_become_one_and_two_again(w: World) -> None:
    """Everything follows the survivor, old names lead there, and an undo brings all back."""
    await _twice(w)
    before = w.look(lambda work: work.all(select(Identity).order_by(col(Identity.id))))
    owners = [each.contact_id for each in before]
    await w.says(w.mia, "/crm merge Robert Smith + Bob Smith")
    await w.mia.presses("Merge…", channel=w.support)
    await w.until(lambda: w.mia.modal)
    await w.mia.submits()
    await w.sees(w.mia, "are one customer now")

    assert contacts(w) == ["Robert Smith"]
    await w.mia.command("/crm show Robert Smith", channel=w.support)
    theirs = ("#news", "#vip", "bob.smith@acme.test", "bob.smith@work.test")
    await w.until(lambda: any(all(each in said for each in theirs) for said in w.mia.heard))

    await w.mia.command("/crm merge undo", channel=w.support)
    await w.sees(w.mia, "two customers again")
    assert contacts(w) == ["Robert Smith", "Bob Smith"]
    after = w.look(lambda work: work.all(select(Identity).order_by(col(Identity.id))))
    assert [each.contact_id for each in after] == owners
    await w.mia.command("/crm merge undo", channel=w.support)
    await w.sees(w.mia, "no merge of yours")


async def test_both_chats_lead_to_the_survivor(w: World) -> None:
    """Answers go to the chat in which that request was last written in."""
    other: Person = w.telegram.person("Robert", "Bell", username="robbell")
    w.bob.says("from my first phone")
    await w.in_thread("from my first phone", 1)
    other.says("from my second phone")
    await w.in_thread("from my second phone", 2)
    await w.says(w.mia, "/crm merge Bob Bell + Robert Bell")
    await w.mia.presses("Merge…", channel=w.support)
    await w.until(lambda: w.mia.modal)
    await w.mia.submits()
    await w.sees(w.mia, "are one customer now")
    assert len({t.contact_id for t in w.look(lambda work: work.all(select(Ticket)))}) == 1

    await w.ann.says(w.support, "to the first", thread_ts=(await w.thread(1)).ts)
    await w.ann.says(w.support, "to the second", thread_ts=(await w.thread(2)).ts)
    assert "to the first" in await w.hears(w.bob, "to the first")
    assert "to the second" in await w.hears(other, "to the second")
    other.says("thanks")
    await w.until(lambda: len(contacts(w)) == 1)


async def test_the_night_finds_what_was_there_already(both: World) -> None:
    """Once a night, and what was found is in the morning's list."""
    w = both
    await w.says(w.mia, "/crm add Wilhelmina Zorn, Zorn & Co, wz@zorn.test")
    await w.says(w.mia, "/crm add Zorn Wilhelmina, Zorn & Co, wz@zorn.example")
    w.store.write(lambda work: work.execute(delete(Double)) and None)
    w.passes(hours=16)

    done = await w.until(
        lambda: w.look(
            lambda work: work.first(
                select(DoublesPass).where(col(DoublesPass.finished_at).is_not(None)).limit(1)
            )
        )
    )
    assert done.contacts >= 2
    await w.mia.command("/crm doubles", channel=w.support)
    await w.sees(w.mia, "may be one person")


async def test_many_at_once_are_looked_at_together(w: World) -> None:
    """One look at all, whatever the hour; those who come afterwards are looked at one by one."""

    def many(work: Work) -> None:
        for number in range(ONE_BY_ONE):
            work.add(Contact(name=f"Person {number}", created_at=work.now))
        work.add(Contact(name="Wilhelmina Zorn", company="Zorn", created_at=work.now))
        work.add(Contact(name="Zorn, Wilhelmina", company="Zorn", created_at=work.now))

    w.store.write(many)
    found = await w.until(lambda: pair(w))
    done = await w.until(
        lambda: w.look(lambda work: work.first(select(DoublesPass).limit(1))),
    )
    assert done.started_at.hour == w.clock.now().hour
    names = {each.id: each.name for each in w.look(lambda work: work.all(select(Contact)))}
    assert {names[found.first_id], names[found.second_id]} == {
        "Wilhelmina Zorn",
        "Zorn, Wilhelmina",
    }

    await w.until(
        lambda: w.look(
            lambda work: work.first(
                select(DoublesPass).where(col(DoublesPass.finished_at).is_not(None)).limit(1)
            )
        )
    )
    await w.says(w.mia, "/crm add Bob Smith, Acme, bob.smith@acme.test")
    await w.says(w.mia, "/crm add Robert Smith, Acme, bob.smith@work.test")
    await w.until(lambda: len(w.look(lambda work: work.all(select(Double)))) == 2)
    assert len(w.look(lambda work: work.all(select(DoublesPass)))) == 1
