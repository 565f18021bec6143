"""Opening hours: right in every zone on both sides of a clock change, and lawful in between."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.hours import ALWAYS, Block, Hours, Unclear, leading_times, read
from tests.rules.hours_oracle import FIRST, LAST, MINUTE, WEEKS, changes, compare, zones

OFFICE = WEEKS["office"]
BERLIN = ZoneInfo("Europe/Berlin")
SOME_ZONES = (
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "America/Nuuk",
    "Antarctica/Troll",
    "Africa/Cairo",
    "America/Santiago",
    "Asia/Beirut",
    "Pacific/Chatham",
    "Asia/Shanghai",
)


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """A moment by a wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize("name", SOME_ZONES)
@pytest.mark.parametrize("kind", WEEKS)
def test_around_clock_changes_each_minute_is_counted_right(name: str, kind: str) -> None:
    """The first changes of a zone, beside a count minute by minute."""
    for change in (changes(name) or (FIRST + timedelta(days=80),))[:2]:
        hours = Hours(ZoneInfo(name), WEEKS[kind], {change.date() + timedelta(days=1): ()})
        compare(hours, change, days=1, step=13)


def test_in_every_zone_one_change_of_the_clocks_is_counted_right() -> None:
    """Each zone once, another week and another year each time; `make soak` takes them all."""
    kinds = list(WEEKS.values())
    for number, name in enumerate(zones()):
        found = changes(name)
        hours = Hours(ZoneInfo(name), kinds[number % len(kinds)])
        compare(hours, found[number % len(found)], days=1, step=61)


def test_an_office_is_open_when_its_clock_says_so() -> None:
    """Where no clock is changed by day, the wall clock alone tells."""
    for name in SOME_ZONES:
        zone = ZoneInfo(name)
        hours = Hours(zone, OFFICE)
        for change in changes(name)[:4]:
            for minutes in range(-3000, 3000, 37):
                moment = change + minutes * MINUTE
                local = moment.astimezone(zone)
                minute = local.hour * 60 + local.minute
                working = local.weekday() < 5 and (540 <= minute < 750 or 810 <= minute < 1080)
                assert hours.is_open(moment) is working


blocks = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 1439)).map(lambda b: (b[0], b[0] + b[1])),
    max_size=3,
).map(lambda found: tuple(sorted(found)))
weeks = st.tuples(*[blocks] * 7).filter(any)
moments = st.datetimes(
    FIRST.replace(tzinfo=None), LAST.replace(tzinfo=None), timezones=st.just(UTC)
)
days = st.dates(date(2026, 1, 1), date(2036, 12, 31))


@st.composite
def opening_hours(draw: st.DrawFn) -> Hours:
    """Hours that somebody might have."""
    special = draw(st.dictionaries(days, blocks, max_size=5))
    yearly = draw(st.dictionaries(st.just((12, 25)), blocks, max_size=1))
    return Hours(ZoneInfo(draw(st.sampled_from(SOME_ZONES))), draw(weeks), special, yearly)


lengths = st.timedeltas(timedelta(), timedelta(days=9))


@settings(max_examples=150, deadline=None)
@given(opening_hours(), moments, lengths)
def test_what_was_added_lies_between(hours: Hours, start: datetime, length: timedelta) -> None:
    """`between` undoes `add`, and no earlier instant would have done."""
    end = hours.add(start, length)
    assert end is not None
    assert end >= start and hours.between(start, end) == length
    if length:
        assert hours.between(start, end - timedelta(microseconds=1)) < length


@settings(max_examples=100, deadline=None)
@given(opening_hours(), moments, lengths, lengths)
def test_in_two_steps_it_ends_where_it_does_in_one(
    hours: Hours, start: datetime, first: timedelta, second: timedelta
) -> None:
    """`add` is additive and monotone."""
    there = hours.add(start, first)
    assert there is not None
    at_once = hours.add(start, first + second)
    assert hours.add(there, second) == at_once
    assert at_once is not None and at_once >= there


@settings(max_examples=100, deadline=None)
@given(opening_hours(), st.lists(moments, min_size=3, max_size=3).map(sorted))
def test_parts_of_a_span_sum_up_to_it(hours: Hours, marks: list[datetime]) -> None:
    """`between` is additive, never negative, and never more than the time that passed."""
    first, middle, last = marks
    whole = hours.between(first, last)
    assert hours.between(first, middle) + hours.between(middle, last) == whole
    assert timedelta() <= whole <= last - first
    assert hours.between(last, first) == timedelta()


