"""A customer comes by a link: they are greeted by it, and it is kept where they came from."""

from decimal import Decimal

from sqlmodel import select

from handlers.actions import deep_links
from storage.queries import contacts, self_service
from storage.records import Contact, Member, Order, Ticket
from storage.work import Work
from tests.world import World


def contact_named(w: World, name: str) -> Contact:
    """The one contact of that name."""
    (found,) = w.look(lambda work: work.all(select(Contact).where(Contact.name == name)))
    return found


def tags(w: World, contact: Contact) -> list[str]:
    """A contact's tags."""
    return [each.tag for each in w.look(lambda work: contacts.tags_of(work, contact))]


async def code_made(w: World, line: str) -> str:
    """The code of a link that is made in Slack."""
    # Telegram tells the bot's name once it has answered for the first time.
    await w.until(lambda: w.look(deep_links.bot_name))
    said = await w.says(w.ann, line)
    assert f"https://t.me/{w.telegram.bot_user['username']}?start=" in said, said
    return said.partition("?start=")[2].split()[0].strip("`")


async def test_a_link_greets_tags_and_assigns_once(both: World) -> None:
    """Made in Slack with an owner, tags and words of its own; later links change nothing."""
    w = both
    code = await code_made(w, "/crm link Spring fair @ann #fair #Berlin: Hi {first_name|there}!")
    other = await code_made(w, "/crm link Autumn fair @ann #autumn")
    w.bob.starts(code)
    assert await w.hears(w.bob, "Hi Bob!")
    await w.sees(w.ann, "came by your link (Spring fair)")
    w.bob.starts(other)
    await w.hears(w.bob, "Ann Archer")

    bob = contact_named(w, "Bob Bell")
    owner = w.look(lambda work: work.get(Member, bob.owner_id))
    assert owner is not None and owner.name == "Ann Archer"
    assert bob.source == "Spring fair"
    assert set(tags(w, bob)) == {"fair", "berlin", "autumn"}
    link = w.look(lambda work: self_service.link_of(work, code))
    assert link is not None and (link.came, link.were_new) == (1, 1)
    assert "1 start, 1 new" in await w.says(w.ann, "/crm links")
    assert w.look(lambda work: work.all(select(Ticket))) == []


async def test_a_source_is_set_once_and_a_salesperson_looks_after(w: World) -> None:
    """`src_…` says where from, `by_…` says whose; neither overwrites what is known."""
    await w.says(w.ann, "/crm")
    await w.says(w.bo, "/crm")
    w.bob.starts("src_fair")
    await w.hears(w.bob, "Bob!")
    w.bob.starts("src_other")
    w.bob.starts("by_ann")
    await w.hears(w.bob, "Ann Archer")
    w.bob.starts("by_bo")
    await w.hears(w.bob, "Bo Berg")

    bob = contact_named(w, "Bob Bell")
    owner = w.look(lambda work: work.get(Member, bob.owner_id))
    assert bob.source == "fair"
    assert owner is not None and owner.name == "Ann Archer"


async def test_an_unknown_payload_is_just_a_start(w: World) -> None:
    """Whatever somebody types behind /start, they are welcome and nothing breaks."""
    for payload in ("by_nobody", "xyz", "order_", "by_", "-", "_", "src_"):
        w.bob.starts(payload)
    w.bob.says("/start <b>rubbish</b> 'quoted' with spaces and far more than sixty-four characters")
    await w.until(lambda: len(w.bob.heard) == 8)

    assert all("Hello Bob! Just write" in each for each in w.bob.heard)
    assert contact_named(w, "Bob Bell").owner_id is None


async def test_ones_own_order_is_shown_and_somebody_elses_is_not(w: World) -> None:
    """Anybody can type a number; the team learns in the thread which order it is about."""
    w.bob.says("hello")
    w.li.says("你好")
    await w.thread(2)

    def place(work: Work) -> None:
        bob = work.first(select(Contact).where(Contact.name == "Bob Bell"))
        assert bob is not None
        work.add(
            Order(
                number="1001",
                contact_id=bob.id,
                status="shipped",
                amount=Decimal("49.00"),
                currency="EUR",
                at=work.now,
            )
        )

    w.store.write(place)
    w.bob.starts("order_1001")
    shown = await w.hears(w.bob, "1001")
    w.li.starts("order_1001")
    hidden = await w.hears(w.li, "1001")
    w.li.says("什么时候到？")
    await w.in_thread("about order 1001", number=2)

    assert "on its way" in shown and "49" in shown
    assert "49" not in hidden and "运送" not in hidden


async def test_the_menu_is_short_and_in_each_language(w: World) -> None:
    """Six commands at the most stand beside the input; the others can be typed."""
    await w.until(lambda: len(w.telegram.profile.commands) >= 1)
    menus = await w.until(lambda: [m for m in w.telegram.profile.commands.values() if m] or None)
    w.bob.says("/help")
    helped = await w.hears(w.bob, "/tickets")

    assert all(len(menu) <= 6 for menu in menus)
    assert {each["command"] for each in menus[0]} >= {"tickets", "orders", "language", "help"}
    for name in ("mydata", "forget", "stop", "quiet", "topics"):
        assert f"/{name}" in helped


async def test_a_link_with_chinese_words_is_made_and_greets_in_them(w: World) -> None:
    """A full-width colon and a name that no address can hold are no obstacle."""
    await w.says(w.ann, "/crm")
    code = await code_made(w, "/crm link 春季展会 @ann：您好，{first_name|朋友}！")
    w.li.starts(code)
    await w.hears(w.li, "您好，小明！")

    assert contact_named(w, "王小明").source == "春季展会"
