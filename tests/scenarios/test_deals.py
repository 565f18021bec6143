"""Deals: written down in a line or a form, moved, won, lost, taken back, listed, forecast."""

import asyncio

from sqlmodel import select

from storage.queries import contacts, deals, follow_ups, inbox, members
from storage.records import Contact, Deal, DealEvent, DealStage, DealState, Stage
from tests.world import World


def deal(w: World, number: int = 1) -> Deal:
    """A deal as it stands."""
    found = w.look(lambda work: deals.numbered(work, number))
    assert found is not None
    return found


def stage(w: World, number: int = 1) -> str:
    """The name of the stage in which a deal stands."""
    id = deal(w, number).stage_id
    return w.look(lambda work: work.sure(DealStage, id)).name


def anna(w: World) -> Contact:
    """The customer of these tests."""
    return next(each for each in w.look(lambda work: list(contacts.every(work))))


async def written(w: World, line: str = "anna 5000 EUR website relaunch close 30 Nov") -> str:
    """Ann knows Anna and writes down a deal; what she reads."""
    if not w.look(lambda work: list(contacts.every(work))):
        await w.says(w.ann, "/crm add Anna Lee, Acme")
    return await w.says(w.ann, f"/crm deal {line}")


async def presses_for_form(w: World, label: str) -> None:
    """Ann presses a button that opens a form, and has it before her."""
    await w.ann.presses(label, channel=w.support)
    await w.until(lambda: w.ann.modal)


async def test_a_line_becomes_a_deal_with_its_card(both: World) -> None:
    """Customer, amount, title, day and owner are read from one line, and said back."""
    w = both
    said = await written(w)
    assert "Deal 1 with Anna Lee is written down" in said
    assert "€5,000" in said and "Mon 30 Nov" in said and "Lead (10 %)" in said
    assert "Ann Archer" in said

    found = deal(w)
    assert (found.title, found.amount, found.currency) == ("website relaunch", 500_000, "EUR")
    assert str(found.close_on) == "2026-11-30"
    shown = await w.says(w.ann, "/crm deal 1")
    assert "website relaunch" in shown and "€5,000" in shown
    card = await w.says(w.ann, "/crm show anna")
    assert "website relaunch" in card and "Deal 1" in card


async def test_amounts_are_read_as_people_write_them(w: World) -> None:
    """Signs, thousands, Chinese units; a number that is none stays in the title."""
    await written(w, "anna 5k site")
    lines = {
        "anna €1,250.50 hosting #proposal": ("hosting", 125_050, "EUR"),
        "anna 5万元 网站改版 预计11月30日成交": ("网站改版", 5_000_000, "CNY"),
        "anna 24 laptops": ("24 laptops", None, "EUR"),
        "anna 24 laptops 1.5m JPY": ("24 laptops", 1_500_000, "JPY"),
        "anna close the gap close tomorrow": ("close the gap", None, "EUR"),
    }
    for number, (line, wanted) in enumerate(lines.items(), 2):
        await w.says(w.ann, f"/crm deal {line}")
        found = deal(w, number)
        assert (found.title, found.amount, found.currency) == wanted, line
    assert stage(w, 2) == "Proposal"
    assert str(deal(w, 3).close_on) == "2026-11-30"
    assert str(deal(w, 6).close_on) == "2026-11-19"
    assert "no currency" in await w.says(w.mia, "/crm policy currency XXY")
    await w.says(w.mia, "/crm policy currency CHF")
    await w.says(w.ann, "/crm deal anna 900 training")
    assert (deal(w, 7).amount, deal(w, 7).currency) == (90_000, "CHF")


async def test_without_a_line_a_form_asks_and_says_what_is_wrong(w: World) -> None:
    """Each complaint stands beside its field; the stage is chosen from a list."""
    await w.says(w.ann, "/crm add Anna Lee")
    await w.ann.command("/crm deal", channel=w.support)
    await w.until(lambda: w.ann.modal)
    wrong = {"contact": "nobody at all", "title": "x", "amount": "lots", "close": "blue"}
    answer = await w.ann.submits(wrong | {"chance": "200"})
    assert set(answer.errors) == {"contact", "amount", "close", "chance"}
    assert "is no amount" in answer.errors["amount"]
    await w.ann.submits(
        {
            "contact": "anna lee",
            "title": "website",
            "amount": "$12k",
            "close": "end of month",
            "chance": "",
            "stage": "Proposal",
            "products": "website, hosting",
        }
    )
    await w.sees(w.ann, "Deal 1 with Anna Lee")

    found = deal(w)
    assert (found.amount, found.currency, found.products) == (
        1_200_000,
        "USD",
        ["website", "hosting"],
    )
    assert stage(w) == "Proposal"


