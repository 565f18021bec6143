"""Dates in forms: the same words as in a line, and a clear sentence where they are not clear."""

from sqlmodel import select

from storage.queries import deals
from storage.records import Holiday
from tests.scenarios.test_deals import deal, presses_for_form, written
from tests.world import World


async def test_a_deals_close_may_not_be_guessed(w: World) -> None:
    """Two readings and a day that is over are said beside the field; what stood there may stay."""
    await written(w)
    await presses_for_form(w, "Edit")
    answer = await w.ann.submits({"close": "3/4"})
    assert "3 Apr 2027 / 4 Mar 2027" in answer.errors["close"]
    answer = await w.ann.submits({"close": "yesterday"})
    assert "is over" in answer.errors["close"]
    await w.ann.submits({"close": "2026-11-01"})
    await w.until(lambda: str(deal(w).close_on) == "2026-11-01")


async def test_a_deals_close_in_a_line_is_asked_with_buttons(w: World) -> None:
    """Nothing is written down until it is said which day is meant."""
    said = await written(w, "anna 5000 EUR website close 3/4 #proposal")
    assert "Which one do you mean by “3/4”" in said
    await w.ann.presses("This one")
    await w.until(lambda: w.look(lambda work: deals.numbered(work, 1)))

    assert str(deal(w).close_on) == "2027-04-03"
    assert deal(w).title == "website"


async def test_a_follow_up_about_a_deal_is_asked_about_in_its_form(w: World) -> None:
    """What is over, unclear or none is said beside the field."""
    await written(w)
    await presses_for_form(w, "Follow up")
    for said, words in (
        ("soon", "no date or time"),
        ("3/4 10am", "That can be"),
        ("yesterday 3pm", "is over"),
    ):
        answer = await w.ann.submits({"when": said})
        assert words in answer.errors["when"]


async def test_a_holiday_that_has_just_gone_by_is_the_next_one(w: World) -> None:
    """Of a day without a year that is over by a week, a closed day can only be next year's."""
    said = await w.says(w.mia, "/crm holiday 11 Nov Armistice")
    assert "11 Nov" in said
    holidays = w.look(lambda work: work.all(select(Holiday)))

    assert [str(each.day) for each in holidays] == ["2027-11-11"]
