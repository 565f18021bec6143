"""Customers' records: the card, the form, one-line edits, history and undo."""

from datetime import date

from storage.queries import contacts
from storage.records import Contact
from storage.work import Work
from tests.world import World


def anna(w: World) -> Contact:
    """The customer of these tests, as the record stands."""
    return next(each for each in w.look(lambda work: list(contacts.every(work))))


async def known(w: World, *more: str) -> None:
    """Anna is written down, and what else is typed by the admin."""
    await w.says(w.mia, "/crm add Anna Lee, Acme Ltd., +44 20 7946 0958, anna@acme.test #vip")
    for line in more:
        await w.says(w.mia, line)


async def opens_form(w: World, line: str = "/crm edit anna") -> None:
    """Ann has the form before her."""
    await w.ann.command(line, channel=w.support)
    await w.until(lambda: w.ann.modal)


async def test_one_line_changes_one_field_and_says_what_it_was(both: World) -> None:
    """Usual fields and the team's own are set by a line, typed values and all."""
    w = both
    await known(w, "/crm field add plan choice free|pro|gold")
    said = await w.says(w.ann, "/crm set anna birthday 3 May 1990")
    assert "Birthday: – → 3 May 1990" in said
    await w.says(w.ann, "/crm set anna plan GOLD")
    await w.says(w.ann, "/crm set anna zone Berlin")
    await w.says(w.ann, "/crm set anna language German")

    assert anna(w).birthday == date(1990, 5, 3)
    assert anna(w).custom == {"plan": "gold"}
    assert (anna(w).zone, anna(w).language) == ("Europe/Berlin", "de")
    card = await w.says(w.ann, "/crm show anna")
    assert "born 3 May 1990 (36)" in card and "11:20 there now (Berlin)" in card
    assert "German" in card and "gold" in card


async def test_what_cannot_be_is_refused_in_one_sentence(w: World) -> None:
    """A slip of the finger gets the nearest word; what cannot be meant is said."""
    await known(w, "/crm field add plan choice free|pro|gold", "/crm field add seats number 1..500")
    assert "Did you mean gold" in await w.says(w.ann, "/crm set anna plan glod")
    assert "Did you mean birthday" in await w.says(w.ann, "/crm set anna birthdy 3 May 1990")
    assert "cannot be a birthday" in await w.says(w.ann, "/crm set anna birthday 3 May 2090")
    assert "cannot be a birthday" in await w.says(w.ann, "/crm set anna birthday 1790-05-03")
    assert "out of bounds: 1–500" in await w.says(w.ann, "/crm set anna seats 501")
    assert "not a number" in await w.says(w.ann, "/crm set anna seats many")
    assert "not a phone" in await w.says(w.ann, "/crm set anna phone 12")
    assert anna(w).custom == {} and anna(w).birthday is None


async def test_a_field_is_emptied_by_a_dash(w: World) -> None:
    """A dash says nothing; a name cannot be nothing."""
    await known(w)
    await w.says(w.ann, "/crm set anna company -")
    assert anna(w).company is None and anna(w).company_id is None
    assert "name is missing" in await w.says(w.ann, "/crm set anna name -")


async def test_the_form_changes_many_fields_at_once(w: World) -> None:
    """All fields stand in it as they are; what is changed is saved and can be taken back."""
    await known(
        w,
        "/crm field add plan choice free|pro|gold",
        "/crm field add likes choices tea|coffee|milk",
        "/crm field add since date",
        "/crm field add newsletter yesno",
        "/crm field add budget money",
    )
    await opens_form(w)
    await w.ann.submits(
        {
            "first_name": "Annie",
            "birthday": "3 May 1990",
            "gender": "female",
            "tags": "vip, wholesale",
            "custom.plan": "pro",
            "custom.likes": ["tea", "milk"],
            "custom.since": "2020-02-29",
            "custom.newsletter": "no",
            "custom.budget": "1,250 EUR",
        }
    )
    await w.sees(w.ann, "Saved: Anna Lee")

    assert anna(w).first_name == "Annie"
    assert anna(w).custom == {
        "plan": "pro",
        "likes": ["tea", "milk"],
        "since": "2020-02-29",
        "newsletter": False,
        "budget": {"amount": 1250, "currency": "EUR"},
    }
    tags = w.look(lambda work: [each.tag for each in contacts.tags_of(work, anna(w))])
    assert tags == ["vip", "wholesale"]

    await w.ann.presses("Undo", channel=w.support)
    await w.until(lambda: not anna(w).custom)
    assert (anna(w).first_name, anna(w).gender, anna(w).birthday) == ("Anna", None, None)
    assert w.look(lambda work: [e.tag for e in contacts.tags_of(work, anna(w))]) == ["vip"]