async def test_moves_by_button_and_line_can_be_taken_back(both: World) -> None:
    """A press twice is one stage; Undo brings it back, and is refused once something came after."""
    w = both
    await written(w)
    await w.ann.presses("▶ Qualified", channel=w.support)
    await w.sees(w.ann, "Lead → Qualified")
    before = w.ann.sees(w.support)
    assert stage(w) == "Qualified"
    await w.ann.presses("Undo", channel=w.support)
    await w.until(lambda: stage(w) == "Lead")
    said = await w.says(w.ann, "/crm stage 1 prop")
    assert "Lead → Proposal" in said
    assert "in Proposal already" in await w.says(w.ann, "/crm stage 1 proposal")
    undo = w.ann.sees(w.support)
    await w.says(w.ann, "/crm stage 1 negotiation")
    late = next(each for each in reversed(undo) if "Lead → Proposal" in each.plain)
    await w.ann.presses("Undo", channel=w.support, ts=late.ts)
    await w.sees(w.ann, "Something else has been done")
    assert stage(w) == "Negotiation"
    assert "no stage" in await w.says(w.ann, "/crm stage 1 nonsense")
    assert "no deal 99" in await w.says(w.ann, "/crm stage 99 lead")
    assert "Which deal" in await w.says(w.ann, "/crm stage")
    assert before


async def test_a_sale_is_told_in_the_channel_once(both: World) -> None:
    """Won twice, taken back and won again: one post, kept true; the lead is a customer."""
    w = both
    wins = w.slack.channel("wins")
    await w.says(w.mia, "/crm policy win_channel #wins")
    await written(w)
    w.passes(days=3)
    said = await w.says(w.ann, "/crm won 1")
    assert "is won: €5,000" in said
    assert "won already" in await w.says(w.ann, "/crm won 1")
    await w.until(lambda: any("Ann Archer won website" in m.plain for m in wins.messages))
    post = next(m for m in wins.messages if "Ann Archer won" in m.plain)
    assert "Anna Lee" in post.plain and "€5,000" in post.plain and "3 days" in post.plain
    assert anna(w).stage is Stage.CUSTOMER
    await w.ann.presses("Undo", channel=w.support)
    await w.until(lambda: "not won after all" in post.plain)
    assert deal(w).state is DealState.OPEN and deal(w).closed_at is None
    await w.says(w.ann, "/crm won 1")
    await w.until(lambda: "Ann Archer won" in post.plain)

    assert len([m for m in wins.messages if "website relaunch" in m.plain]) == 1


async def test_a_lost_deal_asks_why_and_may_be_opened_again(both: World) -> None:
    """By line, or by the button's form; a stage opens it again; its history tells all of it."""
    w = both
    await written(w)
    await presses_for_form(w, "Lost")
    await w.ann.submits({"reason": "too expensive"})
    await w.sees(w.ann, "is lost: too expensive")
    assert (deal(w).state, deal(w).lost_reason) == (DealState.LOST, "too expensive")
    assert "lost already" in await w.says(w.ann, "/crm lost 1 no budget")
    assert deal(w).lost_reason == "no budget"
    assert "open again, in Proposal" in await w.says(w.ann, "/crm stage 1 proposal")
    await w.says(w.ann, "/crm deal 1")
    await w.ann.presses("History", channel=w.support)
    told = await w.sees(w.ann, "History of deal 1")
    assert "lost: too expensive (Ann Archer)" in told and "open again in Proposal" in told
    await w.ann.command("/crm lost 1", channel=w.support)
    await w.until(lambda: w.ann.modal)
    lines = await w.says(w.ann, "/crm show anna")
    assert "Deal 1 lost" in lines


async def test_all_terms_can_be_changed_in_a_form(w: World) -> None:
    """What is different is noted; a colleague who gets it is told; nothing different is nothing."""
    await w.says(w.bo, "/crm team")
    await written(w)
    await presses_for_form(w, "Edit")
    await w.ann.submits()
    await w.sees(w.ann, "Nothing is different")
    await w.says(w.ann, "/crm deal 1")
    await presses_for_form(w, "Edit")
    await w.ann.submits(
        {"amount": "6000", "chance": "80", "next_step": "send the quote", "owner": "Bo Berg"}
    )
    await w.sees(w.ann, "Deal 1 is changed")
    told = await w.sees(w.bo, "Ann Archer gives you a deal")

    found = deal(w)
    assert "website relaunch" in told
    assert (found.amount, found.probability, found.next_step) == (600_000, 80, "send the quote")
    assert "Lead (80 %)" in await w.says(w.ann, "/crm deal 1")


