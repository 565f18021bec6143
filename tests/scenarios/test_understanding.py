"""What is said is understood: proposed in the thread, done when somebody of the team says yes."""

from typing import TypeVar

from sqlmodel import select

from bot.playground.slack import Message
from storage.queries import tickets
from storage.records import FollowUp, Need, Suggestion, Ticket, TicketStatus
from storage.records.record import Record
from tests.world import World

R = TypeVar("R", bound=Record)


def every(w: World, model: type[R]) -> list[R]:
    """Every record of a table."""
    return w.look(lambda work: work.all(select(model)))


def ticket(w: World, number: int = 1) -> Ticket:
    """A ticket as it stands."""
    found = w.look(lambda work: tickets.numbered(work, number))
    assert found is not None
    return found


async def resolved(w: World, words: str = "my order 1001") -> Message:
    """Bob's request has been resolved."""
    w.bob.says(words)
    await w.in_thread(words)
    await w.says(w.ann, "/crm resolve 1")
    await w.hears(w.bob, "resolved")
    return await w.thread(1)


# Thanks


async def test_thanks_after_it_was_resolved_reopens_nothing(both: World) -> None:
    """It stands in the thread and the timeline, and the request stays resolved."""
    w = both
    await resolved(w)
    w.bob.says("Thank you so much, Ann! 🙏")
    await w.in_thread("Thank you so much")
    w.li.says("你好，水壶坏了")
    await w.in_thread("水壶坏了", number=2)

    assert ticket(w).status is TicketStatus.RESOLVED and len(w.cards()) == 2


async def test_thanks_in_chinese_weeks_later_opens_nothing_either(w: World) -> None:
    """No new request for a courtesy, however late."""
    await resolved(w)
    w.passes(days=20)
    w.bob.says("好的，谢谢您！")
    await w.in_thread("好的，谢谢您！")

    assert not ticket(w).is_open and len(w.cards()) == 1


async def test_thanks_with_anything_else_opens_it_again(w: World) -> None:
    """Only what surely asks for nothing is left alone."""
    await resolved(w)
    w.bob.says("thanks, but it is still broken")
    await w.in_thread("Bob Bell has reopened this")

    assert ticket(w).is_open


# Needs


async def test_what_somebody_looks_for_becomes_a_need_when_staff_keep_it(both: World) -> None:
    """With the price that was said; only Keep makes it count."""
    w = both
    w.bob.says("Hi! I'm looking for a standing desk under $300, thanks")
    shown = await w.in_thread("Looks for standing desk, up to 300 USD")
    (need,) = every(w, Need)
    assert need.state == "proposed"
    await w.ann.presses("Keep", channel=w.support, ts=shown.ts)
    await w.until(lambda: "Noted by Ann Archer" in shown.plain)

    (need,) = every(w, Need)
    assert (need.state, need.what, need.currency) == ("open", "standing desk", "USD")


async def test_a_need_in_chinese_can_be_refused(w: World) -> None:
    """Not a need: nothing is kept as one; the second press is told so."""
    w.li.says("请问有没有蓝色的水壶？")
    shown = await w.in_thread("Looks for 蓝色的水壶")
    await w.ann.presses("Not a need", channel=w.support, ts=shown.ts)
    await w.until(lambda: "Not a need (Ann Archer)" in shown.plain)

    (need,) = every(w, Need)
    assert need.state == "refused" and "Keep" not in str(shown.all_blocks)


# Promises


async def test_what_staff_promise_becomes_a_follow_up_when_they_say_yes(both: World) -> None:
    """ "I'll send it Friday": a button sets the reminder for whoever presses it."""
    w = both
    w.bob.says("where is the invoice")
    card = await w.thread(1)
    await w.in_thread("where is the invoice")
    await w.ann.says(w.support, "Sorry! I'll send it on Friday", thread_ts=card.ts)
    shown = await w.in_thread("shall I remind you?")
    assert every(w, FollowUp) == []
    await w.ann.presses("Remind me Fri 20 Nov 09:00", channel=w.support, ts=shown.ts)
    await w.until(lambda: "Ann Archer will be reminded" in shown.plain)

    (follow_up,) = every(w, FollowUp)
    assert follow_up.wall == "2026-11-20T09:00" and "send it on Friday" in follow_up.text
    assert follow_up.ticket_id == ticket(w).id


async def test_a_vague_time_is_asked_for_and_never_guessed(w: World) -> None:
    """ "After the holiday" is no date: a form asks for one."""
    w.bob.says("please call me after the holiday")
    shown = await w.in_thread("when shall I remind you?")
    assert "their phone is not known" in shown.plain
    await w.ann.presses("Other time", channel=w.support, ts=shown.ts)
    await w.until(lambda: w.ann.modal)
    assert "When?" in str(await w.ann.submits({"when": "blue"})) or w.ann.modal
    await w.ann.submits({"when": "5 January 10:00"})
    await w.until(lambda: "Ann Archer will be reminded" in shown.plain)

    (follow_up,) = every(w, FollowUp)
    assert follow_up.wall == "2027-01-05T10:00"


async def test_two_ways_to_read_a_date_are_two_buttons(w: World) -> None:
    """3/4 may be in March or in April."""
    w.bob.says("call me on 3/4")
    shown = await w.in_thread("shall I remind you?")

    labels = str(shown.all_blocks)
    assert "3 Apr" in labels and "4 Mar" in labels and every(w, FollowUp) == []


async def test_promises_are_understood_in_chinese(w: World) -> None:
    """下周二 is a date, 节后 is none."""
    w.li.says("下周二给我打电话")
    first = await w.in_thread("shall I remind you?")
    await w.ann.presses("Remind me Tue 24 Nov 09:00", channel=w.support, ts=first.ts)
    await w.until(lambda: len(every(w, FollowUp)) == 1)
    w.li.says("发票节后再联系我")
    await w.in_thread("when shall I remind you?")

    assert every(w, FollowUp)[0].wall == "2026-11-24T09:00"


