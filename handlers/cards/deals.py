"""How deals look in a chat: a line, a card, a list with sums, the board, a forecast's numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.cards.lines import shortened
from handlers.message import (
    BOLD,
    Button,
    Buttons,
    Facts,
    Heading,
    Hint,
    Line,
    Look,
    Part,
    Reply,
    Text,
    Words,
    plain,
)
from handlers.texts import Voice
from storage.records import (
    Contact,
    Deal,
    DealEvent,
    DealStage,
    DealState,
    Member,
    Pipeline,
)

# A card shows the newest steps; the whole history has a button.
FEW_STEPS, MOST_STEPS = 4, 40
# A message holds fifty blocks.
MOST_LISTED = 36
# On the Home tab the day comes first.
MOST_IN_COLUMN = 5

Sums = Sequence[tuple[str, int, int]]


@dataclass(frozen=True)
class DealPicture:
    """Everything about a deal that its card shows."""

    deal: Deal
    contact: Contact
    owner: Member
    stage: DealStage
    pipeline: Pipeline
    # None behind the last stage, and when the deal is over.
    next_stage: DealStage | None
    # Whether there are more pipelines than one, so that its name says something.
    several: bool
    events: tuple[DealEvent, ...]
    # Names by id, of the stages and the people in its history.
    stages: dict[int, str]
    people: dict[int, str]


def money(voice: Voice, deal: Deal) -> str:
    """A deal's amount, or a dash when nobody knows it yet."""
    return "–" if deal.amount is None else voice.money(deal.amount, deal.currency)


def deal_words(voice: Voice, deal: Deal, contact: Contact | None) -> Words:
    """A deal in a line: number, whose, what, how much, until when."""
    who = f"{contact.name}: " if contact else ""
    close = f" · {voice.calendar_day(deal.close_on)}" if deal.close_on else ""
    return (
        ("💼 ", ""),
        (f"{deal.number}", BOLD),
        (f" {who}{shortened(deal.title, 80)} · {money(voice, deal)}{close}", ""),
    )


def deal_line(voice: Voice, deal: Deal, contact: Contact | None) -> Line:
    """A deal in a list."""
    show = Button(voice.say("button.open"), "deal.show", str(deal.id))
    return Line(deal_words(voice, deal, contact), show)


def sums_words(voice: Voice, sums: Iterable[tuple[str, int, int]]) -> str:
    """Sums side by side, each currency for itself: "€5,000 + CN¥800"."""
    return " + ".join(voice.money(units, currency) for currency, _, units in sums) or "–"


# One deal


def deal_card(voice: Voice, picture: DealPicture, now: datetime) -> Reply:
    """A deal with what can be done with it."""
    deal = picture.deal
    parts: list[Part] = [
        Heading(f"💼 {deal.number} · {deal.title or '–'}"),
        Facts(tuple(_facts(voice, picture))),
    ]
    steps = _steps(voice, picture)[-FEW_STEPS:]
    parts.append(Hint(_lines(steps)))
    parts.append(Buttons(tuple(_buttons(voice, picture))))
    return Reply(tuple(parts))


def _facts(voice: Voice, picture: DealPicture) -> list[tuple[str, Words]]:
    deal = picture.deal
    facts: list[tuple[str, Words]] = [
        (voice.say("label.contact"), plain(picture.contact.name)),
        (voice.say("label.amount"), ((money(voice, deal), BOLD),)),
        (voice.say("label.stage"), plain(_stage(voice, picture))),
        (voice.say("label.owner"), plain(picture.owner.name)),
    ]
    if deal.close_on:
        facts.append((voice.say("label.close_on"), plain(voice.calendar_day(deal.close_on))))
    if deal.next_step:
        facts.append((voice.say("label.next_step"), plain(deal.next_step)))
    if deal.products:
        facts.append((voice.say("label.products"), plain(", ".join(deal.products))))
    if deal.lost_reason:
        facts.append((voice.say("label.lost_reason"), plain(deal.lost_reason)))
    if deal.closed_at:
        facts.append((voice.say("label.closed"), plain(voice.day(deal.closed_at))))
    return facts[:10]


def _stage(voice: Voice, picture: DealPicture) -> str:
    deal, stage = picture.deal, picture.stage
    if not deal.is_open:
        return f"{voice.say(f'deal.{deal.state}')} ({stage.name})"
    where = f"{picture.pipeline.name} / " if picture.several else ""
    return f"{where}{stage.name} ({deal.likely(stage)} %)"