async def test_lists_have_sums_for_each_stage_and_currency(both: World) -> None:
    """Currencies stand side by side and are never added up; mine, one stage, won, lost."""
    w = both
    await w.says(w.bo, "/crm team")
    assert "no open deals" in await w.says(w.ann, "/crm deals")
    await written(w, "anna 5000 EUR website")
    await w.says(w.ann, "/crm deal anna 800 USD hosting")
    await w.says(w.ann, "/crm deal anna 1000 EUR audit #proposal")
    await w.says(w.bo, "/crm deal anna 100 EUR sticker")
    said = await w.says(w.ann, "/crm deals")
    assert "4 open deals · €6,100 + $800" in said
    assert "Lead · 10 % · 3 deals · €5,100 + $800" in said and "Proposal" in said
    mine = await w.says(w.ann, "/crm deals mine")
    assert "3 open deals of yours · €6,000 + $800" in mine and "sticker" not in mine
    assert "audit" in await w.says(w.ann, "/crm deals proposal")
    await w.says(w.ann, "/crm won 2")
    assert "1 won deal · $800" in await w.says(w.ann, "/crm deals won")
    assert "no stage" in await w.says(w.ann, "/crm deals nonsense")


async def test_the_board_stands_on_the_home_tab_and_moves_there(w: World) -> None:
    """Columns with sums; a press there moves the deal and draws the page anew."""
    await written(w)
    await w.ann.opens_home()
    await w.until(lambda: w.ann.home is not None and "💼" in str(w.ann.home.blocks))
    assert "website relaunch" in str(w.ann.home and w.ann.home.blocks)
    await w.ann.presses("New deal", channel="home")
    await w.until(lambda: w.ann.modal)
    await w.ann.submits({"contact": "anna lee", "title": "from the page"})
    await w.until(lambda: w.look(lambda work: deals.numbered(work, 2)))
    await w.ann.presses("▶ Qualified", channel="home")
    await w.until(lambda: stage(w) == "Qualified")
    await w.until(lambda: "▶ Proposal" in str(w.ann.home and w.ann.home.blocks))


async def test_a_full_board_fits_the_home_tab(w: World) -> None:
    """Sixty deals and a full day stay within a hundred blocks; what is hidden is counted."""
    await w.says(w.ann, "/crm add Anna Lee")
    for number in range(12):
        for name in ("lead", "qualified", "proposal", "negotiation"):
            await w.says(w.ann, f"/crm deal anna {number + 1}k deal {number} #{name}")
    await w.ann.opens_home()
    await w.until(lambda: w.ann.home is not None and "more" in str(w.ann.home.blocks))

    assert w.ann.home is not None
    assert len(w.ann.home.blocks) <= 100
    assert all(name in str(w.ann.home.blocks) for name in ("Lead", "Proposal", "Negotiation"))


async def test_a_follow_up_is_set_from_the_deal(w: World) -> None:
    """It is about the deal and its customer, and reminds like any other."""
    await written(w)
    await presses_for_form(w, "Follow up")
    await w.ann.submits({"when": "tomorrow 3pm", "text": "ask for the budget"})
    await w.sees(w.ann, "ask for the budget")

    (ann,) = (each for each in w.look(members.active) if each.name == "Ann Archer")
    (found,) = w.look(lambda work: follow_ups.all_of(work, ann))
    assert found.deal_id == deal(w).id


async def test_deals_in_chinese(w: World) -> None:
    """The same in Chinese, typed and answered."""
    await w.says(w.ann, "/crm language zh")
    await w.says(w.ann, "/crm add 王小明")
    said = await w.says(w.ann, "/crm 商机 王小明 5万 网站改版 预计月底成交")
    assert "已登记商机 1" in said and "€50,000" in said
    assert "Lead → Proposal" in await w.says(w.ann, "/crm 阶段 1 proposal")
    assert "输单：太贵" in await w.says(w.ann, "/crm 输单 1 太贵")
    assert "个输单" in await w.says(w.ann, "/crm deals 输单")


async def test_who_goes_away_hands_over_their_deals(both: World) -> None:
    """They go along with tickets and follow-ups, and come back when nobody touched them."""
    w = both
    await w.says(w.bo, "/crm team")
    await written(w)
    await written(w, "anna 700 EUR audit")
    said = await w.says(w.ann, "/crm away")
    assert "2 open things" in said and "website relaunch" in said
    await w.says(w.ann, "/crm handover to @bo")
    assert "website relaunch" in await w.sees(w.bo, "hands over 2 open things")
    await w.says(w.bo, "/crm stage 2 proposal")
    await w.says(w.ann, "/crm back")
    await w.ann.presses("Take them back", channel=w.support)
    await w.sees(w.ann, "1 thing")
    await w.sees(w.bo, "has these again")

    assert "website relaunch" in await w.says(w.ann, "/crm deals mine")
    assert "audit" in await w.says(w.bo, "/crm deals mine")