async def test_errors_stand_beside_their_fields_and_nothing_is_saved(w: World) -> None:
    """The form comes back with what is wrong; another field's change waits with it."""
    await known(w)
    await w.says(w.mia, "/crm add Omar Haddad, , +44 20 7946 0999")
    await opens_form(w, "/crm edit anna lee")
    answer = await w.ann.submits(
        {"birthday": "soon", "phone": "+44 20 7946 0999", "first_name": "Annie"}
    )
    assert w.ann.modal is not None, answer
    said = str(w.ann.modal.errors)
    assert "not a day" in said and "belongs to Omar Haddad" in said
    assert contacts_named(w, "Anna Lee").first_name == "Anna"


def contacts_named(w: World, name: str) -> Contact:
    """A contact by the whole name."""
    everybody = w.look(lambda work: list(contacts.every(work)))
    return next(each for each in everybody if each.name == name)


async def test_what_another_has_changed_meanwhile_is_not_overwritten(w: World) -> None:
    """The same field: it is said. Another field: both changes stand."""
    await known(w)
    await opens_form(w)
    await w.says(w.mia, "/crm set anna company Umbrella")
    await w.says(w.mia, "/crm set anna gender female")
    await w.ann.submits({"company": "Initech", "first_name": "Annie"})
    assert w.ann.modal is not None
    assert "it is “Umbrella” now" in str(w.ann.modal.errors)
    assert anna(w).company == "Umbrella"

    w.ann.modals.clear()
    await opens_form(w)
    await w.says(w.mia, "/crm set anna company Initech")
    await w.ann.submits({"first_name": "Annie"})
    await w.sees(w.ann, "First name: Anna → Annie")
    assert (anna(w).company, anna(w).first_name) == ("Initech", "Annie")
    assert anna(w).gender == "female"


async def test_the_history_tells_who_changed_what_and_takes_it_back(both: World) -> None:
    """Old and new value, by whom, from where; undone unless it was changed since."""
    w = both
    await known(w)
    await w.says(w.ann, "/crm set anna company Umbrella")
    await w.says(w.mia, "/crm tag anna #gold")
    told = await w.says(w.ann, "/crm history anna")
    assert "Company: Acme Ltd. → Umbrella (Ann Archer)" in told and "by a command" in told
    assert "Tags: #vip → #gold #vip (Mia Moss)" in told

    assert "Company: Umbrella → Acme Ltd." in await w.says(w.ann, "/crm undo")
    assert "no change of yours" in await w.says(w.ann, "/crm undo")
    assert "Tags" in await w.says(w.ann, "/crm undo anna")
    assert "taken back" in await w.says(w.ann, "/crm history anna")


async def test_what_was_changed_since_is_not_taken_back(w: World) -> None:
    """An old change stays when its field holds something else by now; pressing twice is once."""
    await known(w)
    await w.says(w.ann, "/crm set anna company Umbrella")
    await w.says(w.mia, "/crm set anna company Initech")
    assert "changed again since" in await w.says(w.ann, "/crm undo")
    assert anna(w).company == "Initech"

    await w.says(w.bo, "/crm set anna gender female")
    await w.bo.presses("Undo", channel=w.support)
    await w.until(lambda: anna(w).gender is None)


async def test_a_phone_taken_back_goes_back_to_whom_it_was(w: World) -> None:
    """Ways to reach somebody are changed and taken back like any other field."""
    await known(w)
    await w.says(w.ann, "/crm set anna phone +44 20 7946 0111, +44 20 7946 0222")
    assert "+44 20 7946 0222" in await w.says(w.ann, "/crm show anna")
    await w.says(w.ann, "/crm undo")
    card = await w.says(w.ann, "/crm show anna")
    reach = card.split("Timeline")[0]
    assert "0222" not in reach and "+44 20 7946 0958" in reach


async def test_a_customer_shares_a_phone_and_the_history_says_so(w: World) -> None:
    """What customers change themselves stands there too."""
    w.bob.says("hello")
    await w.thread(1)

    def share(work: Work) -> None:
        from handlers.actions.contacts import share_phone

        (contact,) = contacts.every(work)
        share_phone(work, contact, "+442079460958")

    w.store.write(share)
    assert "by the customer" in await w.says(w.ann, "/crm history bob")


