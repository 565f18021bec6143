"""Forecasts: exact sums by currency, shares that rest on something, quarters as people say them."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import amounts
from handlers.actions.forecasts import outlooks, quarter_of, quarter_said
from handlers.cards.forecasts import Quarter, Share, rounded
from storage.errors import Refused
from storage.queries.deals import Group
from storage.records import DealStage


def stage(id: int, probability: int) -> DealStage:
    return DealStage(id=id, pipeline_id=1, name=f"S{id}", probability=probability, position=id)


def deal(
    stage_id: int, amount: int | None, currency: str = "EUR", chance: int | None = None
) -> Group:
    """A group of one."""
    return Group(stage_id, currency, chance, False, 1, int(amount is not None), amount or 0)


STAGES = {1: stage(1, 10), 2: stage(2, 50)}


def test_sums_are_weighted_by_stage_and_kept_apart_by_currency() -> None:
    """A deal's own chance goes before that of its stage; no currency touches another."""
    shares = {1: Share(0, 0, 10), 2: Share(6, 10, 10)}
    found = outlooks(
        [deal(1, 1000), deal(2, 1000), deal(2, 1000, chance=100), deal(2, 777, "JPY")],
        STAGES,
        shares,
        [("EUR", 2, 5000), ("USD", 1, 100)],
    )

    eur, jpy, usd = found
    assert [each.currency for each in found] == ["EUR", "JPY", "USD"]
    assert (eur.units, rounded(eur.weighted), eur.won, eur.count) == (3000, 1600, 5000, 3)
    assert (rounded(jpy.weighted), rounded(jpy.by_history)) == (389, 466)
    assert (usd.won, usd.count) == (100, 0)


def test_history_counts_only_where_it_rests_on_enough() -> None:
    """Nine closed deals are too few where ten are wanted, and say nothing of the amount."""
    shares = {1: Share(9, 9, 10), 2: Share(3, 12, 10)}
    (eur,) = outlooks([deal(1, 1000), deal(2, 1000), deal(2, None)], STAGES, shares, [])

    assert (eur.known, rounded(eur.by_history), eur.without_amount) == (1, 250, 1)
    assert not shares[1].is_enough and shares[2].part == Fraction(1, 4)


@given(st.lists(st.tuples(st.integers(0, 10**14), st.integers(0, 100)), max_size=60))
def test_the_weighted_sum_is_exact(deals: list[tuple[int, int]]) -> None:
    """It lies between nothing and everything, and is rounded once, at the end."""
    made = [deal(1, units, chance=chance) for units, chance in deals]
    found = outlooks(made, STAGES, {1: Share(0, 0, 10)}, [])

    exact = Fraction(sum(units * chance for units, chance in deals), 100)
    assert sum((each.weighted for each in found), Fraction(0)) == exact
    assert 0 <= exact <= sum(units for units, _ in deals)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("", Quarter(2026, 4)),
        ("q4", Quarter(2026, 4)),
        ("Q1", Quarter(2027, 1)),
        ("q3 2026", Quarter(2026, 3)),
        ("2027 Q2", Quarter(2027, 2)),
        ("2027-q2", Quarter(2027, 2)),
        ("next quarter", Quarter(2027, 1)),
        ("last", Quarter(2026, 3)),
        ("下季度", Quarter(2027, 1)),
        ("第四季度", Quarter(2026, 4)),
        ("2027年第一季度", Quarter(2027, 1)),
    ],
)
def test_quarters_as_people_say_them(said: str, wanted: Quarter) -> None:
    """Without a year it is the present one or the one to come."""
    assert quarter_said(said, date(2026, 11, 18)) == wanted


@pytest.mark.parametrize("said", ["q5", "soon", "1999 q1", "q1 99999", "季度 5", "2026"])
def test_what_is_no_quarter_is_asked_for(said: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(Refused):
        quarter_said(said, date(2026, 11, 18))


@given(st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_every_day_lies_in_its_quarter(day: date) -> None:
    """Quarters follow each other without a gap."""
    quarter = quarter_of(day)

    assert quarter.start <= day < quarter.end == quarter.later(1).start
    assert quarter.later(4) == Quarter(quarter.year + 1, quarter.number)


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("5k", "5000", None),
        ("1.5m USD", "1500000", "USD"),
        ("€5,000", "5000", "EUR"),
        ("5.000,50 eur", "5000.50", "EUR"),
        ("1'234.50 CHF", "1234.50", "CHF"),
        ("5000元", "5000", "CNY"),
        ("5万", "50000", None),
        ("1.5亿美元", "150000000", "USD"),
        ("HK$ 200", "200", "HKD"),
        ("US$1,200", "1200", "USD"),
        ("12,5k", "12500", None),
        ("5000 euros", "5000", "EUR"),
        ("USD 12", "12", "USD"),
    ],
)
def test_amounts_as_people_write_them(text: str, value: str, currency: str | None) -> None:
    """The same when the amount stands alone and when it stands in a line."""
    for found in (amounts.whole(text), amounts.find(f"anna {text}")):
        assert found is not None
        assert (format(found.value, "f"), found.currency) == (value, currency)


@pytest.mark.parametrize(
    "text", ["24 laptops", "close 30 Nov 2026", "2026-11-30", "50% off", "v2.0", "at 14:30", "none"]
)
def test_what_is_no_amount_is_not_taken_for_one(text: str) -> None:
    """A count, a date, a share, a version."""
    assert amounts.find(f"anna {text} more") is None


@given(st.text(max_size=300))
def test_any_text_is_read_or_left(text: str) -> None:
    """Nothing raises, and what was found lies in the text."""
    found = amounts.find(text)

    assert found is None or 0 <= found.start < found.end <= len(text)


@given(st.integers(0, 10**14), st.sampled_from(["EUR", "JPY", "KWD", "CNY"]))
def test_units_and_amounts_are_the_same(units: int, currency: str) -> None:
    """There and back."""
    assert amounts.in_units(amounts.of_units(units, currency), currency) == units