@settings(max_examples=100, deadline=None)
@given(opening_hours(), moments)
def test_the_next_opening_is_open_and_nothing_before_it_is(hours: Hours, moment: datetime) -> None:
    """Somebody is there then, and nobody between."""
    opening = hours.next_opening(moment)
    if opening is None:
        return
    assert hours.is_open(opening) and opening >= moment
    assert hours.between(moment, opening) == timedelta()
    assert hours.is_open(moment) is (opening == moment)


def test_a_night_shift_reaches_into_the_next_day_and_a_holiday_ends_it() -> None:
    """22:00–06:00; the eve's shift ends at midnight, that of the holiday does not begin."""
    hours = Hours(BERLIN, WEEKS["night"], {date(2026, 12, 25): ()})
    assert hours.is_open(at("2026-12-24T05:59")) and not hours.is_open(at("2026-12-24T06:00"))
    assert hours.is_open(at("2026-12-24T23:59")) and not hours.is_open(at("2026-12-25T00:00"))
    assert hours.next_opening(at("2026-12-25T00:00")) == at("2026-12-26T22:00")


def test_the_night_of_the_change_has_its_real_length() -> None:
    """Seven hours when the clock goes forward, nine when it goes back."""
    hours = Hours(BERLIN, WEEKS["night"])
    spring = hours.between(at("2026-03-28T12:00"), at("2026-03-29T12:00"))
    autumn = hours.between(at("2026-10-24T12:00"), at("2026-10-25T12:00"))
    assert (spring, autumn) == (timedelta(hours=7), timedelta(hours=9))


def test_the_lunch_break_does_not_count() -> None:
    """Two hours from noon end at half past three."""
    hours = Hours(BERLIN, OFFICE)
    assert hours.add(at("2026-11-18T12:00"), timedelta(hours=2)) == at("2026-11-18T15:00")
    assert hours.add(at("2026-11-20T17:30"), timedelta(hours=1)) == at("2026-11-23T09:30")


def test_who_is_never_there_never_opens() -> None:
    """No sum runs for ever."""
    never = Hours(BERLIN, ((),) * 7)
    moment = at("2026-11-18T12:00")
    assert never.next_opening(moment) is None and never.add(moment, MINUTE) is None
    assert never.between(moment, LAST) == timedelta() and not never.is_open(moment)
    assert ALWAYS.add(moment, MINUTE) == moment + MINUTE and ALWAYS.is_always


@pytest.mark.parametrize(
    ("text", "days", "expected"),
    [
        ("mon-fri 9:00-12:30 13:30-18:00", range(5), ((540, 750), (810, 1080))),
        ("Weekdays 9am to 5pm", range(5), ((540, 1020),)),
        ("sat closed", (5,), ()),
        ("fri-mon 22:00–6:00", (4, 5, 6, 0), ((1320, 1800),)),
        ("monday, wednesday 9-12", (0, 2), ((540, 720),)),
        ("daily 24h", range(7), ((0, 1440),)),
        ("24/7", range(7), ((0, 1440),)),
        ("周一至周五 9：00-12：00 13点半到18点", range(5), ((540, 720), (810, 1080))),
        ("周一到五 9-18", range(5), ((540, 1080),)),
        ("周六、周日休息", (5, 6), ()),
        ("mon 9-13 12-18", (0,), ((540, 1080),)),
    ],
)
def test_hours_are_read_as_people_write_them(
    text: str, days: tuple[int, ...], expected: tuple[Block, ...]
) -> None:
    """English and Chinese, dashes of all lengths."""
    assert read(text).days == dict.fromkeys(days, expected)


@pytest.mark.parametrize("text", ["", "mon", "9-18", "mon 9-9", "mon 25-26", "mon 9-17 or so"])
def test_what_is_unclear_is_said_to_be(text: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(Unclear):
        read(text)


@given(st.text(max_size=60))
def test_any_text_is_read_or_unclear(text: str) -> None:
    """Rubbish breaks nothing."""
    for reader in (read, leading_times):
        try:
            reader(text)
        except Unclear:
            continue