async def test_the_past_is_read_page_by_page(both: World) -> None:
    """Earlier and later lead to and fro, each thing once; a kind may be looked at alone."""
    w = both
    await known(w)
    for number in range(20):
        await w.says(w.ann, f"/crm log anna: note number {number:02}")
        w.passes(minutes=3)
    await w.says(w.ann, "/crm ticket anna: the printer broke")
    await w.says(w.ann, "/crm set anna company Umbrella")
    card = await w.says(w.ann, "/crm show anna")
    assert "Company" in card and "note number 19" in card and "note number 12" not in card

    seen = [card]
    for _ in range(2):
        before = w.ann.heard[-1]
        await w.ann.presses("◀ Earlier", channel=w.support)
        await w.until(lambda before=before: w.ann.heard[-1] != before)  # type: ignore[misc]
        seen.append(w.ann.heard[-1])
    for number in range(20):
        assert sum(f"note number {number:02}" in page for page in seen) == 1, number

    await w.ann.presses("Later ▶", channel=w.support)
    await w.until(lambda: w.ann.heard[-1] == seen[1])
    await w.ann.presses("Changes of the record", channel=w.support)
    await w.until(lambda: "note number" not in w.ann.heard[-1])
    assert "Company: Acme Ltd. → Umbrella" in w.ann.heard[-1]


async def test_a_card_of_rubbish_is_still_a_card(w: World) -> None:
    """Mentions, directions and lengths are data: the card stays within Slack's limits."""
    await known(w, "/crm field add note text", "/crm field add more choices a|b")
    await w.says(w.ann, "/crm set anna company <!channel> & <@U1> \u202egnirts *bold* `x`")
    await w.says(w.ann, "/crm set anna note " + "<@everyone> " * 200)
    await w.says(w.ann, "/crm set anna address " + "Long Street " * 300)

    def clutter(work: Work) -> None:
        (contact,) = contacts.every(work)
        contact.name = "Ω" * 256
        contact.custom = contact.custom | {"more": ["x" * 5000], "gone": {"a": [1]}}

    w.store.write(clutter)
    id = anna(w).id
    for number in range(12):
        await w.says(w.ann, f"/crm ticket contact:{id} {'word ' * 300}{number}")
    said = await w.says(w.ann, f"/crm show contact:{id}")
    assert "Ω" in said and "and 7 more" in said
    newest = w.ann.sees(w.support)[-1]
    assert len(newest.blocks or []) <= 50 and "<!channel>" not in str(newest.blocks)


async def test_a_message_from_the_card_goes_to_the_customer(w: World) -> None:
    """It opens a ticket when none is open, and is held and sent like any answer."""
    w.bob.says("hello")
    await w.thread(1)
    await w.says(w.ann, "/crm resolve 1")
    await w.says(w.ann, "/crm show bob")
    await w.ann.presses("Message", channel=w.support)
    await w.until(lambda: w.ann.modal)
    await w.ann.submits({"text": "Your parcel is here"})
    await w.hears(w.bob, "Your parcel is here")
    await w.sees(w.ann, "Goes to Bob Bell")


async def test_chinese_staff_edit_in_chinese(w: World) -> None:
    """Fields, values and answers are as complete in Chinese."""
    await known(w, "/crm field add plan choice 免费|专业 ", "/crm field rename plan Plan | 套餐")
    await w.says(w.ann, "/crm language zh")
    said = await w.says(w.ann, "/crm 设置 anna 生日 1990年5月3日")
    assert "生日: – → 1990年5月3日" in said
    assert "套餐: – → 专业" in await w.says(w.ann, "/crm 设置 anna 套餐 专业")
    card = await w.says(w.ann, "/crm show anna")
    assert (
        "1990年5月3日生（36岁）" in card and "套餐" in card and "资料" not in card.split("往来")[0]
    )
    assert "已撤销" in await w.says(w.ann, "/crm 撤销")


async def test_a_forgotten_customer_leaves_nothing_in_the_history(w: World) -> None:
    """What fields held goes with them."""
    from handlers.actions import changes
    from storage.queries import privacy

    await known(w)
    await w.says(w.ann, "/crm set anna company Secret Corp")

    def forget(work: Work) -> list[object]:
        (contact,) = contacts.every(work)
        privacy.erase_belongings(work, contact, work.now)
        return [each.detail for each in changes.history(work, contact)]

    assert w.store.write(forget) == [{}]