def _buttons(voice: Voice, picture: DealPicture) -> list[Button]:
    deal, value = picture.deal, str(picture.deal.id)
    buttons = []
    if picture.next_stage is not None:
        name = shortened(picture.next_stage.name, 40)
        at = f"{value}:{deal.stage_id}"
        buttons.append(Button(f"▶ {name}", "deal.next", at, Look.PRIMARY))
    if deal.is_open:
        buttons += [
            Button(voice.say("button.won"), "deal.won", value),
            Button(voice.say("button.lost"), "deal.lost", value),
        ]
    buttons.append(Button(voice.say("button.edit_deal"), "deal.edit", value))
    if deal.is_open:
        buttons.append(Button(voice.say("button.follow_up"), "deal.remind", value))
    buttons += [
        Button(voice.say("button.customer"), "contact.show", str(deal.contact_id)),
        Button(voice.say("button.history"), "deal.history", value),
    ]
    return buttons


def history_of(voice: Voice, picture: DealPicture) -> Reply:
    """Every step of a deal, oldest first: when, what, and by whom."""
    deal = picture.deal
    title = voice.words("deal.history", number=deal.number, title=deal.title)
    steps = _steps(voice, picture)
    parts: list[Part] = [Text(title)]
    if len(steps) > MOST_STEPS:
        parts.append(Hint(voice.words("history.earlier", count=len(steps) - MOST_STEPS)))
    return Reply((*parts, Text(_lines(steps[-MOST_STEPS:]))))


def _lines(steps: list[Words]) -> Words:
    words: list[tuple[str, str]] = []
    for number, step in enumerate(steps):
        words += [("\n" if number else "", ""), *step]
    return tuple(words)


def _steps(voice: Voice, picture: DealPicture) -> list[Words]:
    return [_step(voice, picture, event) for event in picture.events]


def _step(voice: Voice, picture: DealPicture, event: DealEvent) -> Words:
    before = picture.stages.get(event.from_stage_id or 0) or event.before or "–"
    after = picture.stages.get(event.stage_id or 0) or event.after or "–"
    key = f"deal.step_{event.what}"
    if event.what in ("won", "lost"):
        # Where it stood is no news; why it ended is, when somebody said so.
        after = event.after or ""
        key = key if after else f"deal.{event.what}"
    by = picture.people.get(event.member_id or 0)
    words = voice.say(key, before=before, after=after)
    undone = f" {voice.say('deal.taken_back')}" if event.undone_at else ""
    who = f" ({by})" if by else ""
    return ((f"{voice.moment(event.at)}  ", "i"), (f"{words}{who}{undone}", ""))


def won_card(voice: Voice, picture: DealPicture) -> Reply:
    """What the team reads when a deal is won; or that it was too early to be glad."""
    deal = picture.deal
    length = (deal.closed_at or deal.stage_since) - deal.opened_at
    key = "deal.won_post" if deal.state is DealState.WON else "deal.won_post_back"
    words = voice.words(
        key,
        owner=picture.owner.name,
        title=deal.title,
        name=picture.contact.name,
        amount=money(voice, deal),
        days=max(length.days, 0),
    )
    return Reply((Text(words),))


def quiet_card(voice: Voice, deal: Deal, contact: Contact, since: timedelta) -> Reply:
    """A deal with which nothing happens, and what could be done about it."""
    value = str(deal.id)
    words = voice.words("deal.quiet", title=deal.title, name=contact.name, days=since.days)
    buttons = (
        Button(voice.say("button.follow_up"), "deal.remind", value, Look.PRIMARY),
        Button(voice.say("button.lost"), "deal.lost", value),
        Button(voice.say("button.snooze"), "deal.hush", value),
    )
    return Reply((Text(words), deal_line(voice, deal, contact), Buttons(buttons)))


def quiet_list(voice: Voice, found: list[tuple[Deal, Contact]]) -> Reply:
    """Several deals that have gone quiet, in one message."""
    parts: list[Part] = [Text(voice.words("deal.quiet_many", count=len(found)))]
    parts += [deal_line(voice, deal, contact) for deal, contact in found[:MOST_LISTED]]
    if len(found) > MOST_LISTED:
        parts.append(Hint(voice.words("deal.more", count=len(found) - MOST_LISTED)))
    return Reply(tuple(parts))


# Many


def column_words(voice: Voice, stage: DealStage, sums: Sums) -> Words:
    """A stage with how many deals stand in it and what they sum up to."""
    count = sum(number for _, number, _ in sums)
    return (
        (stage.name, BOLD),
        (f" · {stage.probability} % · {voice.say('deal.count', count=count)}", ""),
        (f" · {sums_words(voice, sums)}" if count else "", ""),
    )


