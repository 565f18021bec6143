"""A member's follow-ups as a calendar file: read strictly, it says what we would do."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr

from handlers.actions import moments
from handlers.actions.calendars import calendar
from storage.records import Contact, FollowUp

NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)
ODD = (
    'naïve: a;b,c\\d "q"',
    "🎉" * 60,
    "中文" * 80,
    "END:VCALENDAR\r\nBEGIN:VEVENT",
    "bell \x07, nothing \x00, escape \x1b[31m, delete \x7f, next line \x85",
    "page \x0c tab\x0b line \u2028 paragraph \u2029 end",
    "\ttab stays\t",
    "",
)


def follow_up(text: str, wall: str = "2026-11-19T15:00", rule: str | None = None) -> FollowUp:
    """One in London, due tomorrow."""
    return FollowUp(
        owner_id=1,
        text=text,
        wall=wall,
        zone="Europe/London",
        due_at=datetime.fromisoformat(f"{wall}+00:00"),
        rule=rule,
        created_at=NOW,
    )


def lines_of(file: bytes) -> list[str]:
    """The lines of a file, unfolded, when it is one to the letter of RFC 5545."""
    assert file.endswith(b"\r\n")
    folded = file.split(b"\r\n")[:-1]
    for line in folded:
        assert len(line) <= 75
        # Nothing that ends a line for anybody, and no control character but the tab.
        assert not re.search(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]", line.decode())
    text = b"\r\n".join(folded).decode()
    lines = re.sub(r"\r\n[ \t]", "", text).split("\r\n")
    assert all(re.match(r"[A-Z-]+[:;]", line) for line in lines)
    return lines


def unescaped(value: str) -> str:
    """A text value as a calendar shows it."""
    return re.sub(r"\\([\\;,nN])", lambda found: {"n": "\n"}.get(found[1].lower(), found[1]), value)


@pytest.mark.parametrize("title", ODD)
def test_whatever_a_title_holds_it_is_only_a_title(title: str) -> None:
    """One event, and its words as they are, without what no calendar may hold."""
    contact = Contact(name=title, created_at=NOW)
    lines = lines_of(calendar([(follow_up(title), contact)], NOW))
    (summary,) = (line for line in lines if line.startswith("SUMMARY:"))
    visible = re.sub(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]", "\n", title)
    visible = re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]", "", visible)

    assert lines.count("BEGIN:VEVENT") == lines.count("END:VCALENDAR") == 1
    assert unescaped(summary.removeprefix("SUMMARY:")) == f"{visible}: {visible}"


@pytest.mark.parametrize(
    ("wall", "rule"),
    [
        ("2026-11-30T09:00", "FREQ=MONTHLY;BYMONTHDAY=31"),
        ("2026-11-30T09:00", "FREQ=MONTHLY;BYMONTHDAY=30"),
        ("2026-11-29T09:00", "FREQ=MONTHLY;BYMONTHDAY=29"),
        ("2027-02-28T09:00", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"),
        ("2026-12-01T09:00", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"),
        ("2026-11-27T09:00", "FREQ=MONTHLY;BYDAY=-1FR"),
        ("2026-11-23T09:00", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    ],
)
def test_a_calendar_shows_a_recurring_one_when_we_remind_of_it(wall: str, rule: str) -> None:
    """Also on the last day of a month that has no 31st."""
    lines = lines_of(calendar([(follow_up("pay", wall, rule), None)], NOW))
    (start,) = (line for line in lines if line.startswith("DTSTART;TZID=Europe/London:"))
    begins = datetime.strptime(start.rpartition(":")[2], "%Y%m%dT%H%M%S")  # noqa: DTZ007
    (said,) = (line.removeprefix("RRULE:") for line in lines if line.startswith("RRULE:"))
    shown = rrulestr(said, dtstart=begins).between(begins, begins + timedelta(days=900), inc=True)

    zone = moments.zone_named("Europe/London")
    ours = []
    for moment in moments.fires(begins, zone, rule):
        ours.append(moment.astimezone(zone).replace(tzinfo=None))
        if len(ours) == len(shown):
            break
    assert shown == ours
