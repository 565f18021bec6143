"""How opening hours, targets and what is late look in a chat."""

from datetime import date, datetime, timedelta

from handlers.cards.tickets import ticket_line
from handlers.hours import DAY, Block
from handlers.message import (
    Button,
    Buttons,
    Hint,
    Look,
    Part,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import (
    Alarm,
    Contact,
    Holiday,
    Member,
    Promise,
    ServiceLevel,
    Ticket,
)

# Any Monday: only the names of its days are wanted.
_MONDAY = date(2026, 1, 5)


def hours_part(
    voice: Voice, name: str, zone: str, week: tuple[tuple[Block, ...], ...], *, is_default: bool
) -> Text:
    """A week's hours, days with the same ones together."""
    key = "hours.title_of" if name else "hours.title"
    words = [*voice.words(key, name=name, zone=zone)]
    if is_default:
        return Text((*words, ("\n", ""), *voice.words("hours.default")))
    for first, last in _runs(week):
        days = voice.weekday(_MONDAY + timedelta(days=first))
        if last > first:
            days += f"–{voice.weekday(_MONDAY + timedelta(days=last))}"
        line = voice.words("hours.day", day=days, hours=hours_words(voice, week[first]))
        words += [("\n", ""), *line]
    return Text(tuple(words))


def _runs(week: tuple[tuple[Block, ...], ...]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for day, blocks in enumerate(week):
        if runs and week[runs[-1][1]] == blocks:
            runs[-1] = (runs[-1][0], day)
        else:
            runs.append((day, day))
    return runs


def hours_words(voice: Voice, blocks: tuple[Block, ...]) -> str:
    """The hours of a day: "09:00–12:30, 13:30–18:00"."""
    if not blocks:
        return voice.say("hours.closed")
    if blocks == ((0, DAY),):
        return voice.say("hours.all_day")
    return ", ".join(f"{_clock(start)}–{_clock(end)}" for start, end in blocks)


def _clock(minute: int) -> str:
    # A shift that ends at the next midnight ends at 24:00; later it is the next day's clock.
    within = minute if minute <= DAY else minute - DAY
    return f"{within // 60:02}:{within % 60:02}"


def now_words(voice: Voice, changes_at: datetime | None, *, is_open: bool) -> Words:
    """Whether somebody is there, and until when."""
    if is_open:
        if changes_at is None:
            return voice.words("hours.open_now")
        return voice.words("hours.open_until", at=changes_at)
    if changes_at is None:
        return voice.words("hours.closed_for_good")
    return voice.words("hours.closed_until", at=changes_at)


def holidays_part(voice: Voice, holidays: list[Holiday]) -> Text:
    """Days with other hours, a line each."""
    words = [*voice.words("holiday.title")]
    for each in holidays:
        blocks = tuple((int(start), int(end)) for start, end in each.blocks)
        yearly = f" · {voice.say('hours.yearly')}" if each.yearly else ""
        day = f"{voice.calendar_day(each.day)} {each.day.year if not each.yearly else ''}".strip()
        hours = hours_words(voice, blocks) + yearly
        words += [("\n", ""), *voice.words("holiday.line", day=day, name=each.name, hours=hours)]
    return Text(tuple(words))


def level_words(voice: Voice, level: ServiceLevel) -> tuple[str, str]:
    """What a level holds for, and what it promises."""
    scope = [f"#{level.category}"] if level.category else []
    scope += [voice.say(f"priority.{level.priority}")] if level.priority else []
    promised = [
        voice.say(
            "sla.target",
            promise=voice.say(f"promise.{promise}"),
            length=length_words(voice, timedelta(seconds=seconds)),
        )
        for promise in Promise
        if (seconds := getattr(level, promise.value)) is not None
    ]
    return " ".join(scope) or voice.say("sla.all"), voice.listed(promised)


def length_words(voice: Voice, length: timedelta) -> str:
    """A target as it is typed: "1h30m"."""
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    said = voice.say("sla.hours", hours=hours) if hours else ""
    return said + (voice.say("sla.minutes", minutes=minutes) if minutes or not hours else "")


def alarm_card(
    voice: Voice,
    ticket: Ticket,
    contact: Contact,
    assignee: Member | None,
    alarm: Alarm,
    promise: Promise,
    due_at: datetime,
    now: datetime,
) -> Reply:
    """What a member hears of a ticket that is soon due, or overdue."""
    words = voice.words(
        f"alarm.{alarm}",
        number=ticket.number,
        name=plain(contact.name),
        promise=voice.say(f"promise.{promise}"),
        at=due_at,
        length=max(due_at - now, timedelta()),
        assignee=assignee.name if assignee else voice.say("ticket.nobody"),
    )
    value = str(ticket.id)
    buttons = [
        Button(voice.say("button.open"), "ticket.show", value, Look.PRIMARY),
        Button(voice.say("button.take"), "ticket.take", value),
    ]
    if assignee is not None and alarm is Alarm.WARNING:
        buttons[1] = Button(voice.say("button.snooze"), "ticket.snooze", value)
    parts: list[Part] = [Text(words), Hint(plain(ticket.subject)), Buttons(tuple(buttons))]
    return Reply(tuple(parts))


def overdue_parts(
    voice: Voice, overdue: tuple[tuple[Ticket, Contact], ...], now: datetime
) -> list[Part]:
    """The tickets that are overdue now, each with its button."""
    if not overdue:
        return []
    title = Text(voice.words("digest.overdue_now", count=len(overdue)))
    return [title, *(ticket_line(voice, ticket, contact, now) for ticket, contact in overdue)]