@dataclass(frozen=True)
class Column:
    """A stage with the sums of its open deals and those of them that close first."""

    stage: DealStage
    sums: list[tuple[str, int, int]]
    found: list[tuple[Deal, Contact]]

    @property
    def count(self) -> int:
        """How many deals stand in it."""
        return sum(number for _, number, _ in self.sums)


def added(columns: Iterable[Column]) -> list[tuple[str, int, int]]:
    """The sums of several columns, each currency for itself."""
    found: dict[str, tuple[int, int]] = {}
    for currency, count, units in (each for column in columns for each in column.sums):
        before = found.get(currency, (0, 0))
        found[currency] = (before[0] + count, before[1] + units)
    return [(currency, *both) for currency, both in sorted(found.items())]


def listed_parts(voice: Voice, columns: Sequence[Column]) -> list[Part]:
    """Deals under their stages, each stage with its sums."""
    parts: list[Part] = []
    hidden = 0
    for column in columns:
        if not column.count:
            continue
        parts.append(Text(column_words(voice, column.stage, column.sums)))
        room = max(MOST_LISTED - len(parts), 0)
        shown = column.found[:room]
        parts += [deal_line(voice, deal, contact) for deal, contact in shown]
        hidden += column.count - len(shown)
    if hidden:
        parts.append(Hint(voice.words("deal.more", count=hidden)))
    return parts


def sums_of(found: Iterable[Deal]) -> list[tuple[str, int, int]]:
    """Currency, how many, how much, of these deals."""
    sums: dict[str, tuple[int, int]] = {}
    for deal in found:
        count, units = sums.get(deal.currency, (0, 0))
        sums[deal.currency] = (count + 1, units + (deal.amount or 0))
    return [(currency, *both) for currency, both in sorted(sums.items())]


def board_parts(voice: Voice, name: str, columns: Sequence[Column], room: int) -> list[Part]:
    """A pipeline's board: a stage after the other, the deals that close first under it."""
    parts: list[Part] = [Text(((f"💼 {name}", BOLD),))]
    for number, column in enumerate(columns):
        parts.append(Text(column_words(voice, column.stage, column.sums)))
        # Each column that is still to come has its head; what is left is for lines.
        left = room - len(parts) - (len(columns) - number - 1) - 1
        shown = column.found[: max(min(MOST_IN_COLUMN, left - 1), 0)]
        behind = columns[number + 1].stage if number + 1 < len(columns) else None
        parts += [_board_line(voice, deal, contact, behind) for deal, contact in shown]
        if column.count > len(shown) and left > 0:
            parts.append(Hint(voice.words("deal.more", count=column.count - len(shown))))
    return parts


def _board_line(voice: Voice, deal: Deal, contact: Contact, behind: DealStage | None) -> Line:
    if behind is None:
        return deal_line(voice, deal, contact)
    name = shortened(behind.name, 40)
    ahead = Button(f"▶ {name}", "deal.next", f"{deal.id}:{deal.stage_id}")
    return Line(deal_words(voice, deal, contact), ahead)


# A day in numbers


@dataclass(frozen=True)
class DealDay:
    """Deals opened, won and lost on a day, each by currency: how many, how much."""

    opened: tuple[tuple[str, int, int], ...] = ()
    won: tuple[tuple[str, int, int], ...] = ()
    lost: tuple[tuple[str, int, int], ...] = ()


def day_facts(voice: Voice, day: DealDay, before: DealDay) -> list[tuple[str, Words]]:
    """What was opened, won and lost, beside the day before; nothing when nothing was."""
    rows = (
        ("opened", day.opened, before.opened),
        ("won", day.won, before.won),
        ("lost", day.lost, before.lost),
    )
    if not any(now or then for _, now, then in rows):
        return []
    return [(voice.say(f"digest.deals_{name}"), _beside(voice, *both)) for name, *both in rows]


def _beside(voice: Voice, now: Sums, before: Sums) -> Words:
    count, then = (sum(number for _, number, _ in sums) for sums in (now, before))
    change = f"  ▲ {count - then}" if count > then else f"  ▼ {then - count}"
    amount = f" · {sums_words(voice, now)}" if count else ""
    earlier = f" ({voice.say('digest.sum_before', sums=sums_words(voice, before))})" if then else ""
    return ((str(count), BOLD), (f"{amount}{change if count != then else '  ＝'}{earlier}", ""))