async def test_the_digest_counts_what_was_won_and_lost(w: World) -> None:
    """Beside the day before; nothing is said of deals when there were none."""
    assert "Deals won" not in await w.says(w.mia, "/crm digest")
    await written(w)
    await written(w, "anna 300 USD audit")
    await w.says(w.ann, "/crm won 1")
    await w.says(w.ann, "/crm lost 2 no budget")
    w.passes(days=1)
    said = await w.says(w.mia, "/crm digest")

    assert "Deals opened" in said and "2 · €5,000 + $300" in said
    assert "€5,000" in said and "$300" in said


async def test_a_forgotten_customer_leaves_sums_and_no_words(both: World) -> None:
    """An open deal is dropped, a won one keeps its amount; titles, reasons and history are gone."""
    w = both
    w.bob.says("hello")
    await w.in_thread("hello")
    await w.says(w.ann, "/crm deal bob 5000 EUR secret plan")
    await w.says(w.ann, "/crm deal bob 100 EUR secret audit")
    await w.says(w.ann, "/crm won 2 secret note")
    w.bob.says("/forget")
    await w.hears(w.bob, "Erase everything?")
    w.bob.presses("Yes, erase everything")
    await w.until(lambda: deal(w, 1).state is DealState.DROPPED)

    events = w.look(lambda work: work.all(select(DealEvent)))
    assert (deal(w, 1).title, deal(w, 2).title, deal(w, 2).amount) == ("", "", 10_000)
    assert deal(w, 2).state is DealState.WON
    assert len(events) == 3
    assert not any("secret" in (each.after or "") for each in events)
    assert "closed" in await w.says(w.ann, "/crm stage 1 proposal")


async def test_two_people_of_one_name_are_asked_about_with_the_whole_line(w: World) -> None:
    """The button runs the line again: nothing of amount, title, day and stage is lost."""
    await w.says(w.ann, "/crm add Anna Lee, Acme")
    await w.says(w.ann, "/crm add Anna Long, Bolt")
    await w.says(w.ann, "/crm deal anna 5,000.50 EUR website relaunch close 30 Nov #proposal")
    await w.ann.presses("This one", channel=w.support)
    await w.sees(w.ann, "Deal 1 with Anna")

    found = deal(w)
    assert (found.title, found.amount, str(found.close_on)) == (
        "website relaunch",
        500_050,
        "2026-11-30",
    )
    assert stage(w) == "Proposal"


async def test_rubbish_is_answered_kindly(w: World) -> None:
    """No line about deals breaks anything, whatever stands in it."""
    await written(w)
    lines = (
        *("deal", "deal 0", "deal 999999999", "deal anna", "deal anna 99999999999999999999"),
        *("deal anna 5 <script> *x* _y_ <@U1> close", "deal anna 5000 EUR x #nostage", "won"),
        *("won x", "lost", "stage 1", "stage 1 /", "stage 1 //", "stage x", "deals #", "deals /"),
        *("pipeline /", "pipeline add", "pipeline add %", "pipeline rename", "pipeline new :"),
        *("pipeline move", "pipeline remove", "pipeline 5%", "forecast /", "forecast q0"),
        *("deal anna " + "9" * 3000, "deal anna " + "5k " * 900, "deal \x00 5k"),
    )
    for line in lines:
        await w.ann.command(f"/crm {line}", channel=w.support)
        await w.mia.command(f"/crm {line}", channel=w.support)
    await w.until(lambda: not w.look(lambda work: inbox.unhandled(work, [])))

    assert not any("went wrong" in each for each in [*w.ann.heard, *w.mia.heard])


async def test_deals_with_unreadable_titles_are_only_text(w: World) -> None:
    """What people write in a title is never markup and never a mention."""
    await written(w, "anna 5k *bold* <!channel> <https://evil.test|click>")
    shown = str([m.blocks for m in w.ann.sees(w.support)])

    assert "<!channel>" not in shown and "<https://evil.test" not in shown


async def test_pressing_twice_at_once_is_one_step(both: World) -> None:
    """Two presses of the same button, and of Won, end where one would have."""
    w = both
    await written(w)
    await asyncio.gather(*(w.ann.presses("▶ Qualified", channel=w.support) for _ in range(3)))
    await w.until(lambda: stage(w) == "Qualified")
    await asyncio.gather(*(w.ann.presses("Won", channel=w.support) for _ in range(3)))
    await w.until(lambda: deal(w).state is DealState.WON)
    await w.until(lambda: not w.look(lambda work: inbox.unhandled(work, [])))

    steps = [each.what for each in w.look(lambda work: work.all(select(DealEvent)))]
    assert steps == ["opened", "stage", "won"]