# Filing


async def filed(w: World, texts: tuple[str, ...], category: str, first: int) -> None:
    """Requests of many people, each filed by hand."""
    for number, text in enumerate(texts):
        person = w.telegram.person(f"Person{first + number}", "X")
        person.says(text)
        await w.in_thread(text, number=first + number)
        await w.says(w.ann, f"/crm file {first + number} {category}")


BILLING = (
    "the invoice has the wrong amount",
    "please correct my invoice",
    "I was charged twice on the invoice",
    "the invoice shows another amount",
    "I need a copy of the invoice",
    "wrong address on the invoice",
    "the invoice was paid already",
    "why is the invoice amount so high",
    "can the invoice be split",
    "invoice for March is missing",
)
SHIPPING = (
    "the parcel has not arrived",
    "where is my parcel",
    "the parcel went to the wrong house",
    "my parcel is stuck at customs",
    "tracking says the parcel is lost",
    "the courier left the parcel outside",
    "can the parcel come on Saturday",
    "the parcel arrived open",
    "parcel delivered to a neighbour",
    "no parcel today either",
)


async def test_a_category_is_proposed_as_staff_filed_earlier_ones(w: World) -> None:
    """Below a minimum nothing; then with the reason, and done only when somebody says yes."""
    for name in ("billing", "shipping"):
        await w.says(w.mia, f"/crm category add {name}")
    w.li.says("a question about my invoice")
    await w.in_thread("about my invoice")
    await filed(w, BILLING, "billing", 2)
    await filed(w, SHIPPING, "shipping", 12)
    assert [each for each in every(w, Suggestion) if each.kind == "category"] == []
    w.passes(minutes=2)
    await w.until(lambda: _has_learnt(w))
    w.bob.says("there is a wrong amount on my invoice")
    shown = await w.in_thread("Looks like billing", number=22)
    assert "“invoice”" in shown.plain and ticket(w, 22).category is None
    await w.ann.presses("File as billing", channel=w.support, ts=shown.ts)
    await w.until(lambda: "Filed as billing by Ann Archer" in shown.plain)

    assert ticket(w, 22).category == "billing"


def _has_learnt(w: World) -> bool:
    from handlers.actions import learning

    def known(work: object) -> bool:
        school = learning._schools.get(w.store.engine)
        return (
            school is not None
            and school.learnt is not None
            and (school.learnt.category.count >= 20)
        )

    return known(None)


async def test_a_complaint_is_proposed_to_be_pressing(w: World) -> None:
    """By a rule, in both languages; the priority changes when somebody says so."""
    w.bob.says("This is unacceptable, I want to complain")
    shown = await w.in_thread("Sounds like a complaint")
    w.li.says("我要投诉，东西坏了")
    await w.in_thread("Sounds like a complaint", number=2)
    assert ticket(w).priority == "normal"
    await w.ann.presses("Set high", channel=w.support, ts=shown.ts)
    await w.until(lambda: "Priority set to high by Ann Archer" in shown.plain)

    assert (ticket(w, 1).priority, ticket(w, 2).priority) == ("high", "normal")


async def test_a_request_about_data_is_pointed_out(w: World) -> None:
    """With what the customer can do by themselves."""
    w.bob.says("Please delete my personal data")
    shown = await w.in_thread("They ask about their data")

    assert "/forget" in shown.plain


# Once


async def test_nothing_is_proposed_twice_after_a_restart(both: World) -> None:
    """The mark of how far was read survives; what comes later is read."""
    w = both
    w.bob.says("do you have red kettles?")
    await w.in_thread("Looks for red kettles")
    await w.stop_rapport()
    await w.start_rapport()
    w.bob.says("do you have green lids?")
    await w.in_thread("Looks for green lids")

    card = await w.thread(1)
    lines = [m.plain for m in w.support.thread(card.ts) if "Looks for" in m.plain]
    assert len(lines) == 2 and len(every(w, Need)) == 2


async def test_two_people_who_press_at_once_decide_once(w: World) -> None:
    """The second is told that it is settled."""
    w.bob.says("do you have red kettles?")
    shown = await w.in_thread("Looks for red kettles")
    await w.ann.presses("Keep", channel=w.support, ts=shown.ts)
    await w.bo.presses("Not a need", channel=w.support, ts=shown.ts)
    await w.until(lambda: any("decided about that" in h for h in (*w.ann.heard, *w.bo.heard)))

    assert every(w, Need)[0].state in ("open", "refused")


async def test_the_policy_keeps_it_quiet(w: World) -> None:
    """Suggestions off: the thread shows what was said, and nothing else."""
    await w.says(w.mia, "/crm policy suggestions off")
    w.bob.says("do you have red kettles?")
    await w.in_thread("do you have red kettles?")
    w.bob.says("are you there?")
    await w.in_thread("are you there?")

    assert every(w, Suggestion) == [] and every(w, Need) == []


async def test_what_was_understood_is_forgotten_with_the_customer(w: World) -> None:
    """The proposal repeats the customer's words, so it goes from the thread as well."""
    w.bob.says("do you have a kettle for my grandmother Agatha?")
    await w.in_thread("Looks for kettle for my grandmother Agatha")
    card = await w.thread(1)
    w.bob.says("/forget")
    await w.hears(w.bob, "Erase everything?")
    w.bob.presses("Yes, erase everything")
    await w.until(lambda: not any("Agatha" in m.plain for m in w.support.thread(card.ts)))

    assert every(w, Suggestion) == [] and every(w, Need) == []
