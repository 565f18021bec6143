"""A customer writes to the bot for the first time: a contact, a ticket, a thread, a receipt."""

from sqlmodel import select

from handlers.texts.chinese import CHINESE
from storage.queries import contacts, tickets
from storage.records import (
    Contact,
    Direction,
    Identity,
    IdentityKind,
    Interaction,
    InteractionVersion,
    Ticket,
)
from tests.world import World


def contact_named(w: World, name: str) -> Contact:
    """The one contact of that name."""
    (found,) = w.look(lambda work: work.all(select(Contact).where(Contact.name == name)))
    return found


async def test_a_strangers_words_become_a_contact_a_ticket_and_a_thread(both: World) -> None:
    """Name, @username and language are kept; the words stand in the thread under their name."""
    w = both
    w.bob.says("Hi, my order 1001 has not arrived")
    line = await w.in_thread("my order 1001")
    card = await w.thread(1)
    receipt = await w.hears(w.bob, "#1")

    bob = contact_named(w, "Bob Bell")
    names = w.look(lambda work: contacts.identities_of(work, bob))
    (said,) = w.look(lambda work: work.all(select(Interaction)))
    ticket = w.look(lambda work: tickets.numbered(work, 1))
    assert (bob.first_name, bob.language, bob.source) == ("Bob", "en", "telegram")
    assert {(each.kind, each.shown) for each in names} >= {(IdentityKind.USERNAME, "@bobbell")}
    assert said.direction is Direction.IN and said.text == "Hi, my order 1001 has not arrived"
    assert ticket is not None and ticket.contact_id == bob.id and said.ticket_id == ticket.id
    assert line.username == "Bob Bell" and line.thread_ts == card.ts
    assert len(receipt) < 100 and "Thanks" in receipt


async def test_the_card_says_who_what_and_status_and_has_the_buttons(w: World) -> None:
    """Take, Resolve and Snooze are under the card."""
    w.bob.says("Hi, my order 1001 has not arrived")
    card = await w.thread(1)

    labels = {
        e["text"]["text"]
        for b in card.all_blocks
        for e in b.get("elements", ())
        if e["type"] == "button"
    }
    for words in ("Bob Bell", "my order 1001", "new", "nobody", "English"):
        assert words in card.plain
    assert {"Take", "Resolve", "Snooze"} <= labels
    assert card.live_mentions == []


async def test_a_chinese_customer_is_answered_in_chinese(both: World) -> None:
    """The receipt is in the language of their phone, and the family name comes first."""
    w = both
    w.li.says("你好，我的订单1001还没有到")
    line = await w.in_thread("订单1001")
    await w.hears(w.li, CHINESE["customer.received"].format(number=1))

    assert line.username == "王小明"
    assert contact_named(w, "王小明").language == "zh"
    assert "Chinese" in (await w.thread(1)).plain


async def test_a_photo_alone_opens_a_ticket_and_is_a_file_in_its_thread(both: World) -> None:
    """Somebody who sends nothing but a photo is served like everybody else."""
    w = both
    cat = w.telegram.person("Cat", language_code="en")
    sent = cat.sends_photo()
    card = await w.thread(1)
    shown = await w.until(lambda: next((m for m in w.support.thread(card.ts) if m.files), None))
    await w.hears(cat, "#1")

    assert sent.file is not None
    assert shown.files[0].data == sent.file.data
    assert "photo" in card.plain and "Cat" in card.plain


async def test_the_second_message_goes_to_the_same_thread_without_another_receipt(w: World) -> None:
    """One request is one thread, and nobody is thanked for every line."""
    w.bob.says("Hello")
    await w.hears(w.bob, "#1")
    w.bob.says("Is anybody there?")
    await w.in_thread("Is anybody there?")

    assert len(w.cards()) == 1
    assert len(w.bob.heard) == 1


async def test_two_strangers_are_two_contacts_with_two_threads(w: World) -> None:
    """People are told apart by their account, not by their name."""
    twin = w.telegram.person("Bob", "Bell")
    w.bob.says("my order is late")
    twin.says("my invoice is wrong")
    await w.thread(2)

    found = w.look(lambda work: work.all(select(Contact)))
    assert sorted(each.name for each in found) == ["Bob Bell", "Bob Bell"]


async def test_an_edit_is_shown_in_the_thread_and_both_wordings_are_kept(both: World) -> None:
    """What a customer corrects reads corrected; the first wording stays in the history."""
    w = both
    said = w.bob.says("my order 1001")
    await w.in_thread("my order 1001")
    w.bob.edits(said.id, "my order 1002")
    await w.in_thread("my order 1002")

    (kept,) = w.look(lambda work: work.all(select(Interaction)))
    (before,) = w.look(lambda work: work.all(select(InteractionVersion)))
    assert (kept.text, before.text) == ("my order 1002", "my order 1001")


async def test_commands_of_customers_open_no_ticket(w: World) -> None:
    """/start, /help and /language are answered by Rapport itself."""
    w.bob.starts("spring-sale")
    await w.hears(w.bob, "Bob!")
    w.bob.says("/help")
    await w.hears(w.bob, "/stop")
    w.bob.says("/language")
    await w.hears(w.bob, "Which language")
    w.bob.presses("中文")
    await w.until(lambda: contact_named(w, "Bob Bell").language == "zh")

    assert contact_named(w, "Bob Bell").source == "spring-sale"
    assert w.look(lambda work: work.all(select(Ticket))) == []


async def test_somebody_who_changes_their_username_stays_the_same_contact(w: World) -> None:
    """The number of the account is who they are; the username only how to call them."""
    w.bob.says("one")
    await w.in_thread("one")
    w.bob.username = "bob_the_second"
    w.bob.says("two")
    await w.in_thread("two")

    assert len(w.look(lambda work: work.all(select(Contact)))) == 1
    shown = w.look(lambda work: work.all(select(Identity)))
    assert {each.shown for each in shown} == {"@bob_the_second"}


async def test_a_username_may_pass_to_somebody_else(both: World) -> None:
    """Whoever has it now is called by it; the one who had it before keeps the rest."""
    w = both
    w.bob.says("one")
    await w.in_thread("one")
    w.bob.username = ""
    rob = w.telegram.person("Rob", username="BobBell")
    rob.says("hello")
    await w.in_thread("hello", number=2)
    w.bob.says("two")
    await w.in_thread("two")

    shown = w.look(lambda work: work.all(select(Identity)))
    names = {each.contact_id for each in shown if each.kind is IdentityKind.USERNAME}
    assert names == {contact_named(w, "Rob").id}
